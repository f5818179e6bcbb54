"""The whole way of a Decision by commands, without a browser."""

from datetime import UTC, datetime, timedelta

import pytest

from sync_server.commands import decision
from sync_server.core.decisions.deadlines import due_day
from sync_server.core.quarter import local_day
from sync_server.core.rules import Period, Rules
from sync_server.core.spans import Span
from sync_server.store.database import Database
from tests.fakes.decision_parts import SMALL_PARTS
from tests.fakes.small_office import seed_votes
from tests.sync_server.commands.conftest import Run

RUNNING = Span.quarter_of(local_day(datetime.now(UTC)))
LAST = RUNNING.previous()


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decision, "parts_of", lambda _settings: SMALL_PARTS)


@pytest.fixture
def quarter(seeded: Database) -> str:
    """The quarter before this one, with votes that no rule has looked at and a kiosk that is silent since."""
    first = LAST.days(Period.CALENDAR)[0]
    seed_votes(seeded, [5, 5, 4, 1], hour=datetime(first.year, first.month, first.day, 3, tzinfo=UTC))
    return str(LAST)


def test_a_quarter_that_lacks_something_is_not_closed_unless_a_leader_says_why(run: Run, quarter: str) -> None:
    asked = run("decision", "close", quarter, "--by", "Hà")
    assert asked.code == 1
    assert "! 1 ngày có lượt đánh giá hoặc hồ sơ mới" in asked.out
    assert "→ " in asked.out
    assert "is not closed" in asked.out
    assert "open" in run("decision", "show", quarter).out
    done = run("decision", "close", quarter, "--by", "Hà", "--because", "máy hỏng, đã lập biên bản")
    assert done.code == 0
    shown = run("decision", "show", quarter).out
    assert "gone on with because: máy hỏng, đã lập biên bản" in shown
    assert "lacking: " in shown


def test_the_whole_way(run: Run, quarter: str) -> None:
    run("decision", "close", quarter, "--by", "Hà", "--because", "thử")
    drafted = run("decision", "draft", quarter, "--by", "Hà")
    assert drafted.code == 0
    assert "quyet-dinh.docx" in drafted.out
    assert run("decision", "review", quarter, "--by", "Lan").code == 0
    issued = run("decision", "issue", quarter, "--by", "Lan")
    assert "ho-so.zip" in issued.out
    assert "decision number" in issued.out
    due = due_day(LAST.days(Period.CALENDAR)[1], Rules())
    number = ("decision", "number", quarter, "--by", "văn thư", "--day", f"{due}", "--number")
    assert run(*number, "50").code == 0
    assert "say why: --because" in run(*number, "05").err
    assert run(*number, "05", "--because", "gõ nhầm").code == 0
    today = local_day(datetime.now(UTC))
    shown = run("decision", "show", quarter).out
    assert f"number 05 of {due}, issued here on {today}" in shown
    on_time = "on time" if today <= due else f"on time by its paper, issued here on {today}"
    assert on_time in run("decision", "list").out
    assert "SHA-256 of the archive" in shown
    listed = run("decision", "list").out
    assert f"{LAST}" in listed
    assert f"{RUNNING}" in listed
    assert "issued" in listed
    log = run("audit", "list").out
    assert [f"decision {step}" in log for step in ("close", "draft", "review", "issue", "number")] == [True] * 5


def test_what_came_afterwards_is_told_and_amends(run: Run, quarter: str, seeded: Database) -> None:
    for step in (("close", "--because", "thử"), ("draft",), ("review",), ("issue",)):
        assert run("decision", step[0], quarter, "--by", "Hà", *step[1:]).code == 0
    first = LAST.days(Period.CALENDAR)[0] + timedelta(days=1)
    seed_votes(seeded, [1, 2], hour=datetime(first.year, first.month, first.day, 3, tzinfo=UTC))
    assert "2 votes late" in run("decision", "list").out
    assert "2 votes late since it was issued" in run("decision", "remind", "--within", "0").out
    done = run("decision", "amend", quarter, "--by", "Hà", "--because", "2 lượt đến sau")
    assert "version 2 amends version 1" in done.out
    assert run("decision", "discard", quarter, "--by", "Hà", "--because", "nhầm").code == 0
    assert "version 2, decision: discarded" in run("decision", "show", quarter).out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("draft", str(LAST), "--by", "Hà"), "begin with: decision close"),
        (("close", str(RUNNING), "--by", "Hà"), "it can be closed afterwards"),
        (("amend", str(LAST), "--by", "Hà", "--because", "x"), "nothing was issued yet"),
        (("number", str(LAST), "--number", "5", "--day", "2027-01-06", "--by", "x"), "nothing was issued yet"),
    ],
)
def test_what_is_not_possible_is_refused_in_a_sentence(
    run: Run, quarter: str, arguments: tuple[str, ...], said: str
) -> None:
    refused = run("decision", *arguments)
    assert (refused.code, quarter) == (2, str(LAST))
    assert refused.err.startswith("sync_server: ")
    assert said in refused.err
    assert refused.err.count("\n") == 1


def test_reminders_name_what_is_due(run: Run, quarter: str) -> None:
    said = run("decision", "remind", "--within", "1000").out
    assert said.startswith(f"{quarter}: ")
    assert f"next: decision close {quarter}" in said


def test_nothing_is_forgotten_where_nothing_is_due(run: Run, quarter: str) -> None:
    assert run("decision", "forget").out == "no quarter is due\n0 votes of 0 days have forgotten their cases\n"
    assert run("decision", "forget", "--dry-run").out == "no quarter is due\n"
    assert quarter


def test_an_office_without_votes_has_nothing_to_decide_on(run: Run, seeded: Database) -> None:
    assert run("decision", "list").out == "no votes yet, so nothing is to be decided on\n"
    assert seeded
