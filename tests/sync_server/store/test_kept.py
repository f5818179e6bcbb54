"""Figures that were kept are those that would be computed now, whatever has happened and in whatever order."""

import itertools
import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, update

from protocol.codes import CaseCode
from sync_server.core.book import THE_OFFICE, THE_RULES, Kind
from sync_server.core.cases import Case
from sync_server.core.channels import Channel
from sync_server.core.dated import ALWAYS, Record
from sync_server.core.labelling.names import RuleName
from sync_server.core.labelling.thresholds import Labelling
from sync_server.core.letterhead import Letterhead
from sync_server.core.office_data import Officer
from sync_server.core.paper import Batch
from sync_server.core.quarter import Quarter
from sync_server.core.rules import Period, Rules
from sync_server.core.spans import Span
from sync_server.store import figures as quarter_figures
from sync_server.store import kept, period
from sync_server.store.cases import register_cases
from sync_server.store.database import Database
from sync_server.store.figures import UnknownSite, figures
from sync_server.store.folding import QUIET, fold, fold_anew
from sync_server.store.kept import decoded, encoded
from sync_server.store.labelling import CONFIRMED, LIFTED, judge
from sync_server.store.paper import Deed, close_batch, kept_batch, kept_batches, open_batch, withdraw_batch
from sync_server.store.period import period_figures
from sync_server.store.records import write_records
from sync_server.store.reviews import Decision, Which, decide
from sync_server.store.schema import answers, kept_figures, quarantine, votes
from tests.fakes.chance import Chance
from tests.fakes.small_office import NOW, SITE, STREAM, seed_kiosk, seed_office, seed_votes

LATER = NOW + 2 * QUIET
KEY = b"k" * 32
SPANS = [Span.parse(text) for text in ("2026-Q4", "2026-Q3", "2026-H2", "2026-10", "2026-12")]
QUARTERS = [Quarter.parse(text) for text in ("2026-Q3", "2026-Q4")]
ASKED: list[Callable[[Database], object]] = [
    *(lambda database, span=span: period_figures(database, SITE, span)[0] for span in SPANS),
    *(lambda database, quarter=quarter: figures(database, SITE, quarter) for quarter in QUARTERS),
]


@pytest.fixture(autouse=True)
def office(database: Database) -> None:
    seed_office(database)
    seed_kiosk(database)


class Events:
    """Whatever changes figures, by chance."""

    def __init__(self, database: Database, seed: int) -> None:
        self._database = database
        self._chance = random.Random(seed)
        self._votes = Chance(seed)
        self._numbers = itertools.count(1)

    def happen(self) -> None:
        """Let one thing happen."""
        self._chance.choice(
            [
                *(self._cast, self._enter, self._issue, self._withdraw, self._register, self._review, self._say),
                *(self._judge, self._fold, self._fold_anew, self._refuse),
            ]
        )()

    def _cast(self) -> None:
        self._votes.cast(self._database, self._chance.choice([1, 15]))

    def _enter(self) -> None:
        self._votes.enter(self._database, f"batch-{next(self._numbers)}", 5)

    def _issue(self) -> None:
        """Close a batch that holds nothing: forms were issued, and none came back."""
        deed, day = Deed(NOW, "a test", "seen"), self._day()
        batch = Batch(f"batch-{next(self._numbers)}", Channel.PAPER, day, day, 1, 50)
        with self._database.writing() as connection:
            open_batch(connection, SITE, batch, None, deed)
            close_batch(connection, kept_batch(connection, SITE, batch.batch, to_change=True), None, deed)

    def _withdraw(self) -> None:
        with self._database.writing() as connection:
            there = list(kept_batches(connection, SITE))
            if there:
                withdraw_batch(connection, self._chance.choice(there), Deed(NOW, "a test", "seen"))

    def _register(self) -> None:
        officer = self._chance.choice(["huong", "thang"])
        code = CaseCode("000.01.25.H57", date(2026, 10, 1), f"000{self._chance.randint(1, 9)}")
        with self._database.writing() as connection:
            register_cases(connection, SITE, KEY, [Case(code, "1.001193", officer, self._day())], NOW)

    def _review(self) -> None:
        decision = Decision(self._chance.choice([CONFIRMED, LIFTED]), "hà", "seen")
        label = self._chance.choice(["hasty", "duplicate", "burst"])
        with self._database.writing() as connection:
            decide(connection, Which(SITE, label, day=self._day()), decision, NOW)

    def _say(self) -> None:
        rules = Rules(
            self._chance.choice(list(Period)),
            excluded=self._chance.choice([(), ("hasty",)]),
            least_shown=self._chance.choice([1, 5]),
            by_officer=self._chance.random() < 0.7,
            labelling=Labelling(rules=self._chance.choice([(), (RuleName.DUPLICATE, RuleName.BURST)])),
        )
        since = self._chance.choice([ALWAYS, date(2026, 10, 1), date(2027, 1, 1)])
        kind, key, content = self._chance.choice(
            [
                (Kind.RULES, THE_RULES, rules),
                (Kind.OFFICER, "huong", Officer("huong", f"Tên {next(self._numbers)}", "x", "dat-dai")),
                (Kind.OFFICE, THE_OFFICE, Letterhead(f"UBND XÃ {next(self._numbers)}", "Trung tâm")),
            ]
        )
        with self._database.writing() as connection:
            write_records(connection, SITE, [(kind, Record(key, since, content))], "a test", NOW)

    def _judge(self) -> None:
        list(judge(self._database, LATER))

    def _fold(self) -> None:
        list(fold(self._database, LATER))

    def _fold_anew(self) -> None:
        list(fold_anew(self._database, LATER))

    def _refuse(self) -> None:
        refused = {"received_at": NOW, "topic": "x", "stream": STREAM, "number": next(self._numbers), "reason": "odd"}
        with self._database.writing() as connection:
            connection.execute(insert(quarantine).values(**refused, size=1, payload=b"x"))

    def _day(self) -> date:
        return date(2026, 9, 1) + timedelta(days=self._chance.randrange(90))


