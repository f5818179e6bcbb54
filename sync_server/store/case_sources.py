"""Where the cases of a site are read from, and how."""

from datetime import datetime
from typing import TypeVar

import msgspec
from sqlalchemy import Connection, select

from sync_server.core.case_mapping import CaseMapping
from sync_server.store.database import insert_or_update
from sync_server.store.schema import case_sources

FILE, FETCH = "file", "fetch"

Progress = TypeVar("Progress", bound=msgspec.Struct)


def file_mapping(connection: Connection, site: str) -> CaseMapping:
    """Return how files of cases were last read; nothing mapped when there was none."""
    kept = connection.scalar(
        select(case_sources.c.mapping).where(case_sources.c.site == site, case_sources.c.source == FILE)
    )
    return CaseMapping() if kept is None else msgspec.convert(kept, CaseMapping)


def keep_file_mapping(connection: Connection, site: str, mapping: CaseMapping, now: datetime) -> None:
    """Remember how files of cases are read."""
    row = {"site": site, "source": FILE, "mapping": msgspec.to_builtins(mapping), "read_at": now}
    insert_or_update(connection, case_sources, [row], ["site", "source"])


def fetch_progress(connection: Connection, site: str, kind: type[Progress]) -> Progress | None:
    """Return how far another server has been asked; None when it never was, or by an earlier version's account."""
    kept = connection.scalar(
        select(case_sources.c.progress).where(case_sources.c.site == site, case_sources.c.source == FETCH)
    )
    try:
        return None if kept is None else msgspec.convert(kept, kind)
    except msgspec.ValidationError:
        return None


def keep_fetch_progress(connection: Connection, site: str, progress: msgspec.Struct, now: datetime) -> None:
    """Remember how far another server has been asked."""
    row = {"site": site, "source": FETCH, "progress": msgspec.to_builtins(progress), "read_at": now}
    insert_or_update(connection, case_sources, [row], ["site", "source"])
