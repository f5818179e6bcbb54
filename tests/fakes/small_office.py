"""A small office, and votes written straight into its tables."""

import secrets
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert, select, update

from protocol.chain import EMPTY, link
from protocol.messages import KioskStatus
from protocol.topics import Address
from protocol.visits import VisitOutcome
from sync_server.core.book import THE_OFFICE, THE_RULES, Kind
from sync_server.core.dated import ALWAYS, Record
from sync_server.core.letterhead import Letterhead
from sync_server.core.office_data import Desk, Field, Officer, Procedure
from sync_server.core.quarter import local_day
from sync_server.core.rules import Rules
from sync_server.store.cells import touch
from sync_server.store.changes import bump
from sync_server.store.database import Database
from sync_server.store.records import add_site, write_records
from sync_server.store.reports import save_status
from sync_server.store.schema import (
    answers,
    kiosks,
    quarantine,
    streams,
    votes,
)
from tests.fakes.databases import write_sqlite_file
from tests.fakes.kiosk_says import a_status

SITE = "sia"
NOW = datetime(2026, 11, 20, 3, 47, 20, tzinfo=UTC)  # 10:47:20 in Vietnam, in 2026-Q4
THIS_HOUR = NOW.replace(minute=0, second=0)
STREAM = "5" * 32


def migrated(folder: Path) -> Database:
    """Return a new database with its tables, in a SQLite file."""
    path = folder / "server.sqlite"
    write_sqlite_file(path)
    return Database(f"sqlite:///{path}")


def seed_office(database: Database, site: str = SITE, office: str = "Trung tâm Phục vụ hành chính công") -> None:
    """Say of an office, as if it had always been so, that it has three officers, two fields and three procedures."""
    entries: tuple[tuple[Kind, str, object], ...] = (
        (Kind.OFFICE, THE_OFFICE, Letterhead(office, "UBND thị trấn Sịa")),
        (Kind.FIELD, "ho-tich", Field("ho-tich", "Tư pháp – Hộ tịch")),
        (Kind.FIELD, "dat-dai", Field("dat-dai", "Đất đai")),
        (Kind.OFFICER, "huong", Officer("huong", "Nguyễn Thị Hương Giang", "Công chức Tư pháp", "ho-tich")),
        (Kind.OFFICER, "thang", Officer("thang", "Trần Đức Thắng", "Công chức Địa chính", "dat-dai")),
        (Kind.OFFICER, "bich", Officer("bich", "Đặng Thị Ngọc Bích", "Công chức Tư pháp", "ho-tich")),
        (Kind.COUNTER, "1", Desk(1, "huong")),
        (Kind.COUNTER, "2", Desk(2, "thang")),
        (Kind.PROCEDURE, "1.001193", Procedure("1.001193", "Đăng ký khai sinh", "ho-tich")),
        (Kind.PROCEDURE, "1.000894", Procedure("1.000894", "Đăng ký kết hôn", "ho-tich")),
        (Kind.PROCEDURE, "1.012812", Procedure("1.012812", "Hòa giải tranh chấp đất đai", "dat-dai")),
    )
    with database.writing() as connection:
        add_site(connection, site)
        said = [(kind, Record(key, ALWAYS, content)) for kind, key, content in entries]
        write_records(connection, site, said, "a test", NOW)


def show_all(database: Database, site: str = SITE) -> None:
    """Let the office show every row, however few its votes."""
    said = (Kind.RULES, Record(THE_RULES, ALWAYS, Rules(least_shown=1)))
    with database.writing() as connection:
        write_records(connection, site, [said], "a test", NOW)


def seed_kiosk(
    database: Database,
    kiosk: str = "kiosk-1",
    *,
    site: str = SITE,
    stream: str = STREAM,
    heard: datetime | None = NOW,
    waiting: int = 0,
    scanner: str = "up",
    status: KioskStatus | None = None,
) -> None:
    """Register a kiosk with a stream, and a report if it was heard: all is well, or as told, or the whole of it."""
    told = status or a_status(stream=stream, highest=waiting, waiting=waiting, scanner=scanner)
    with database.writing() as connection:
        connection.execute(insert(kiosks).values(site=site, kiosk=kiosk, password_digest="0" * 64, added_at=NOW))
        connection.execute(
            insert(streams).values(
                stream=told.stream,
                site=site,
                kiosk=kiosk,
                stored_up_to=0,
                chain=EMPTY,
                highest_announced=told.highest,
                first_seen=NOW,
                last_seen=NOW,
                conflicts=0,
            )
        )
        if heard is not None:
            save_status(connection, Address(site, kiosk), told, heard)


def seed_votes(
    database: Database,
    levels: Iterable[int],
    *,
    hour: datetime = THIS_HOUR,
    officer: str | None = "huong",
    field: str | None = "ho-tich",
    procedure: str | None = "1.001193",
    case_token: str | None = None,
    survey: int = 1,
    site: str = SITE,
    stream: str = STREAM,
    until_hour: datetime | None = None,
    outcome: str = VisitOutcome.ANSWERED,
) -> None:
    """Write one vote per level into the stream of a kiosk, and say that figures changed."""
    with database.writing() as connection:
        for level in levels:
            vote_id = secrets.token_hex(16)
            this = connection.execute(select(streams).where(streams.c.stream == stream)).one()
            number = this.stored_up_to + 1
            connection.execute(
                update(streams)
                .where(streams.c.stream == stream)
                .values(
                    stored_up_to=number,
                    chain=link(this.chain, vote_id),
                    highest_announced=max(number, this.highest_announced),
                )
            )
            connection.execute(
                insert(votes).values(
                    vote_id=vote_id,
                    stream=stream,
                    number=number,
                    site=site,
                    kiosk="kiosk-1",
                    hour=hour,
                    until_hour=until_hour or hour,
                    day=local_day(hour),
                    until_day=local_day(until_hour or hour),
                    survey=survey,
                    counter=1,
                    case_token=case_token,
                    officer=officer,
                    field=field,
                    procedure=procedure,
                    received_hour=hour,
                    outcome=outcome,
                )
            )
            connection.execute(insert(answers).values(vote_id=vote_id, criterion="overall", level=level))
        touch(connection, [(site, local_day(hour))], NOW)
        bump(connection)


def seed_refused(database: Database, number: int | None, received_at: datetime = NOW, stream: str = STREAM) -> None:
    """Write a refused vote into the quarantine."""
    with database.writing() as connection:
        connection.execute(
            insert(quarantine).values(
                received_at=received_at,
                topic="hailong/v1/sia/kiosk-1/votes",
                stream=stream,
                number=number,
                reason="no such survey",
                size=2,
                payload=b"{}",
            )
        )
