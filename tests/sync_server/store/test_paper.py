"""Batches of forms in the database: entered once, compared, decided, closed, withdrawn, and all of it kept."""

import threading
from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from sqlalchemy import func, select

from sync_server.core.channels import Channel
from sync_server.core.figures.coverage import Forms
from sync_server.core.paper import FIRST_ENTRY, MOST_LINES, SECOND_ENTRY, Batch, Line
from sync_server.core.quarter import Quarter
from sync_server.core.spans import Span
from sync_server.store.changes import change_number
from sync_server.store.database import Database
from sync_server.store.figures import figures
from sync_server.store.paper import (
    Contents,
    Deed,
    PaperTrouble,
    close_batch,
    contents,
    kept_batch,
    kept_batches,
    open_batch,
    withdraw_batch,
)
from sync_server.store.paper_cells import forms_within
from sync_server.store.paper_entry import decide, enter
from sync_server.store.paper_lines import lines_of, undecided
from sync_server.store.period import period_figures
from sync_server.store.schema import paper_lines
from tests.fakes.small_office import NOW, SITE, seed_kiosk, seed_office, seed_votes

DAY = date(2026, 11, 20)
QUARTER = Span.parse("2026-Q4")
DEED = Deed(NOW, "Chị Hà", "xem lại phiếu")
BATCH = Batch("a", Channel.PAPER, DAY, DAY, 1, 10)


@pytest.fixture(autouse=True)
def office(database: Database) -> None:
    seed_office(database)
    with database.writing() as connection:
        assert open_batch(connection, SITE, BATCH, "hộp ở cửa", DEED)


def form(number: int, level: int | None, officer: str | None = "huong", **more: object) -> Line:
    answers = {} if level is None else {("overall", level): 1}
    about = (None, officer, "ho-tich", None)
    line = Line(number, DAY, DAY, *about, forms=1, votes=len(answers), answers=answers)
    return replace(line, **more)  # type: ignore[arg-type]


def enters(database: Database, *lines: Line, again: bool = False, batch: str = "a") -> int:
    with database.writing() as connection:
        return enter(connection, kept_batch(connection, SITE, batch, to_change=True), lines, DEED, again=again)


def decides(database: Database, number: int, entry: int) -> bool:
    with database.writing() as connection:
        return decide(connection, kept_batch(connection, SITE, "a", to_change=True), number, entry, DEED)


def closes(database: Database, forms: int | None = None, batch: str = "a") -> Contents:
    with database.writing() as connection:
        return close_batch(connection, kept_batch(connection, SITE, batch, to_change=True), forms, DEED)


def withdraws(database: Database) -> bool:
    with database.writing() as connection:
        return withdraw_batch(connection, kept_batch(connection, SITE, "a", to_change=True), DEED)


def satisfied(database: Database) -> tuple[int, int]:
    """What the report says, and the page of the quarter says it too."""
    counted, _ = period_figures(database, SITE, QUARTER)
    of_quarter = figures(database, SITE, Quarter.parse(str(QUARTER))).total
    if not counted.surveys:
        assert of_quarter.answered == 0
        return 0, 0
    official = counted.surveys[0].main.official
    assert (of_quarter.satisfied, of_quarter.answered) == (official.satisfied, official.answered)
    return official.satisfied, official.answered


def test_forms_count_beside_the_votes_of_kiosks_once_their_batch_is_closed(database: Database) -> None:
    seed_kiosk(database)
    seed_votes(database, [5, 5, 1])
    assert enters(database, form(1, 5), form(2, 1), form(3, None)) == 3
    assert satisfied(database) == (2, 3)
    before = change_number(database)
    assert closes(database, 3) == Contents(lines=3, forms=3, votes=2)
    assert change_number(database) > before, "the page is told"
    assert satisfied(database) == (3, 5)
    assert withdraws(database)
    assert satisfied(database) == (2, 3)


