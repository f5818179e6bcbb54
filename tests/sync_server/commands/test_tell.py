"""`tell` gives a kiosk a command or says why not, waits for the answer, and keeps the record."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from protocol.messages import Action, Command, CommandAnswer
from protocol.messages import Outcome as Became
from protocol.topics import Address
from sync_server.commands import tell
from sync_server.store.database import Database
from sync_server.store.ledger import begin_stream, close_stream
from sync_server.store.orders import issue, issued, note_answers, pending
from tests.fakes.small_office import NOW, SITE, seed_kiosk, seed_votes
from tests.sync_server.commands.conftest import Run

KIOSK = Address(SITE, "kiosk-1")
THEN, HOUR = datetime(2021, 3, 1, 2, tzinfo=UTC), timedelta(hours=1)  # 9:00 in Vietnam


def waiting(database: Database) -> list[Command]:
    with database.reading() as connection:
        return [command for _, command in pending(connection, datetime.now(UTC), [KIOSK])]


def answers(database: Database, outcome: Became, detail: str = "") -> Callable[[float], None]:
    """What the command sleeps with: meanwhile the kiosk answers."""

    def the_kiosk_answers(_seconds: float) -> None:
        with database.writing() as connection:
            told = [CommandAnswer(entry.command.command, outcome, detail) for entry in issued(connection, KIOSK)]
            note_answers(connection, KIOSK, told, datetime.now(UTC))

    return the_kiosk_answers


@pytest.mark.parametrize(
    ("arguments", "action", "resend_from", "update_to", "words"),
    [
        (["restart"], Action.RESTART, None, None, "restart"),
        (["identify"], Action.IDENTIFY, None, None, "identify"),
        (["resend", "--from", "2"], Action.RESEND, 2, None, "resend from 2"),
        (["update", "--to", "0.2.0-rc1"], Action.UPDATE, None, "0.2.0-rc1", "update to 0.2.0-rc1"),
    ],
)
def test_a_command_is_issued(
    run: Run,
    seeded: Database,
    arguments: list[str],
    action: Action,
    resend_from: int | None,
    update_to: str | None,
    words: str,
) -> None:
    seed_votes(seeded, [5, 4])
    begun = datetime.now(UTC)
    done = run("tell", SITE, "kiosk-1", *arguments, "--within", "30", "--by", "Lê Ví Dụ")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"sia/kiosk-1: {words}; it has until 20")
    [command] = waiting(seeded)
    assert (command.action, command.resend_from, command.update_to) == (action, resend_from, update_to)
    assert timedelta(0) <= command.expires - begun - timedelta(minutes=30) < timedelta(minutes=5)
    assert f"  {words}  by Lê Ví Dụ: no answer yet; it has until 20" in run("tell", SITE, "kiosk-1", "list").out


@pytest.mark.parametrize(
    ("arguments", "mistake"),
    [
        ((SITE, "nobody", "restart"), "there is no kiosk sia nobody; 'kiosk list' names those that are registered"),
        (("nowhere", "kiosk-1", "list"), "there is no kiosk nowhere kiosk-1; "),
        ((SITE, "Quầy 1", "restart"), "a kiosk is named with 1 to 32 characters of a-z, 0-9 and -"),
        ((SITE, "kiosk-2", "restart"), "kiosk-2 is revoked; it is told nothing"),
        ((SITE, "kiosk-1", "resend", "--from", "3"), "--from: the newest vote that kiosk-1 has spoken of is 2"),
    ],
)
def test_a_mistake_is_one_sentence_and_nothing_is_issued(
    run: Run, seeded: Database, arguments: tuple[str, ...], mistake: str
) -> None:
    seed_votes(seeded, [5, 4])
    seed_kiosk(seeded, "kiosk-2", stream="6" * 32)
    with seeded.writing() as connection:
        connection.execute(text("UPDATE kiosks SET revoked_at = added_at WHERE kiosk = 'kiosk-2'"))
    assert run("tell", SITE, "kiosk-2", "list").code == 0  # what was said before stays on record
    done = run("tell", *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"sync_server: {mistake}")
    assert done.err.count("\n") == 1
    assert waiting(seeded) == []


@pytest.mark.parametrize(
    ("arguments", "mistake"),
    [
        (["resend", "--from", "0"], "--from: expected a number of a vote, 1 to"),
        (["resend", "--from", "9" * 5000], "--from: expected a number of a vote, 1 to"),
        (["resend"], "required: --from"),
        (["update", "--to", "../x"], "--to: expected a version like 0.2.0"),
        (["update", "--to", ""], "--to: expected a version like 0.2.0"),
        (["restart", "--within", "0"], "--within: expected minutes, 1 to 10080"),
        (["restart", "--within", "an hour"], "--within: expected minutes, 1 to 10080"),
        (["restart", "--wait", "-1"], "--wait: expected"),
        (["restart", "--from", "1"], "unrecognized arguments"),
        (["explode"], "invalid choice"),
        ([], "required: COMMAND"),
    ],
)
def test_what_is_not_understood_is_named(
    run: Run, capsys: pytest.CaptureFixture[str], arguments: list[str], mistake: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        run("tell", SITE, "kiosk-1", *arguments)
    assert ended.value.code == 2
    assert mistake in capsys.readouterr().err


def test_the_newest_stream_that_is_open_says_what_can_be_sent_again(run: Run, seeded: Database) -> None:
    seed_votes(seeded, [5] * 9)
    with seeded.writing() as connection:
        begin_stream(connection, "6" * 32, KIOSK, NOW + timedelta(1))
    assert "is 0" in run("tell", SITE, "kiosk-1", "resend", "--from", "1").err
    with seeded.writing() as connection:
        close_stream(connection, "6" * 32, "x", "y", NOW)
    assert run("tell", SITE, "kiosk-1", "resend", "--from", "9").code == 0


# --- waiting ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "detail", "code", "words"),
    [
        (Became.DONE, "", 0, "done at 20"),
        (Became.REFUSED, "there are no updates here\x1b[2J", 1, ": there are no updates here?[2J\n"),
        (Became.EXPIRED, "", 1, "expired at 20"),
    ],
)
def test_the_answer_is_waited_for_and_told(
    run: Run,
    seeded: Database,
    monkeypatch: pytest.MonkeyPatch,
    outcome: Became,
    detail: str,
    code: int,
    words: str,
) -> None:
    monkeypatch.setattr(tell, "sleep", answers(seeded, outcome, detail))
    done = run("tell", SITE, "kiosk-1", "restart", "--wait", "600")
    assert (done.code, done.err) == (code, "")
    assert words in done.out
    assert words in run("tell", SITE, "kiosk-1", "list").out


def test_who_waits_long_sees_that_it_goes_on_and_then_that_there_is_no_answer(
    run: Run, seeded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = [0.0]
    monkeypatch.setattr(tell, "monotonic", lambda: clock[0])
    monkeypatch.setattr(tell, "sleep", lambda seconds: clock.__setitem__(0, clock[0] + seconds))
    done = run("tell", SITE, "kiosk-1", "identify", "--wait", "12")
    assert done.code == 1
    assert done.out.endswith("no answer yet; later: tell sia kiosk-1 list\n")
    assert done.err == "waiting for its answer: 5 s\nwaiting for its answer: 10 s\n"


def test_what_expires_while_somebody_waits_is_told(run: Run, seeded: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def an_hour_passes(_seconds: float) -> None:
        with seeded.writing() as connection:
            connection.execute(text("UPDATE commands SET expires_at = issued_at"))

    monkeypatch.setattr(tell, "sleep", an_hour_passes)
    done = run("tell", SITE, "kiosk-1", "restart", "--wait", "600")
    assert done.code == 1
    assert "no answer before 20" in done.out


# --- the record ------------------------------------------------------------------------------------


def test_the_record_says_what_was_given_by_whom_and_what_became_of_it(run: Run, seeded: Database) -> None:
    assert run("tell", SITE, "kiosk-1", "list").out == "no command was ever given\n"
    with seeded.writing() as connection:
        first = issue(connection, KIOSK, Action.RESTART, "Lê Ví Dụ", THEN, THEN + HOUR)
        issue(connection, KIOSK, Action.IDENTIFY, "lan\n", THEN + HOUR, THEN + 2 * HOUR)
        note_answers(connection, KIOSK, [CommandAnswer(first.command, Became.DONE)], THEN + timedelta(minutes=1))
    assert run("tell", SITE, "kiosk-1", "list").out == (
        "2021-03-01 10:00  identify  by lan?: no answer before 2021-03-01 11:00\n"
        "2021-03-01 09:00  restart  by Lê Ví Dụ: done at 2021-03-01 09:01\n"
    )