def computed_anew(database: Database, ask: Callable[[Database], object]) -> object:
    """Ask with nothing kept, and leave what was kept as it was."""
    with database.writing() as connection:
        there: list[dict[str, Any]] = [dict(row._mapping) for row in connection.execute(select(kept_figures))]
        connection.execute(delete(kept_figures))
    result = ask(database)
    with database.writing() as connection:
        connection.execute(delete(kept_figures))
        if there:
            connection.execute(insert(kept_figures), there)
    return result


@pytest.mark.parametrize("number", range(3))
def test_whatever_happens_what_is_kept_is_what_would_be_computed(database: Database, seed: int, number: int) -> None:
    events, chance = Events(database, seed + number), random.Random(seed + number)
    for _ in range(20):
        events.happen()
        for ask in chance.sample(ASKED, 2):
            assert ask(database) == computed_anew(database, ask)


def damage(database: Database) -> None:
    """Change every vote without saying so."""
    with database.writing() as connection:
        connection.execute(update(answers).values(level=1))


def test_what_is_kept_is_not_computed_again_until_it_is_repaired(database: Database) -> None:
    seed_votes(database, [5] * 20)
    before = [ask(database) for ask in ASKED]
    damage(database)
    assert [ask(database) for ask in ASKED] == before
    list(fold_anew(database, NOW))
    assert period_figures(database, SITE, SPANS[0])[0].surveys[0].main.official.levels == (20, 0, 0, 0, 0)
    assert figures(database, SITE, QUARTERS[1]).total.levels == (20, 0, 0, 0, 0)


def test_what_comes_later_leaves_what_is_kept_and_what_reaches_into_it_does_not(database: Database) -> None:
    seed_votes(database, [5] * 20, hour=datetime(2026, 10, 2, 3, tzinfo=UTC))
    october = Span.parse("2026-10")
    before, _ = period_figures(database, SITE, october)
    damage(database)
    seed_votes(database, [5], hour=datetime(2026, 11, 1, 3, tzinfo=UTC))
    assert period_figures(database, SITE, october)[0] == before
    hour = datetime(2026, 9, 30, 3, tzinfo=UTC)
    seed_votes(database, [5], hour=hour, until_hour=hour + timedelta(days=1))
    assert period_figures(database, SITE, october)[0].undated == 1


@pytest.mark.parametrize("reader", [period, quarter_figures])
def test_a_vote_that_comes_while_figures_are_kept_is_in_the_next(
    database: Database, monkeypatch: pytest.MonkeyPatch, reader: Any
) -> None:
    def keep_late(*arguments: Any) -> None:
        monkeypatch.undo()
        seed_votes(database, [5])
        kept.keep(*arguments)

    def number_of_votes() -> int:
        if reader is period:
            return period_figures(database, SITE, SPANS[0])[0].surveys[0].votes
        return figures(database, SITE, QUARTERS[1]).total.answered

    seed_votes(database, [5] * 7)
    monkeypatch.setattr(reader, "keep", keep_late)
    assert number_of_votes() == 7
    assert number_of_votes() == number_of_votes() == 8


def test_another_program_computes_anew(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    seed_votes(database, [5] * 7)
    figures(database, SITE, QUARTERS[1])
    damage(database)
    monkeypatch.setattr(kept, "_program", lambda: "another")
    assert figures(database, SITE, QUARTERS[1]).total.levels == (7, 0, 0, 0, 0)


def test_while_another_one_writes_figures_are_told_and_perhaps_not_kept(database: Database, database_url: str) -> None:
    seed_votes(database, [5] * 7)
    other = Database(database_url)
    with other.writing() as connection:
        connection.execute(update(votes).values(officer="bich"))
        assert figures(database, SITE, QUARTERS[1]).total.answered == 7
    other.close()
    assert figures(database, SITE, QUARTERS[1]).total.answered == 7


def test_of_an_unknown_site_nothing_is_kept(database: Database) -> None:
    with pytest.raises(UnknownSite):
        figures(database, "nowhere", QUARTERS[1])
    assert period_figures(database, "nowhere", SPANS[0])[0].surveys == ()
    with database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(kept_figures)) == 0


def test_only_so_many_are_kept_of_a_site(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_KEPT", 3)
    seed_votes(database, [5] * 7)
    numbers = []
    for month in range(1, 13):
        for _ in range(2):
            period_figures(database, SITE, Span.parse(f"2026-{month:02}"))
        with database.reading() as connection:
            numbers.append(connection.scalar(select(func.count()).select_from(kept_figures)))
    assert numbers == [1, 2, 3] * 4


def test_what_cannot_be_kept_as_it_is_is_refused() -> None:
    with pytest.raises(NotImplementedError, match="hold no complex"):
        encoded(1j)
    assert decoded(encoded(QUARTERS), list[Quarter]) == QUARTERS