def test_entering_the_same_again_changes_nothing_and_anything_else_is_refused_as_a_whole(database: Database) -> None:
    lines = [form(1, 5, reasons=frozenset({"late", "fees"}), comment="Tốt"), form(2, 1)]
    assert enters(database, *lines) == 2
    assert enters(database, *lines) == 0
    assert enters(database, *lines, form(3, 4)) == 1
    with pytest.raises(PaperTrouble, match="1 form of this file were entered before, and differently: 2; nothing"):
        enters(database, form(2, 2), form(4, 4))
    with database.reading() as connection:
        assert lines_of(connection, SITE, "a", FIRST_ENTRY) == {line.number: line for line in [*lines, form(3, 4)]}
    closes(database)
    assert enters(database, *lines) == 0, "also when it is closed"
    with pytest.raises(PaperTrouble, match="is closed; open another batch"):
        enters(database, form(4, 4))


def test_many_numbers_that_differ_are_not_all_named(database: Database) -> None:
    enters(database, *(form(number, 5) for number in range(1, 31)))
    with pytest.raises(PaperTrouble, match=r"19, 20 and 10 more;"):
        enters(database, *(form(number, 4) for number in range(1, 31)))


def test_a_batch_counts_only_when_both_entries_agree_or_a_person_decides(database: Database) -> None:
    enters(database, form(1, 5), form(2, 1), form(3, 4))
    enters(database, form(1, 5), form(2, 2, officer="bich"), form(4, 4), again=True)
    with database.reading() as connection:
        assert [str(each) for each in undecided(connection, SITE, "a")] == [
            "2: officer, overall",
            "3: not in the second entry",
            "4: not in the first entry",
        ]
        kept = kept_batch(connection, SITE, "a")
        assert (contents(connection, kept).again, contents(connection, kept).undecided) == (3, 3)
    with pytest.raises(PaperTrouble, match=r"(?s)entries of 3 forms differ.*\nform 2: officer, overall"):
        closes(database)
    assert satisfied(database) == (0, 0)
    assert decides(database, 2, SECOND_ENTRY)
    assert decides(database, 3, SECOND_ENTRY), "there is no such form"
    assert decides(database, 4, SECOND_ENTRY)
    assert not decides(database, 4, SECOND_ENTRY)
    with pytest.raises(PaperTrouble, match="of form 4 the other entry was decided for"):
        decides(database, 4, FIRST_ENTRY)
    with pytest.raises(PaperTrouble, match="entries of form 1 do not differ"):
        decides(database, 1, FIRST_ENTRY)
    assert closes(database, 3).votes == 3
    assert satisfied(database) == (2, 3)
    counted, _ = period_figures(database, SITE, QUARTER)
    assert counted.forms == Forms(issued=10, returned=3)


def test_what_agrees_is_not_counted_twice(database: Database) -> None:
    lines = [form(1, 5, comment="một", reasons=frozenset({"late"})), form(2, 1)]
    enters(database, *lines)
    enters(database, *(replace(line, comment="hai") for line in lines), again=True)
    closes(database)
    assert satisfied(database) == (1, 2)
    counted, _ = period_figures(database, SITE, QUARTER)
    assert counted.reasons == {"late": 1}
    assert counted.forms.returned == 2


def test_a_batch_is_bounded(database: Database) -> None:
    enters(database, *(form(number, None) for number in range(1, MOST_LINES + 1)))
    with pytest.raises(PaperTrouble, match="would hold more than 10,000 lines; open another batch"):
        enters(database, form(MOST_LINES + 1, 5))
    assert closes(database).forms == MOST_LINES


def test_a_second_entry_needs_a_first(database: Database) -> None:
    with pytest.raises(PaperTrouble, match="nothing was entered a first time"):
        enters(database, form(1, 5), again=True)


def test_a_tally_counts_all_its_forms_and_reasons_of_votes_on_paper_are_told(database: Database) -> None:
    tally = Line(1, DAY, DAY, None, None, None, None, 31, 29, {("overall", 5): 20, ("overall", 1): 9})
    enters(database, tally, form(2, 4, reasons=frozenset({"late"})), form(3, None, reasons=frozenset({"fees"})))
    closes(database, 33)
    assert satisfied(database) == (21, 30)
    counted, _ = period_figures(database, SITE, QUARTER)
    assert counted.reasons == {"late": 1}, "a form that answers nothing is no vote"
    assert counted.coverage.votes == 30


