"""Work out of what came in, by kiosk and on paper: each once, masked, with no more than is known of it."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import insert, text, update

from sync_server.core.channels import Channel
from sync_server.core.matters import MatterKind, MatterState
from sync_server.core.paper import Batch, Line
from sync_server.store import revisions
from sync_server.store.database import CannotBeStored, Database
from sync_server.store.matters import MatterView, NoSuchMatter, list_matters, matter, move, open_matters
from sync_server.store.paper import Deed, close_batch, kept_batch, open_batch, withdraw_batch
from sync_server.store.paper_entry import decide, enter
from sync_server.store.schema import matters, paper_batches
from tests.fakes.small_office import NOW, SITE, seed_kiosk, seed_office, seed_votes

DAY, LAST = date(2026, 11, 2), date(2026, 11, 13)
DEED = Deed(NOW, "Chị Hà", "xem lại phiếu")


@pytest.fixture(autouse=True)
def office(database: Database) -> None:
    seed_office(database)
    seed_kiosk(database)


def form(number: int, level: int | None, comment: str | None = None, **more: object) -> Line:
    answers = {} if level is None else {("overall", level): 1}
    line = Line(number, DAY, DAY, None, "huong", "ho-tich", None, 1, len(answers), answers, comment=comment)
    return replace(line, **more)  # type: ignore[arg-type]


def enters(database: Database, *lines: Line, batch: str = "a", again: bool = False) -> None:
    with database.writing() as connection:
        open_batch(connection, SITE, Batch(batch, Channel.BOX, DAY, LAST, 1), None, DEED)
        enter(connection, kept_batch(connection, SITE, batch, to_change=True), lines, DEED, again=again)


def closes(database: Database, batch: str = "a") -> None:
    with database.writing() as connection:
        close_batch(connection, kept_batch(connection, SITE, batch, to_change=True), None, DEED)


def withdraws(database: Database, batch: str = "a") -> None:
    with database.writing() as connection:
        withdraw_batch(connection, kept_batch(connection, SITE, batch, to_change=True), DEED)


def listed(database: Database) -> list[MatterView]:
    with database.writing() as connection:
        open_matters(connection, SITE)
        return list_matters(connection, SITE)


def test_low_scores_and_comments_on_paper_become_work_once_their_batch_is_closed(database: Database) -> None:
    enters(database, form(1, 5), form(2, 1), form(3, 4, "Gọi 0912345678"), form(4, None, "Thêm ghế"), form(5, 2, " "))
    assert listed(database) == []
    closes(database)
    first = listed(database)
    assert first == listed(database)
    told = {(view.matter.kind, view.comment, view.levels.get("overall")) for view in first}
    assert told == {
        (MatterKind.LOW_SCORE, "", 1),
        (MatterKind.COMMENT, "Gọi ••••••••••", 4),
        (MatterKind.COMMENT, "Thêm ghế", None),
        (MatterKind.LOW_SCORE, " ", 2),
    }
    assert {(view.channel, view.field, view.survey, view.until_day) for view in first} == {
        (Channel.BOX, "ho-tich", 1, None)
    }
    # Fifteen working days after it was entered on the 20th; the 24th is a holiday.
    assert {(view.matter.day, view.matter.due) for view in first} == {(DAY, date(2026, 12, 14))}


def test_votes_of_kiosks_and_paper_stand_in_one_list(database: Database) -> None:
    seed_votes(database, [1])
    enters(database, form(1, 1))
    closes(database)
    assert {view.channel for view in listed(database)} == {Channel.KIOSK, Channel.BOX}


def test_of_a_tally_nobody_is_said_to_have_chosen_anything(database: Database) -> None:
    tally = form(1, None, forms=9, votes=9, answers={("overall", 1): 4, ("overall", 5): 5})
    enters(database, tally)
    closes(database)
    assert listed(database) == []


def test_a_form_without_a_day_says_between_which(database: Database) -> None:
    enters(database, form(1, 1, until_day=LAST))
    closes(database)
    [view] = listed(database)
    assert (view.matter.day, view.until_day) == (DAY, LAST)


def test_of_a_form_that_was_entered_twice_the_entry_that_counts_is_work(database: Database) -> None:
    enters(database, form(1, 1))
    enters(database, form(1, 5, "Tốt"), again=True)
    with database.writing() as connection:
        decide(connection, kept_batch(connection, SITE, "a", to_change=True), 1, 2, DEED)
    closes(database)
    [view] = listed(database)
    assert (view.matter.kind, view.comment) == (MatterKind.COMMENT, "Tốt")


def test_what_a_withdrawn_batch_said_goes_unless_somebody_has_taken_it_up(database: Database) -> None:
    enters(database, form(1, 1, "Chậm"), form(2, 1, "Ồn"))
    closes(database)
    taken, left = (view.matter.number for view in listed(database))
    with database.writing() as connection:
        move(connection, SITE, taken, MatterState.ASSIGNED, "Hà", NOW, owner="Hương")
    withdraws(database)
    assert [view.matter.number for view in listed(database)] == [taken]
    with database.reading() as connection, pytest.raises(NoSuchMatter):
        matter(connection, SITE, left)
    enters(database, form(1, 2, "Bị ồn"), batch="b")
    closes(database, "b")
    assert len(listed(database)) == 2


def test_a_batch_that_was_withdrawn_before_it_was_looked_at_is_no_work(database: Database) -> None:
    enters(database, form(1, 1))
    with database.writing() as connection:
        connection.execute(update(paper_batches).values(closed_at=NOW, withdrawn_at=NOW))
    assert listed(database) == []


@pytest.mark.parametrize("origin", [{}, {"vote_id": "a" * 32, "line": "b" * 32}])
def test_a_matter_is_of_one_vote_or_one_form(database: Database, origin: dict[str, str]) -> None:
    told = {"kind": "comment", "day": DAY, "due": DAY, "state": "new", "owner": "", "cause": "", "action": ""}
    with pytest.raises(CannotBeStored), database.writing() as connection:
        connection.execute(insert(matters).values(site=SITE, **origin, **told))


def test_work_that_was_begun_before_paper_had_any_is_kept(empty_url: str) -> None:
    old = Database(empty_url)
    with old.rebuilding() as connection:
        revisions.upgrade(connection, "0011")
    seed_sql = (
        "INSERT INTO sites (site) VALUES ('sia')",
        "INSERT INTO kiosks (site, kiosk, password_digest, added_at) VALUES ('sia', 'k', '', '2026-11-20 03:00:00')",
        "INSERT INTO streams (stream, site, kiosk, stored_up_to, chain, highest_announced, first_seen, last_seen,"
        " conflicts) VALUES ('5', 'sia', 'k', 1, '', 1, '2026-11-20 03:00:00', '2026-11-20 03:00:00', 0)",
        "INSERT INTO votes (vote_id, stream, number, site, kiosk, hour, until_hour, day, until_day, survey,"
        " received_hour, outcome, best_first) VALUES ('1', '5', 1, 'sia', 'k', '2026-11-20 03:00:00',"
        " '2026-11-20 03:00:00', '2026-11-20', '2026-11-20', 1, '2026-11-20 03:00:00', 'answered', 0)",
        "INSERT INTO matters (site, vote_id, kind, day, due, state, owner, cause, action) VALUES ('sia', '1',"
        " 'comment', '2026-11-20', '2026-12-14', 'assigned', 'Hương', '', '')",
        "INSERT INTO matter_steps (number, at, by, state, note) VALUES (1, '2026-11-20 03:00:00', 'Hà',"
        " 'assigned', '')",
    )
    with old.rebuilding() as connection:
        for each in seed_sql:
            connection.execute(text(each))
    old.migrate()
    with old.reading() as connection:
        [view] = list_matters(connection, SITE)
        assert (view.matter.number, view.matter.owner, view.channel) == (1, "Hương", Channel.KIOSK)
        assert connection.execute(text("SELECT count(*) FROM matter_steps")).scalar_one() == 1
    old.close()
