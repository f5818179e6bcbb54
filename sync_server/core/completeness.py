"""Whether every vote of an office is here, and what is missing, in words. Pure.

A stream's votes are numbered without gaps, and a kiosk says its highest number, so that what is missing can be told
by number. What nobody can know (a kiosk that was not heard of since) is said as such.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from sync_server.core.gaps import Gap
from sync_server.core.quarter import VIETNAM

# A kiosk reports every minute; after this long nobody may say that it holds nothing more.
HEARD_LATELY = timedelta(minutes=10)


@dataclass(frozen=True)
class StreamLedger:
    """What the ledger says of a stream."""

    stream: str
    stored_up_to: int
    highest_announced: int
    first_seen: datetime
    last_seen: datetime
    gaps: tuple[Gap, ...] = ()
    conflicts: int = 0
    refused: int = 0  # kept in the quarantine, under their numbers
    replaces: str | None = None
    carried: int | None = None
    closed_by: str | None = None
    closed_because: str | None = None
    closed_at: datetime | None = None

    @property
    def held(self) -> int:
        return self.stored_up_to - sum(gap.last - gap.first + 1 for gap in self.gaps)

    @property
    def open(self) -> bool:
        return self.closed_by is None


@dataclass(frozen=True)
class LastReport:
    """What a kiosk said last."""

    received_at: datetime
    stream: str
    waiting: int
    oldest_waiting: datetime | None


@dataclass(frozen=True)
class KioskLedger:
    """Everything that is known of a kiosk's votes."""

    kiosk: str
    streams: tuple[StreamLedger, ...]
    report: LastReport | None = None
    revoked: bool = False


class Kind(StrEnum):
    """What a finding is about."""

    NEVER_HEARD = "never heard"
    SILENT = "silent"
    MISSING = "missing"  # still at the kiosk, or lost with its card
    LATER = "later"  # still at the kiosk, but not asked for
    LOST = "lost"  # nobody keeps them any more
    COPIED = "copied"  # other votes came under numbers that are taken
    REFUSED = "refused"
    CONTINUES = "continues"  # an earlier stream
    CLOSED = "closed"  # what is missing of it will never come
    TWO_MACHINES = "two machines"
    NOT_CLOSED = "not closed"  # a newer stream goes on


@dataclass(frozen=True)
class Finding:
    """One thing to know about a kiosk; it is open while votes may be missing because of it.

    What the words say is told apart as well, for who says it in another language.
    """

    kind: Kind
    words: str
    missing: bool
    streams: tuple[str, ...] = field(default=(), compare=False)
    votes: int = field(default=0, compare=False)  # how many it is about
    at: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True)
class KioskCompleteness:
    """What is held of a kiosk, and what is not."""

    kiosk: str
    held: int
    findings: tuple[Finding, ...]

    @property
    def complete(self) -> bool:
        return not any(finding.missing for finding in self.findings)


def assess(kiosk: KioskLedger, until: date, now: datetime) -> KioskCompleteness:
    """Say whether every vote that a kiosk took up to the end of a day is here."""
    end = datetime.combine(until + timedelta(days=1), datetime.min.time(), VIETNAM)
    needed = min(end, now)
    findings = [
        *_of_the_report(kiosk, needed),
        *(finding for stream in kiosk.streams for finding in _of_a_stream(kiosk, stream, end)),
        *_of_two_cards(kiosk),
    ]
    return KioskCompleteness(kiosk.kiosk, sum(stream.held for stream in kiosk.streams), tuple(findings))


def incomplete_streams(kiosk: KioskLedger, now: datetime) -> int:
    """Return how many streams of a kiosk have votes that are missing, or set apart, and not put on record."""
    return sum(any(finding.missing for finding in _of_a_stream(kiosk, stream, now)) for stream in kiosk.streams)


def _of_the_report(kiosk: KioskLedger, needed: datetime) -> Iterator[Finding]:
    if kiosk.report is None:
        if kiosk.streams:
            yield Finding(Kind.NEVER_HEARD, "it has sent votes but never said how many there are", missing=True)
        else:
            yield Finding(Kind.NEVER_HEARD, "it was never heard of", missing=not kiosk.revoked)
        return
    heard = kiosk.report.received_at
    if heard < needed - HEARD_LATELY:
        yield Finding(
            Kind.SILENT,
            f"it was last heard of on {_local(heard)}; whether it took votes after that is not known",
            missing=True,
            at=heard,
        )


