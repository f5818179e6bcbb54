"""Names, numbers, days and signatures as NĐ 30/2020/NĐ-CP has them."""

from dataclasses import replace
from datetime import date

import pytest

from sync_server.core.decisions import offices
from sync_server.core.decisions.form import DecisionForm
from sync_server.core.decisions.head import bases_of, head_of, recipients_of, signature_of
from sync_server.core.decisions.lines import day_text, number_text
from sync_server.core.decisions.roman import roman
from sync_server.core.letterhead import Capacity, Letterhead
from tests.sync_server.core.decisions import samples


@pytest.mark.parametrize(
    ("office", "issuer", "in_text", "place"),
    [
        ("UBND xã Quảng Điền", ("ỦY BAN NHÂN DÂN", "XÃ QUẢNG ĐIỀN"), "Ủy ban nhân dân xã Quảng Điền", "Quảng Điền"),
        ("UBND THỊ TRẤN SỊA", ("ỦY BAN NHÂN DÂN", "THỊ TRẤN SỊA"), "Ủy ban nhân dân thị trấn Sịa", "Sịa"),
        ("Uỷ ban nhân dân Xã A", ("ỦY BAN NHÂN DÂN", "XÃ A"), "Ủy ban nhân dân xã A", "A"),
        ("ỦY BAN NHÂN DÂN ĐẢO LỚN", ("ỦY BAN NHÂN DÂN", "ĐẢO LỚN"), "Ủy ban nhân dân Đảo Lớn", "Đảo Lớn"),
        ("Sở Ví dụ", ("SỞ VÍ DỤ",), "Sở Ví dụ", "Sở Ví dụ"),
    ],
)
def test_an_office_is_written_as_its_place_in_the_document_wants(
    office: str, issuer: tuple[str, ...], in_text: str, place: str
) -> None:
    assert offices.issuer(office) == issuer
    assert offices.in_text(office) == in_text
    assert offices.place(office) == place


@pytest.mark.parametrize(
    ("office", "capacity", "title", "lines"),
    [
        ("UBND xã A", Capacity.COLLECTIVE, "Chủ tịch", ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")),
        (
            *("UBND xã A", Capacity.DEPUTY, "Phó Chủ tịch UBND xã"),
            ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
        ),
        ("UBND xã A", Capacity.ACTING, "Chủ tịch", ("TM. ỦY BAN NHÂN DÂN", "Q. CHỦ TỊCH")),
        ("Sở Ví dụ", Capacity.COLLECTIVE, "Giám đốc", ("GIÁM ĐỐC",)),
        ("Sở Ví dụ", Capacity.DEPUTY, "Phó Giám đốc", ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC")),
    ],
)
def test_who_signs_is_written_by_capacity(office: str, capacity: str, title: str, lines: tuple[str, ...]) -> None:
    assert offices.signing(office, capacity, title) == lines


def test_without_a_signer_the_line_for_the_name_is_empty() -> None:
    facts = samples.old_office()
    for office, last in (("UBND xã A", "CHỦ TỊCH"), ("Sở Ví dụ", "THỦ TRƯỞNG")):
        signature = signature_of(replace(facts, letterhead=Letterhead(office, "Một cửa")))
        assert (signature.lines[-1], signature.name) == (last, "")


def test_days_and_numbers_have_their_leading_zeros() -> None:
    assert day_text(date(2027, 1, 5)) == "ngày 05 tháng 01 năm 2027"
    assert day_text(date(2027, 2, 15)) == "ngày 15 tháng 02 năm 2027"
    assert day_text(date(2027, 4, 1)) == "ngày 01 tháng 4 năm 2027"
    assert [number_text(number) for number in ("5", "05", "12", "7a", "")] == ["05", "05", "12", "7a", ""]


def test_every_basis_ends_in_a_semicolon_and_the_last_in_a_full_stop() -> None:
    facts = replace(samples.old_office(), form=DecisionForm(proposal="Theo đề nghị của {bộ phận};"))
    bases = bases_of(facts)
    assert all(basis.endswith(";") for basis in bases[:-1])
    assert bases[0].startswith("Căn cứ Luật")
    assert bases[-1] == "Theo đề nghị của {stated.unit}."
    bare = bases_of(replace(facts, form=DecisionForm(proposal="")))
    assert bare == (*bases[:2], bases[2].replace(";", "."))
    assert bases_of(replace(facts, form=DecisionForm(proposal=""), legal_bases=())) == ()


def test_who_carries_it_out_comes_first_and_the_archive_last() -> None:
    form = DecisionForm(recipients=("- UBND huyện;", "Lưu trữ"), archive="Lưu: VT, VP.", parent=("Sở Ví dụ",))
    facts = replace(samples.old_office(), form=form)
    assert recipients_of(facts, 3) == ("- Như Điều 3;", "- UBND huyện;", "- Lưu trữ;", "- Lưu: VT, VP.")
    assert head_of(facts).parent == ("SỞ VÍ DỤ",)


def test_an_office_without_a_place_is_dated_at_the_place_of_its_name() -> None:
    facts = replace(samples.old_office(), letterhead=Letterhead("UBND xã A", "Một cửa"))
    assert head_of(facts).place_and_day == "A, {stated.day}"


def test_roman_numbers_reach_as_far_as_annexes_do() -> None:
    assert [roman(number) for number in (1, 4, 8, 9, 14, 39)] == ["I", "IV", "VIII", "IX", "XIV", "XXXIX"]
    for wrong in (0, 40):
        with pytest.raises(ValueError, match="1 to 39"):
            roman(wrong)
