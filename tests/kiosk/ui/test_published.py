"""What the office published is said in the numbers of the language that is spoken."""

import pytest

from kiosk.ui.published import in_words
from kiosk.ui.wording import LANGUAGES, wording
from protocol.messages import Published


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("vi", "Quý III năm 2026: 91,4% hài lòng (1.288 lượt đánh giá)"),
        ("en", "Quarter III of 2026: 91.4% satisfied (1,288 ratings)"),
    ],
)
def test_shares_and_counts_are_written_as_the_language_does(language: str, words: str) -> None:
    assert _said(Published(2026, 3, "91,4%", 1288), language) == words


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("share", "votes"), [("100%", 7), ("91,4 %", 412)])
def test_what_needs_no_change_stays(language: str, share: str, votes: int) -> None:
    said = _said(Published(2026, 1, share, votes), language)
    assert f"({votes} " in said
    assert share.replace(",", wording(language).service.decimal) in said


def _said(published: Published, language: str) -> str:
    spoken = wording(language)
    return in_words(published, spoken.thanks.published, spoken.service.decimal)