def _of_a_stream(kiosk: KioskLedger, stream: StreamLedger, end: datetime) -> Iterator[Finding]:
    for gap in stream.gaps:
        lost = f"{_votes(gap.first, gap.last)} of stream {stream.stream[:8]} lost: nobody keeps them any more"
        if gap.accepted_by is not None:
            lost += f"; accepted by {gap.accepted_by}: {gap.accepted_because}"
        number = gap.last - gap.first + 1
        yield Finding(Kind.LOST, lost, missing=gap.accepted_by is None, streams=(stream.stream,), votes=number)
    if stream.highest_announced > stream.stored_up_to:
        yield _missing(kiosk, stream, end)
    if stream.conflicts:
        yield Finding(
            Kind.COPIED,
            f"{_times(stream.conflicts)} a vote came under the number of another in stream {stream.stream[:8]}:"
            " a copied or restored card; these votes are set apart",
            missing=stream.open,
            streams=(stream.stream,),
            votes=stream.conflicts,
        )
    if stream.refused:
        yield Finding(
            Kind.REFUSED,
            f"{_count(stream.refused)} of stream {stream.stream[:8]} refused and kept in the quarantine",
            missing=False,
            streams=(stream.stream,),
            votes=stream.refused,
        )
    if stream.replaces is not None:
        carried = f"with {_count(stream.carried or 0)} carried over"
        yield Finding(
            Kind.CONTINUES,
            f"stream {stream.stream[:8]} continues {stream.replaces[:8]}, {carried}",
            missing=False,
            streams=(stream.stream, stream.replaces),
            votes=stream.carried or 0,
        )


def _missing(kiosk: KioskLedger, stream: StreamLedger, end: datetime) -> Finding:
    what = f"{_votes(stream.stored_up_to + 1, stream.highest_announced)} of stream {stream.stream[:8]}"
    which, votes = (stream.stream,), stream.highest_announced - stream.stored_up_to
    if not stream.open and not _goes_on(kiosk, stream):
        words = f"{what} never came; closed by {stream.closed_by}: {stream.closed_because}"
        return Finding(Kind.CLOSED, words, missing=False, streams=which, votes=votes)
    report = kiosk.report
    if report and _goes_on(kiosk, stream) and report.oldest_waiting and report.oldest_waiting >= end:
        later = f"{what} still at the kiosk, cast later than asked for"
        return Finding(Kind.LATER, later, missing=False, streams=which, votes=votes)
    words = f"{what} missing: still at the kiosk, or lost with its card"
    return Finding(Kind.MISSING, words, missing=True, streams=which, votes=votes)


def _goes_on(kiosk: KioskLedger, stream: StreamLedger) -> bool:
    """Whether a closed stream is spoken of all the same: one of two machines gave it up, and the other did not."""
    if stream.closed_at is not None and stream.last_seen > stream.closed_at + HEARD_LATELY:
        return True
    return kiosk.report is not None and kiosk.report.stream == stream.stream


def _of_two_cards(kiosk: KioskLedger) -> Iterator[Finding]:
    running = [stream for stream in kiosk.streams if stream.open or _goes_on(kiosk, stream)]
    if not running:
        return
    goes_on = max(running, key=lambda stream: stream.last_seen)
    for other in sorted((stream for stream in running if stream.open), key=lambda stream: stream.first_seen):
        if other is goes_on:
            continue
        together = min(other.last_seen, goes_on.last_seen) - max(other.first_seen, goes_on.first_seen)
        if together > HEARD_LATELY:
            older, newer = sorted((other, goes_on), key=lambda stream: stream.first_seen)
            yield Finding(
                Kind.TWO_MACHINES,
                f"streams {older.stream[:8]} and {newer.stream[:8]} were sent at the same time: two machines"
                " with one identity",
                missing=True,
                streams=(older.stream, newer.stream),
            )
        else:
            yield Finding(
                Kind.NOT_CLOSED,
                f"stream {other.stream[:8]} ended on {_local(other.last_seen)} without being closed; when its card"
                " was replaced, close it: stream close",
                missing=True,
                streams=(other.stream,),
                at=other.last_seen,
            )


def _votes(first: int, last: int) -> str:
    return f"vote {first}" if first == last else f"votes {first} to {last} ({last - first + 1})"


def _count(votes: int) -> str:
    return "1 vote" if votes == 1 else f"{votes} votes"


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _local(moment: datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%Y-%m-%d %H:%M}"
