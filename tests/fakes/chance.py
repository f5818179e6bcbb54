"""Votes and forms by chance, of everything that figures ask for."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import insert

from protocol.visits import VisitOutcome
from sync_server.core.channels import ON_PAPER
from sync_server.core.paper import FIRST_ENTRY, SECOND_ENTRY, Batch, Line
from sync_server.store.cells import touch
from sync_server.store.database import Database
from sync_server.store.labelling import CONFIRMED, LIFTED
from sync_server.store.paper import Deed, close_batch, kept_batch, open_batch
from sync_server.store.paper_entry import decide, enter
from sync_server.store.paper_lines import undecided
from sync_server.store.schema import answers, label_reviews, rule_labels, vote_labels, vote_reasons, votes
from tests.fakes.small_office import NOW, SITE, STREAM

BEGIN = datetime(2026, 9, 1, 2, tzinfo=UTC)


class Chance:
    """Votes by chance."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._number = 0

    def cast(self, database: Database, number: int) -> None:
        """Cast some, in one transaction, and mark where."""
        with database.writing() as connection:
            days = []
            for _ in range(number):
                vote = self._vote()
                days.append((SITE, vote["day"]))
                connection.execute(insert(votes).values(**vote))
                for label in self._some(["hasty", "duplicate", "play"]):
                    connection.execute(insert(vote_labels).values(vote_id=vote["vote_id"], label=label))
                for label in self._some(["duplicate", "burst"]):
                    connection.execute(insert(rule_labels).values(vote_id=vote["vote_id"], label=label))
                for label in self._some(["hasty", "duplicate", "burst"]):
                    decided = {"decided_at": NOW, "decided_by": "hà", "because": "seen"}
                    decision = self._chance.choice([CONFIRMED, LIFTED])
                    connection.execute(
                        insert(label_reviews).values(vote_id=vote["vote_id"], label=label, decision=decision, **decided)
                    )
                for criterion in self._some(["overall", "time"]):
                    level = self._chance.randint(1, 5)
                    connection.execute(
                        insert(answers).values(vote_id=vote["vote_id"], criterion=criterion, level=level)
                    )
                for reason in self._some(["slow", "rude"]):
                    connection.execute(insert(vote_reasons).values(vote_id=vote["vote_id"], reason=reason))
            touch(connection, days, NOW)

    def enter(self, database: Database, name: str, number: int) -> None:
        """Enter a batch of forms and tallies, some of them twice and otherwise; decide, and close it."""
        chance, deed = self._chance, Deed(NOW, "a test", "seen")
        first = date(2026, 9, 1) + timedelta(days=chance.randrange(60))
        batch = Batch(name, chance.choice(ON_PAPER), first, first + timedelta(days=chance.choice([0, 40])), 1, 99)
        with database.writing() as connection:
            open_batch(connection, SITE, batch, None, deed)
        with database.writing() as connection:
            kept = kept_batch(connection, SITE, name, to_change=True)
            enter(connection, kept, [self._line(batch, each) for each in range(1, number + 1)], deed)
            if chance.random() < 0.7:
                again = [self._line(batch, each) for each in range(3, number + 3)]
                enter(connection, kept, again, deed, again=True)
            for each in undecided(connection, SITE, name):
                decide(connection, kept, each.number, chance.choice([FIRST_ENTRY, SECOND_ENTRY]), deed)
        with database.writing() as connection:
            close_batch(connection, kept_batch(connection, SITE, name, to_change=True), None, deed)

    def _line(self, batch: Batch, number: int) -> Line:
        chance = self._chance
        day = chance.choice([None, batch.first])
        forms = chance.choice([1, 1, 1, 30])
        answers = {(criterion, chance.randint(1, 5)): chance.randint(1, forms) for criterion in self._some(["a", "b"])}
        return Line(
            number,
            day or batch.first,
            day or batch.last,
            *(chance.choice([None, 1]), chance.choice([None, "huong"]), chance.choice([None, "ho-tich"]), None),
            forms=forms,
            votes=max(answers.values(), default=0),
            answers=answers,
        )

    def _vote(self) -> dict[str, Any]:
        self._number += 1
        chance = self._chance
        hour = BEGIN + timedelta(hours=chance.randrange(24 * 90))
        until = hour + timedelta(days=chance.choice([0, 0, 0, 0, 3, 20]))
        return {
            "vote_id": f"{self._number:032x}",
            "stream": STREAM,
            "number": self._number,
            "site": SITE,
            "kiosk": chance.choice(["kiosk-1", "kiosk-2"]),
            "hour": hour,
            "until_hour": until,
            "day": hour.date(),
            "until_day": until.date(),
            "survey": chance.choice([1, 2]),
            "counter": chance.choice([None, 1]),
            "officer": chance.choice([None, "huong", "thang"]),
            "field": chance.choice([None, "ho-tich"]),
            "procedure": chance.choice([None, "1.001193"]),
            "received_hour": hour,
            "outcome": chance.choice([*[VisitOutcome.ANSWERED] * 4, VisitOutcome.ABANDONED]),
        }

    def _some(self, of: list[str]) -> list[str]:
        return [each for each in of if self._chance.random() < 0.4]
