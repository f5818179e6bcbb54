"""`completeness`, `stream close` and `stream accept`: what is missing, in words, and what people put on record."""

from datetime import UTC, datetime, timedelta

import pytest

from protocol.topics import Address
from sync_server.store.database import Database
from sync_server.store.ledger import Move, begin_stream, find_streams, move_streams, note_gap
from sync_server.store.reports import save_status
from tests.fakes.kiosk_says import a_status
from tests.fakes.small_office import SITE, seed_kiosk, seed_office, seed_votes
from tests.sync_server.commands.conftest import Outcome, Run

STREAM = "5" * 32
OTHER = "5a" * 16
ONE = Address(SITE, "kiosk-1")


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


def reports(database: Database, now: datetime, tick: int = 2, highest: int = 3, waiting: int = 0) -> None:
    with database.writing() as connection:
        held = find_streams(connection, [STREAM])[STREAM].held
        move_streams(connection, [Move(STREAM, held.stored_up_to, held, max(highest, held.stored_up_to))], now)
        save_status(connection, ONE, a_status(stream=STREAM, tick=tick, highest=highest, waiting=waiting), now)


def closed(run: Run, stream: str, because: str = "thẻ bị đánh cắp") -> Outcome:
    return run("stream", "close", stream, "--by", "Lê Ví Dụ", "--because", because)


def accepted(run: Run, stream: str, first: int) -> Outcome:
    return run("stream", "accept", stream, "--from", str(first), "--by", "Lê Ví Dụ", "--because", "cháy")


def test_an_office_whose_votes_are_all_here_is_complete(run: Run, seeded: Database, now: datetime) -> None:
    seed_votes(seeded, [5, 4, 3], stream=STREAM)
    reports(seeded, now)
    done = run("completeness", "--until", "2026-09-30")
    assert (done.code, done.err) == (0, "")
    assert done.out == ("sia: Trung tâm Phục vụ hành chính công, votes up to 2026-09-30\n  kiosk-1: complete; 3 held\n")
    assert run("completeness").code == 0


def test_what_is_missing_is_named_and_makes_the_exit_code_1(run: Run, seeded: Database, now: datetime) -> None:
    seed_votes(seeded, [5, 4], stream=STREAM)
    reports(seeded, now, highest=9, waiting=7)
    done = run("completeness", "--site", SITE)
    assert done.code == 1
    assert "  kiosk-1: NOT COMPLETE; 2 held\n" in done.out
    assert "    ! votes 3 to 9 (7) of stream 55555555 missing" in done.out


def test_one_incomplete_site_among_several_makes_the_whole_incomplete(
    run: Run, seeded: Database, now: datetime
) -> None:
    reports(seeded, now, highest=2, waiting=2)
    seed_office(seeded, "phu")
    done = run("completeness")
    assert done.code == 1
    assert "phu: " in done.out
    assert "  no kiosk is registered\n" in done.out
    alone = run("completeness", "--site", "phu")
    assert alone.code == 0
    assert SITE not in alone.out


def test_a_site_that_there_is_not_or_a_day_that_is_none_is_named(
    run: Run, seeded: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    done = run("completeness", "--site", "nowhere")
    assert (done.code, done.err) == (2, "sync_server: there is no site 'nowhere'; known sites: sia\n")
    with pytest.raises(SystemExit) as ended:
        run("completeness", "--until", "30 September")
    assert ended.value.code == 2
    assert "expected a day like 2026-11-20" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["close", "accept"])
@pytest.mark.parametrize(("by", "because"), [("", "cháy"), ("Lê Ví Dụ", " "), ("a\nb", "cháy")])
def test_nothing_goes_on_record_without_a_name_and_a_reason(
    run: Run, capsys: pytest.CaptureFixture[str], command: str, by: str, because: str
) -> None:
    more = ["--from", "1"] if command == "accept" else []
    with pytest.raises(SystemExit) as ended:  # before any database is looked at
        run("stream", command, "5", "--by", by, "--because", because, *more)
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert "found nothing" in told or "holds a line break" in told


def test_a_closed_stream_is_on_record_and_no_longer_open(run: Run, seeded: Database, now: datetime) -> None:
    with seeded.writing() as connection:
        begin_stream(connection, OTHER, ONE, now - timedelta(days=9))
        move_streams(connection, [Move(OTHER, 0, find_streams(connection, [OTHER])[OTHER].held, 4)], now)
    reports(seeded, now, highest=0)
    assert run("completeness").code == 1
    done = closed(run, "5A5A")
    assert (done.code, done.out) == (0, "stream 5a5a5a5a is closed; what is missing of it stays on record\n")
    told = run("completeness")
    assert "votes 1 to 4 (4) of stream 5a5a5a5a never came; closed by Lê Ví Dụ: thẻ bị đánh cắp" in told.out
    assert told.code == 0
    again = closed(run, OTHER, because="again")
    assert (again.code, again.err) == (2, "sync_server: stream 5a5a5a5a is closed already\n")


def test_lost_numbers_are_accepted_by_a_person(run: Run, seeded: Database, now: datetime) -> None:
    reports(seeded, now, highest=0)
    with seeded.writing() as connection:
        note_gap(connection, STREAM, 3, 5, now)
    assert run("completeness").code == 1
    done = accepted(run, "55", 3)
    assert (done.code, done.err) == (0, "")
    assert done.out == "the figures stand without these votes of stream 55555555; that stays on record\n"
    told = run("completeness")
    assert told.code == 0
    assert "accepted by Lê Ví Dụ: cháy" in told.out
    nothing = accepted(run, "55", 4)
    assert (nothing.code, nothing.err) == (2, "sync_server: no lost numbers of stream 55555555 begin with 4\n")


@pytest.mark.parametrize(
    ("beginning", "mistake"),
    [
        ("ff", "no stream begins with 'ff'; 'completeness' names them"),
        ("5", "2 streams begin with '5'; give more characters"),
        ("%", "no stream begins with '%'"),
    ],
)
def test_a_stream_is_named_without_doubt(
    run: Run, seeded: Database, now: datetime, beginning: str, mistake: str
) -> None:
    seed_kiosk(seeded, "kiosk-2", stream=OTHER)
    for done in (closed(run, beginning), accepted(run, beginning, 1)):
        assert done.code == 2
        assert mistake in done.err
