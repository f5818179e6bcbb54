"""An office that has something in every table, drawn by chance: odd names, edges of numbers, every kind of text."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, func, insert, select

from protocol.chain import EMPTY, extend
from sync_server.store import schema
from sync_server.store.bulk import bulk_insert
from sync_server.store.database import Connection, Database

BIGGEST = 2**53 - 1
WORDS = (
    *("Đặng", "an", "An", "ăn", "Ân", "a-b", "a b", "ab", "𝕳", "'\"\\", "\t\n\x01", "\u2028", "N\\N", "", "é"),
    "e\u0301",
)
SITES = ("a-b", "a1", "ab", "phu")


class FullOffice:
    """Writes rows into every table; with one seed always the same."""

    def __init__(self, seed: int, votes: int = 40) -> None:
        self._chance = random.Random(seed)
        self._votes = votes

    def fill(self, database: Database) -> None:
        """Write everything in one transaction."""
        with database.writing() as connection:
            for site in SITES:
                self._office(connection, site)
                for kiosk in ("k-1", "k1"):
                    self._kiosk(connection, site, kiosk)
            self._people(connection)
            self._noise(connection)

    def _office(self, connection: Connection, site: str) -> None:
        add(connection, schema.sites, site=site)
        for content in ({"office": self._words(), "unit": [1, None]}, None):
            record = {"kind": "office", "key": self._words(), "since": self._day(), "content": content}
            add(connection, schema.records, site=site, **record, made_at=self._moment(), made_by=self._words())
        touched = {"touched_hour": self._moment(), "changes": BIGGEST, "folded": self._chance.choice([0, BIGGEST])}
        add(connection, schema.touched_halves, site=site, half=self._day(), **touched)
        kept = {"what": "period", "first": self._day(), "last": self._day(), "version": self._words()}
        add(connection, schema.kept_figures, site=site, **kept, result=self._chance.randbytes(300))
        add(connection, schema.unjudged_days, site=site, day=self._day(), touched_hour=self._moment())
        done = {"done_at": self._moment(), "done_by": self._words(), "action": "labels lift", "site": site}
        why = {"subject": self._words(), "because": self._words(), "details": {"đ": [1, None, self._words()]}}
        add(connection, schema.audit_log, **done, **why)
        cell = {"half": self._day(), "until_half": self._day(), "outcome": "answered", "survey": 1, "criterion": None}
        about = {"officer": "huong", "kiosk": "k1", "labels": "hasty,repeat", "votes": BIGGEST}
        add(connection, schema.figure_cells, site=site, **cell, **about)
        paper = dict[str, Any](cell | about | {"kiosk": None, "channel": "paper"})
        add(connection, schema.figure_cells, site=site, **paper)
        self._paper(connection, site)
        self._decided(connection, site)
        case = {"case_token": self._hex(), "procedure": "1.001193", "officer": "huong", "received": self._day()}
        course = {"due": self._day(), "returned": None, "channel": self._chance.choice([None, "online"])}
        add(connection, schema.cases, site=site, **case, **course)
        read = {"mapping": {"columns": {"due": self._words()}}, "progress": None, "read_at": self._moment()}
        add(connection, schema.case_sources, site=site, source="file", **read)
        for revision in (1, 2, BIGGEST):
            setup = {"revision": revision, "content": self._chance.randbytes(self._chance.randint(0, 3000))}
            add(connection, schema.setups, site=site, **setup, made_at=self._moment(), made_by=self._words())

    def _decided(self, connection: Connection, site: str) -> None:
        its = {"site": site, "span": "2026-Q3", "version": 1}
        days = {"first": self._day(), "last": self._day(), "due": self._day(), "day": self._day()}
        how = {"kind": "decision", "state": "draft", "turn": BIGGEST % 2**31, "amends": None, "change": None}
        why = {"change_because": self._words(), "lacking": [self._words()], "because": self._words()}
        said = {"held": None, "figures": {"computed": {"votes": self._words()}}, "root": self._hex() * 2}
        kept = {"fingerprint": self._hex() * 2, "folder": None, "archive_sha256": None, "number": "05"}
        when = {"issued_at": self._moment(), "forgetting_at": self._moment(), "forgotten_at": None}
        changed = {"changed_at": self._moment()}
        add(connection, schema.decisions, **its, **days, **how, **why, **said, **kept, **when, **changed)
        step = {"at": self._moment(), "by": self._words(), "step": "issue", "state": "issued", "note": self._words()}
        add(connection, schema.decision_steps, **its, **step)
        add(connection, schema.spent_tokens, site=site, case_token=self._hex(), first=self._day(), last=self._day())

    def _paper(self, connection: Connection, site: str) -> None:
        chance = self._chance
        its = {"site": site, "batch": "2026-11-a"}
        days = {"first": self._day(), "last": self._day(), "survey": 1, "issued": chance.choice([None, BIGGEST])}
        opened = {"note": self._words(), "opened_at": self._moment(), "opened_by": self._words()}
        closed = {"closed_at": self._moment(), "closed_by": self._words()}
        gone = {"withdrawn_at": self._moment(), "withdrawn_by": "", "withdrawn_because": self._words()}
        ended = chance.choice([{}, closed, gone])
        add(connection, schema.paper_batches, **its, channel="box", **days, **opened, **ended)
        for entry, number in ((1, 1), (2, 1), (1, 2**31 - 1)):
            line, forms = self._hex(), chance.choice([1, BIGGEST])
            about = {"counter": chance.choice([None, 7]), "officer": chance.choice([None, "huong"])}
            when = {"day": self._day(), "until_day": self._day(), "entered_at": self._moment(), "entered_by": "đ"}
            row = {"line": line, "entry": entry, "number": number, "forms": forms, "votes": forms}
            add(connection, schema.paper_lines, **its, **row, **about, **when, comment=self._words())
            add(connection, schema.paper_answers, line=line, criterion="overall", level=5, forms=forms)
            add(connection, schema.paper_reasons, line=line, reason="waiting")
            self._matter(connection, site, line=line)
        decided = {"decided_at": self._moment(), "decided_by": self._words(), "decided_because": self._words()}
        add(connection, schema.paper_decisions, **its, number=1, entry=2, **decided)

    def _kiosk(self, connection: Connection, site: str, kiosk: str) -> None:
        its = {"site": site, "kiosk": kiosk}
        chance = self._chance
        known = {"added_at": self._moment(), "revoked_at": chance.choice([None, self._moment()])}
        add(connection, schema.kiosks, **its, **known, password_digest=self._words())
        add(connection, schema.former_export_keys, **its, key=self._hex() * 2, ended_at=self._moment())
        stream, ids = self._hex(), [self._hex() for _ in range(self._votes)]
        row: dict[str, Any] = {"stored_up_to": len(ids), "chain": extend(EMPTY, ids), "highest_announced": BIGGEST}
        seen = {"first_seen": self._moment(), "last_seen": self._moment(), "conflicts": chance.randint(0, 9)}
        closed = {"closed_at": self._moment(), "closed_by": self._words(), "closed_because": self._words()}
        add(connection, schema.streams, stream=stream, **its, **row, **seen, **chance.choice([{}, closed]))
        add(connection, schema.stream_gaps, stream=stream, first=1, last=BIGGEST, noted_at=self._moment())
        self._cast(connection, stream, its, ids)
        self._matters(connection, site, ids)
        told = {"boot": 1, "tick": 2, "highest": BIGGEST, "waiting": 0, "connection": 3, "gone_at": None}
        parts = {"version": self._words(), "scanner": self._words(), "storage": "ok"}
        report = {"đ": [1, 0.25, None, True, {"x": self._words()}], "nul": "\0"}
        received = {"refused_scans": {self._words(): 1}, "received_at": self._moment(), "report": report}
        add(connection, schema.kiosk_status, **its, stream=stream, **told, **parts, **received)
        order = {"action": "resend", "resend_from": BIGGEST, "update_to": None, "issued_by": self._words()}
        when = {"issued_at": self._moment(), "expires_at": self._moment(), "detail": self._words()}
        add(connection, schema.commands, command=self._hex(), **its, **order, **when)

    def _cast(self, connection: Connection, stream: str, its: dict[str, Any], ids: Sequence[str]) -> None:
        chance = self._chance
        columns = [column.name for column in schema.votes.columns]
        for first in range(0, len(ids), 500):
            some = list(enumerate(ids[first : first + 500], start=first + 1))
            rows = [
                (
                    *(vote_id, stream, number, its["site"], its["kiosk"], self._moment(), self._moment()),
                    *(self._day(), self._day(), chance.randint(1, 2**31 - 1), chance.choice([None, 7])),
                    *(chance.choice([None, self._hex()]), chance.choice([None, "huong"]), None),
                    *(chance.choice([None, "1.001193"]), self._moment()),
                    *(chance.choice(["answered", "abandoned"]), chance.choice([0, 1])),
                )
                for number, vote_id in some
            ]
            bulk_insert(connection, schema.votes, columns, rows, all_new=True)
            levels = [(vote_id, name, chance.randint(1, 5)) for _, vote_id in some for name in ("overall", "time")]
            bulk_insert(connection, schema.answers, ["vote_id", "criterion", "level"], levels, all_new=True)
            for table, column in (
                *((schema.vote_reasons, "reason"), (schema.vote_labels, "label"), (schema.rule_labels, "label")),
            ):
                pairs = [(vote_id, key) for _, vote_id in some for key in ("chờ", "other") if chance.random() < 0.3]
                bulk_insert(connection, table, ["vote_id", column], pairs, all_new=True)
            reviews = [
                (vote_id, "burst", chance.choice(["confirmed", "lifted"]), self._moment(), self._words(), self._words())
                for _, vote_id in some
                if chance.random() < 0.3
            ]
            bulk_insert(
                connection,
                schema.label_reviews,
                [column.name for column in schema.label_reviews.columns],
                reviews,
                all_new=True,
            )
            words = [(vote_id, self._words()) for _, vote_id in some if chance.random() < 0.3]
            bulk_insert(connection, schema.comments, ["vote_id", "text"], words, all_new=True)

    def _matters(self, connection: Connection, site: str, ids: Sequence[str]) -> None:
        for vote_id in ids[:2]:
            self._matter(connection, site, vote_id=vote_id)
        number = connection.scalar(select(func.max(schema.matters.c.number)))
        step = {"at": self._moment(), "by": self._words(), "state": "new", "note": self._words()}
        add(connection, schema.matter_steps, number=number, **step)

    def _matter(self, connection: Connection, site: str, **of: str) -> None:
        told = {"kind": "comment", "day": self._day(), "due": self._day(), "state": "new"}
        words = {"owner": self._words(), "cause": self._words(), "action": self._words()}
        add(connection, schema.matters, site=site, **of, **told, **words)

    def _people(self, connection: Connection) -> None:
        admin = self._hex()
        add(connection, schema.admins, admin=admin, name=self._words(), added_at=self._moment())
        link = {"digest": self._hex() * 2, "admin": admin, "expires_at": self._moment(), "used_at": None}
        add(connection, schema.sign_in_links, **link)
        session = {"digest": self._hex() * 2, "created_at": self._moment(), "last_seen_at": self._moment()}
        add(connection, schema.sessions, **session, admin=admin)

    def _noise(self, connection: Connection) -> None:
        for word in WORDS:
            add(connection, schema.refusals, reason=word, count=self._chance.randint(0, BIGGEST))
            add(connection, schema.ingest_counts, name=word, count=self._chance.randint(0, BIGGEST))
            payload = self._chance.randbytes(self._chance.randint(0, 60))
            what = {"topic": word, "reason": self._words(), "size": len(payload), "payload": payload}
            number = self._chance.choice([None, 3])
            add(connection, schema.quarantine, received_at=self._moment(), stream=None, number=number, **what)

    def _words(self) -> str:
        return " ".join(self._chance.choices(WORDS, k=self._chance.randint(0, 6)))

    def _hex(self) -> str:
        return self._chance.randbytes(16).hex()

    def _moment(self) -> datetime:
        micro = self._chance.choice([0, 1, 250_000, 999_999])
        return datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=self._chance.randint(0, 10**9), microseconds=micro)

    def _day(self) -> date:
        return date(1, 1, 1) + timedelta(days=self._chance.randint(0, 3_652_058))


def add(connection: Connection, table: Table, /, **row: object) -> None:
    """Insert one row."""
    connection.execute(insert(table).values(**row))


def everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of every table, by its name, in no order of the database's."""
    with database.reading() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(table.select())), key=repr)
            for table in schema.metadata.sorted_tables
        }
