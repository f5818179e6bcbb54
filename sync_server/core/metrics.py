"""What monitors are told: counts of the ingest, how each kiosk is, and whether votes are missing. Pure.

Everything is about machines and amounts: nothing here knows a vote's content, a case, an officer or a minute.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from math import inf, isnan

from sync_server.core.names import printable
from sync_server.core.presence import Condition, Presence, condition

# Seconds; kiosks count by these. What another version counts by others goes where it is certain to belong.
DELAY_BUCKETS = (1.0, 10.0, 60.0, 3600.0, 86400.0)
# A stranger can send many kinds of nonsense; the rest is told as one.
MOST_REASONS = 50
OTHER_REASONS = "others"

_OUTCOMES = {
    "votes stored": "stored",
    "votes repeated": "repeated",
    "votes refused": "refused",
    "votes stored already": "stored already",
}


class MetricKind(Enum):
    """How a number moves."""

    COUNTER = "counter"  # only up, since the database was made
    GAUGE = "gauge"
    BUCKETS = "buckets"  # cumulative; each sample is labelled with the upper end of its bucket


@dataclass(frozen=True)
class Sample:
    """One number, and the values of its metric's labels."""

    labels: tuple[str, ...]
    value: float


@dataclass(frozen=True)
class Metric:
    """A named family of numbers."""

    name: str
    kind: MetricKind
    help: str
    labels: tuple[str, ...]
    samples: tuple[Sample, ...]


@dataclass(frozen=True)
class SiteMeasured:
    """A site's kiosks, the revision of its setup (0: none), and how many streams have votes missing."""

    site: str
    kiosks: tuple[Presence, ...]
    setup: int
    incomplete: int


@dataclass(frozen=True)
class Measured:
    """Everything that is told, as it was read at one moment."""

    counts: Mapping[str, int]
    refusals: Mapping[str, int]
    sites: tuple[SiteMeasured, ...]


def metrics(measured: Measured, now: datetime) -> tuple[Metric, ...]:
    """Return the metrics at a moment, always the same families in the same order."""
    return (*_of_the_ingest(measured), *_of_the_sites(measured, now), *_of_the_kiosks(measured, now))


def _of_the_ingest(measured: Measured) -> Iterator[Metric]:
    counts = measured.counts

    def counter(name: str, counted: str, words: str) -> Metric:
        return Metric(name, MetricKind.COUNTER, words, (), (Sample((), counts.get(counted, 0)),))

    yield counter("hailong_ingest_messages", "messages", "Messages that came in from kiosks")
    yield Metric(
        "hailong_ingest_votes",
        MetricKind.COUNTER,
        "Votes that came in, by what became of them",
        ("outcome",),
        tuple(Sample((outcome,), counts.get(counted, 0)) for counted, outcome in _OUTCOMES.items()),
    )
    yield counter(
        "hailong_ingest_batches_beyond_gap", "batches beyond a gap", "Batches not taken, because earlier votes lack"
    )
    yield counter("hailong_ingest_messages_set_apart", "messages set apart", "Messages that could not be used")
    yield counter(
        "hailong_ingest_messages_without_room",
        "messages without room",
        "Messages dropped; kiosks send them again",
    )
    yield Metric(
        "hailong_refusals",
        MetricKind.COUNTER,
        "Votes and messages in the quarantine, by reason",
        ("reason",),
        tuple(Sample((reason,), count) for reason, count in _reasons(measured.refusals)),
    )


def _reasons(refusals: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    shown: Counter[str] = Counter()
    for reason, count in refusals.items():
        shown[printable(reason)] += count
    most = shown.most_common(MOST_REASONS)
    yield from sorted(most)
    others = shown.total() - sum(count for _, count in most)
    if others:
        yield OTHER_REASONS, others


def _of_the_sites(measured: Measured, now: datetime) -> Iterator[Metric]:
    yield Metric(
        "hailong_kiosks",
        MetricKind.GAUGE,
        "Registered kiosks, by how they are",
        ("site", "condition"),
        tuple(
            Sample((site.site, judged), sum(condition(kiosk, now) is judged for kiosk in site.kiosks))
            for site in measured.sites
            for judged in Condition
        ),
    )
    yield Metric(
        "hailong_setup_revision",
        MetricKind.GAUGE,
        "Revision of the setup in force; 0: none",
        ("site",),
        tuple(Sample((site.site,), site.setup) for site in measured.sites),
    )
    yield Metric(
        "hailong_streams_incomplete",
        MetricKind.GAUGE,
        "Streams of votes of which something is missing or set apart, and not put on record",
        ("site",),
        tuple(Sample((site.site,), site.incomplete) for site in measured.sites),
    )


def _of_the_kiosks(measured: Measured, now: datetime) -> Iterator[Metric]:
    heard = [
        ((site.site, kiosk.kiosk), kiosk, kiosk.reported_at)
        for site in measured.sites
        for kiosk in site.kiosks
        if kiosk.reported_at is not None and not kiosk.revoked
    ]
    reports = [(labels, kiosk.report) for labels, kiosk, _ in heard if kiosk.report is not None]

    def gauge(name: str, words: str, samples: Iterable[tuple[tuple[str, ...], float]]) -> Metric:
        drawn = tuple(Sample(labels, value) for labels, value in samples)
        return Metric(name, MetricKind.GAUGE, words, ("site", "kiosk"), drawn)

    yield gauge(
        "hailong_kiosk_seconds_since_report",
        "Seconds since a kiosk's last report; it sends one a minute",
        ((labels, max(0.0, (now - at).total_seconds())) for labels, _, at in heard),
    )
    yield gauge(
        "hailong_kiosk_waiting_votes",
        "Votes that a kiosk had still to send, by its last report",
        ((labels, report.waiting) for labels, report in reports),
    )
    yield gauge(
        "hailong_kiosk_clock_offset_seconds",
        "How far a kiosk's wall clock is ahead of the time that it knows; votes are dated by the latter",
        ((labels, report.clock.offset) for labels, report in reports),
    )
    yield gauge(
        "hailong_kiosk_clock_error_seconds",
        "How far at most the time that a kiosk knows may be off",
        ((labels, report.clock.error) for labels, report in reports),
    )
    yield gauge(
        "hailong_kiosk_setup_revision",
        "Revision of the setup that a kiosk follows; 0: none",
        ((labels, report.setup) for labels, report in reports),
    )
    yield Metric(
        "hailong_vote_delay_seconds",
        MetricKind.BUCKETS,
        "Votes by the time from the touch to the receipt, all kiosks together, each since its start:"
        " falls when one starts anew, so no rate can be taken",
        ("le",),
        _delays([report.delays for _, report in reports]),
    )


def _delays(told: Sequence[Mapping[str, int]]) -> tuple[Sample, ...]:
    bounds = (*DELAY_BUCKETS, inf)
    votes = dict.fromkeys(bounds, 0)
    for delays in told:
        for bucket, count in delays.items():
            votes[next(bound for bound in bounds if _upper_end(bucket) <= bound)] += count
    so_far = 0
    samples = []
    for bound in bounds:
        so_far += votes[bound]
        samples.append(Sample(("+Inf" if bound == inf else str(bound),), so_far))
    return tuple(samples)


def _upper_end(bucket: str) -> float:
    try:
        seconds = float(bucket)
    except ValueError:
        return inf
    return inf if isnan(seconds) else seconds
