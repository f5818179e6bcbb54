"""Nobody reads in a comment who wrote it, or how to reach them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.masking import COVER, finds, folded, masked


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Gọi tôi 0912 345 678 nhé", "Gọi tôi •••• ••• ••• nhé"),
        ("sđt +84 (91) 234-5678.", "sđt ••• •••• ••••••••."),
        ("CCCD 001098012345", "CCCD ••••••••••••"),
        ("CMND 123456789, số nhà 12", "CMND •••••••••, số nhà 12"),
        ("viết cho vi.du@example.com", "viết cho •••••••••••••••••"),
        ("xem https://facebook.com/vidu nhé", "xem ••••••••••••••••••••••••• nhé"),
        ("hồ sơ H57.14-261002-0111 trễ", "hồ sơ •••••••••••••••••• trễ"),
        ("hẹn ngày 02/10/2026 mà chưa có", "hẹn ngày 02/10/2026 mà chưa có"),
        ("năm 2026 nộp 150.000 đồng", "năm 2026 nộp 150.000 đồng"),
        ("làm ăn như lồn", "làm ăn như l••"),
        ("Lon nước, cặp sách, đi bộ", "Lon nước, cặp sách, đi bộ"),
        ("", ""),
    ],
)
def test_what_leads_to_a_person_and_abuse_are_covered(written: str, shown: str) -> None:
    assert masked(written) == shown


@given(st.text(max_size=200))
def test_no_long_number_is_left_whatever_stands_around_it(text: str) -> None:
    shown = masked(f"{text} 0912345678 {text}")
    assert "0912345678" not in shown
    assert masked(shown) == shown


@given(st.integers(10**8, 10**13), st.sampled_from(["", " ", ".", "-"]), st.integers(2, 4))
def test_a_number_is_covered_however_it_is_grouped(number: int, between: str, size: int) -> None:
    digits = str(number)
    grouped = between.join(digits[place : place + size] for place in range(0, len(digits), size))
    assert not any(sign.isdigit() for sign in masked(f"a {grouped} b"))


@given(st.text(alphabet="nhà vườn sạch.,!?\n", max_size=100))
def test_usual_words_stay_as_they_are(text: str) -> None:
    assert COVER not in masked(text)


@pytest.mark.parametrize(
    ("wanted", "text", "found"),
    [
        ("dang", "Ông Đặng chờ lâu", True),
        ("Đặng", "ong dang cho lau", True),
        ("cho lau", "CHỜ rất LÂU", True),
        ("cho  mau", "CHỜ rất LÂU", False),
        ("", "gì cũng được", True),
    ],
)
def test_words_are_found_with_or_without_their_marks(wanted: str, text: str, found: bool) -> None:
    assert finds(wanted, text) is found


@given(st.text(max_size=100))
def test_every_text_finds_itself(text: str) -> None:
    assert finds(text, text)
    assert folded(folded(text)) == folded(text)
