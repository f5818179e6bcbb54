"""`quarantine …` and `clock trust`: what was refused, judged anew, and which clock is right."""

import msgspec

from protocol.topics import Address
from sync_server.store.database import Database
from sync_server.store.quarantine import SetApart, set_apart
from tests.fakes.small_office import NOW, SITE, STREAM
from tests.fakes.votes import a_vote
from tests.sync_server.commands.conftest import Run

TOPIC = Address(SITE, "kiosk-1").prefix + "votes"


def refuse(database: Database, number: int, reason: str, survey: int = 1) -> None:
    payload = msgspec.json.encode(a_vote(number, survey=survey, case_token="ab" * 16))
    with database.writing() as connection:
        set_apart(connection, [SetApart(TOPIC, reason, payload, NOW, STREAM, number)])


def test_nothing_refused_is_said(run: Run, seeded: Database) -> None:
    assert run("quarantine", "list").out == "no vote is refused\n"
    assert run("quarantine", "retry").out == "0 counted by now, 0 still refused\n"


def test_refused_votes_are_named_without_what_was_chosen_and_counted_when_they_can_be(
    run: Run, seeded: Database
) -> None:
    refuse(seeded, 4, "dated in the future")
    refuse(seeded, 5, "no such survey", survey=9)
    listed = run("quarantine", "list")
    assert listed.code == 0
    lines = listed.out.splitlines()
    assert lines[0].startswith(f"{SITE} kiosk-1  {STREAM[:8]} 4  ")
    assert lines[0].endswith("  dated in the future")
    assert lines[2] == "2 refused"
    assert "ab" * 16 not in listed.out
    assert run("quarantine", "retry").out == "1 counted by now, 1 still refused\n"
    assert run("quarantine", "list").out.endswith("  no such survey\n1 refused\n")


def test_a_clock_is_trusted_by_a_command(run: Run, seeded: Database) -> None:
    done = run("clock", "trust")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("the clock is right: ")