def test_a_count_of_the_forms_on_the_table_must_agree(database: Database) -> None:
    enters(database, form(1, 5))
    with pytest.raises(PaperTrouble, match="holds 1 form, and not 2; nothing was closed"):
        closes(database, 2)
    assert satisfied(database) == (0, 0)
    assert closes(database, 1) == closes(database, 1)


def test_a_withdrawn_batch_is_kept_and_takes_nothing_more(database: Database) -> None:
    enters(database, form(1, 5))
    assert withdraws(database)
    assert not withdraws(database)
    for doing in (partial(enters, database, form(2, 5)), partial(closes, database), partial(decides, database, 1, 2)):
        with pytest.raises(PaperTrouble, match="was withdrawn"):
            doing()
    with database.reading() as connection:
        [kept] = kept_batches(connection, SITE)
        assert kept.withdrawn == DEED
        assert (kept.note, kept.opened.by, kept.is_open) == ("hộp ở cửa", "Chị Hà", False)
        assert connection.scalar(select(func.count()).select_from(paper_lines)) == 1
        assert forms_within(connection, SITE, DAY, DAY) == Forms()


def test_a_batch_is_opened_once(database: Database) -> None:
    with database.writing() as connection:
        assert not open_batch(connection, SITE, BATCH, None, DEED)
        with pytest.raises(PaperTrouble, match="there is such a batch, with other days"):
            open_batch(connection, SITE, replace(BATCH, issued=11), None, DEED)
        with pytest.raises(PaperTrouble, match="no such batch at sia"):
            kept_batch(connection, SITE, "b")


def test_forms_without_a_day_in_a_batch_of_two_quarters_are_in_neither(database: Database) -> None:
    days = (date(2026, 9, 20), date(2026, 10, 10))
    with database.writing() as connection:
        open_batch(connection, SITE, Batch("b", Channel.BOX, *days, 1), None, DEED)
    open_ended = form(1, 5, day=days[0], until_day=days[1])
    enters(database, open_ended, form(2, 1, day=days[1], until_day=days[1]), batch="b")
    closes(database, batch="b")
    counted, _ = period_figures(database, SITE, QUARTER)
    assert (counted.coverage.votes, counted.undated, counted.forms) == (1, 1, Forms())
    whole, _ = period_figures(database, SITE, Span.parse("2026"))
    assert (whole.coverage.votes, whole.undated, whole.forms) == (2, 0, Forms(returned_uncounted=2))


def test_who_closes_while_others_enter_leaves_nothing_out_and_nothing_in(database: Database) -> None:
    together = threading.Barrier(5)
    entered: list[int] = []
    held: list[Contents] = []

    def type_in(number: int) -> None:
        together.wait(timeout=60)
        try:
            entered.append(enters(database, form(number, 5)))
        except PaperTrouble:  # closed before
            entered.append(0)

    def close() -> None:
        together.wait(timeout=60)
        held.append(closes(database))

    threads = [threading.Thread(target=type_in, args=(number,)) for number in range(1, 5)]
    threads.append(threading.Thread(target=close))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert len(entered) == 4
    assert sum(entered) == held[0].forms
    assert satisfied(database) == (sum(entered), sum(entered))


def test_sites_do_not_mix(database: Database) -> None:
    seed_office(database, "phu")
    with database.writing() as connection:
        open_batch(connection, "phu", BATCH, None, DEED)
    enters(database, form(1, 5))
    closes(database)
    with database.reading() as connection:
        assert forms_within(connection, "phu", DAY, DAY) == Forms()
        assert lines_of(connection, "phu", "a", FIRST_ENTRY) == {}
    other, _ = period_figures(database, "phu", QUARTER)
    assert other.coverage.votes == 0
