"""What holds on a day, for a person to read."""

from datetime import date
from decimal import Decimal

from sync_server.core.book import Book, Wanted
from sync_server.core.book_text import as_text
from sync_server.core.dated import ALWAYS
from sync_server.core.decisions.form import USUAL_FORM
from sync_server.core.letterhead import Capacity, Rank, Signer
from sync_server.core.office_data import Desk, Field, OfficeFile, Officer, Procedure
from sync_server.core.rules import Rules

DAY = date(2026, 11, 20)
OFFICE = OfficeFile(
    "UBND XÃ QUẢNG ĐIỀN",
    "Trung tâm Phục vụ hành chính công",
    "Quảng Điền",
    Rank.COMMUNE,
    "hue",
    Signer("Lê Ví Dụ", "CHỦ TỊCH", Capacity.COLLECTIVE),
    site="sia",
    fields=(Field("ho-tich", "Hộ tịch"),),
    officers=(Officer("an", "Trần Thị Ví Dụ", "Công chức", "ho-tich"),),
    counters=(Desk(10, "an"), Desk(2, "an", ("ho-tich",))),
)


def test_everything_that_holds_is_told() -> None:
    rules = Rules(target=Decimal("85.5"), legal_bases=("Nghị định số 118/2025/NĐ-CP ngày 09 tháng 6 năm 2025",))
    wanted = Wanted(OFFICE, (Procedure("1.1", "Khai sinh", "ho-tich", 3),), rules=rules)
    book = Book.of("sia", Book("sia").to_become(wanted, DAY))
    assert as_text(book, DAY) == (
        "sia on 20/11/2026\n"
        "office      UBND XÃ QUẢNG ĐIỀN\n"
        "unit        Trung tâm Phục vụ hành chính công\n"
        "place       Quảng Điền\n"
        "rank        commune, under hue\n"
        "signer      TM. CHỦ TỊCH Lê Ví Dụ\n"
        "\nfields\n  ho-tich  Hộ tịch\n"
        "\nofficers\n  an  Trần Thị Ví Dụ, Công chức (ho-tich)\n"
        "\ncounters\n  2  an  ho-tich\n  10  an\n"
        "\nprocedures  1\n"
        "\nsurvey      revision 1\n"
        "  overall: Ông/Bà có hài lòng với việc giải quyết hồ sơ hôm nay không?\n"
        "    5 faces; satisfied: 4, 5\n"
        "  reasons: waiting, late, again, attitude, guidance, fees, room, other\n"
        "  comments: yes\n"
        "\nrules\n"
        "  quarters    calendar\n"
        "  rounding    half-up, 1 decimals\n"
        "  target      85.5 % satisfied\n"
        "  left out    nothing\n"
        "  hidden      cells of fewer than 5 votes\n"
        "  by officer  yes\n"
        "  decision    within 10 working days, complaints within 30 days\n"
        "  labels      duplicate\n"
        "  labels      burst (more than 30 votes an hour at a counter)\n"
        "  labels      beyond-served (more than 2 votes a case)\n"
        "  labels      top-run (50 best votes in a row)\n"
        "  labels      out-of-hours (by more than 30 minutes)\n"
        "  căn cứ      Nghị định số 118/2025/NĐ-CP ngày 09 tháng 6 năm 2025\n"
        "\ndecision\n"
        "  symbol      QĐ-UBND\n"
        f"  about       {USUAL_FORM.about}\n"
        "  articles    4\n"
        "  annexes     I, II, IV, V, VI, VII\n"
        "  to          Chủ tịch, các Phó Chủ tịch\n"
        "  to          Trang thông tin điện tử\n"
    )
    assert as_text(book, ALWAYS).startswith("sia on always\noffice      UBND XÃ QUẢNG ĐIỀN\n")
    assert as_text(book, ALWAYS).endswith("\nother things hold from 20/11/2026\n")


def test_of_an_office_that_never_was_nothing_is_known() -> None:
    assert as_text(Book("sia"), DAY) == "sia on 20/11/2026: nothing is known\n"


def test_a_bare_office_has_no_empty_lines() -> None:
    bare = OfficeFile("A", "B", site="sia", fields=(Field("a", "A"),), officers=())
    told = as_text(Book.of("sia", Book("sia").to_become(Wanted(bare, ()), ALWAYS)), DAY)
    assert "rank        commune\n\nfields" in told
    assert "place" not in told
    assert "signer" not in told
