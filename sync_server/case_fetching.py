"""One fetch of a site's cases: asking for what is new, registering page by page, remembering how far it came."""

import hashlib
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from protocol.settings_file import read_settings
from sync_server.case_source import OVERLAP, CaseSource, SourceTrouble
from sync_server.core.case_feed import CaseFeed
from sync_server.core.case_rows import CaseReader, RefusedCase
from sync_server.core.cases import Case
from sync_server.secret_files import read_secret
from sync_server.store.case_sources import fetch_progress, keep_fetch_progress
from sync_server.store.cases import Registered, register_cases
from sync_server.store.database import Database

A_LOT = 2000  # cases of one transaction


class FetchProgress(msgspec.Struct, frozen=True):
    """How far a feed has been read: what the next fetch asks for is only what came after."""

    feed: str  # a digest: another feed begins anew
    since: str | None = None
    etags: tuple[str, ...] = ()


@dataclass
class Fetched:
    """What a fetch came to, as far as it came."""

    done: Registered = field(default_factory=Registered)
    refused: int = 0
    pages: int = 0
    unchanged: int = 0  # of the pages


def read_feed(path: Path) -> CaseFeed:
    """Read a feed's file, its own relative paths starting there; SettingsMistake when it cannot be used."""
    feed = read_settings(path, CaseFeed)
    if not feed.token_file:
        return feed
    return msgspec.structs.replace(feed, token_file=str(path.resolve().parent / feed.token_file))


def read_token(feed: CaseFeed) -> str:
    """Return the token, or nothing where none is named; SourceTrouble when it cannot be read, or others can read it."""
    if not feed.token_file:
        return ""
    path = Path(feed.token_file)
    try:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise SourceTrouble(f"{path}: others may read the token; run: chmod 600 {path}")
        token = read_secret(path)
    except OSError as error:
        raise SourceTrouble(f"{path}: cannot be read: {error.strerror}") from None
    if not token:
        raise SourceTrouble(f"{path}: expected the token in its first line")
    return token


def fetch(
    database: Database,
    site: str,
    key: bytes,
    source: CaseSource,
    reader: CaseReader,
    feed: CaseFeed,
    *,
    fetched: Fetched,
    refuse: Callable[[str], None],
    everything: bool = False,
    told: Callable[[int], None] = lambda _: None,
) -> None:
    """Fetch what is new, or everything; *fetched* is kept up to date, *refuse* is told of each item that is no case.

    What was refused is asked for again the next time: it may be put right there or here. SourceTrouble ends it; what
    came before is registered, and will be asked for again.
    """
    digest = _digest(feed)
    with database.reading() as connection:
        kept = fetch_progress(connection, site, FetchProgress)
    if everything or kept is None or kept.feed != digest:
        kept = FetchProgress(digest)
    etags: list[str] = []
    for page in source.pages(kept.since, kept.etags):
        fetched.pages += 1
        fetched.unchanged += page.unchanged
        refused_before = fetched.refused
        cases: list[Case] = []
        for place, item in enumerate(page.items, start=1):
            try:
                cases.append(reader.case(feed.cells_of(item)))
            except RefusedCase as error:
                fetched.refused += 1
                refuse(f"page {page.number}, item {place}: {error}")
        for first in range(0, len(cases), A_LOT):
            with database.writing() as connection:
                lot = cases[first : first + A_LOT]
                fetched.done += register_cases(connection, site, key, lot, datetime.now(UTC))
        etags.append(page.etag if fetched.refused == refused_before else "")
        told(fetched.done.new + fetched.done.changed + fetched.done.unchanged + fetched.refused)
    since = kept.since
    if not fetched.refused:
        since = None if source.began is None else f"{source.began.astimezone(UTC) - OVERLAP:%Y-%m-%dT%H:%M:%SZ}"
    progress = FetchProgress(digest, since if feed.since else None, () if feed.since else tuple(etags))
    with database.writing() as connection:
        keep_fetch_progress(connection, site, progress, datetime.now(UTC))


def _digest(feed: CaseFeed) -> str:
    return hashlib.sha256(msgspec.json.encode(feed, order="deterministic")).hexdigest()
