"""What time it really was: anchors, and what follows from them for every moment of every boot.

Pure. A kiosk may wake up with any wall clock, so that clock alone proves nothing. What proves something is an anchor: a
moment of a boot, in nanoseconds since its beginning, at which the true time was known within an error. Everything else
of that boot follows from the boot clock, and a boot without an anchor lies between its neighbours.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from protocol.messages import ClockReport, ClockSource, whole_hour

# The kernel lets its own bound of the clock's error grow as fast (MAXFREQ: 500 µs every second), and corrects the rate
# of the boot clock by no more. A worn crystal errs by a tenth of it.
DRIFT_PPM = 500
# systemd's rule for "NTP synchronised"; STA_UNSYNC is ignored, as it ignores it (hardware.md §6.1).
SYNCHRONISED_BELOW = timedelta(seconds=16)
# timesyncd tells the kernel an error of 0 after every answer, and corrects up to 0.4 s (NTP_MAX_ADJUST) only gradually.
NTP_MARGIN = timedelta(seconds=1)
# Clocks of servers are themselves corrected now and then: what is no farther apart is no contradiction.
TOLERANCE = timedelta(seconds=1)
# No vote is older than this program. A clock chip without its battery says 1970 or 2000.
EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)
# "Not bounded yet": a boot that never saw the time, and none after it. The server cuts such an interval at its own now.
# Not the last year there is, so that it can be shown in every time zone.
UNBOUNDED = datetime(9999, 1, 1, tzinfo=UTC)
# What a further anchor has to narrow, or it is not worth a write: far below an hour, far above the 3.6 s of an hour's
# drift.
WORTH_KEEPING = timedelta(seconds=10)
# Of the boot clock, between two words of the server that are to be trusted with erasing.
AGREED_APART_NS = 6 * 3600 * 1_000_000_000
MOST_ANCHORS = 64  # of one boot: a week of them, ten seconds apart in what they prove; beyond, every other one goes

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY_SECONDS = 86_400
_MILLION = 1_000_000
_PER_MICROSECOND = 1_000
_PER_SECOND = 1_000_000_000
_NEVER = 10**21  # nanoseconds: so far beyond UNBOUNDED that no number of boots brings it back


@dataclass(frozen=True)
class Reading:
    """All clocks of the machine at one moment."""

    boot_id: str
    boottime_ns: int  # since the beginning of the boot, sleep included
    wall: datetime  # aware; may be years off
    max_error: timedelta | None  # the kernel's bound of the wall clock's error; None: not synchronised


@dataclass(frozen=True)
class Anchor:
    """At this moment of the boot the true time was *time*, give or take *error*."""

    boot_id: str
    boottime_ns: int
    time: datetime
    error: timedelta
    source: ClockSource


@dataclass(frozen=True)
class Boot:
    """One run of the machine: what was known before it, how long it was seen to last, and when it saw the time."""

    ordinal: int  # 1, 2, 3 … as this kiosk counts them
    boot_id: str
    floor: datetime  # the newest time that was known when the kiosk began in this boot …
    began_ns: int  # … which was at this moment of it
    seen_ns: int  # the latest moment of it that is on the disk
    anchors: tuple[Anchor, ...] = ()


@dataclass(frozen=True)
class Dated:
    """When something happened, as far as it is proven: from *not_before* to *not_after*."""

    not_before: datetime
    not_after: datetime
    source: ClockSource  # the best that the boot itself had; NONE: its neighbours bound it
    disputed: bool  # something that claims to know the time contradicts this

    @property
    def hour(self) -> datetime:
        """The whole hour, or the first of several."""
        return whole_hour(self.not_before)

    @property
    def latest_hour(self) -> datetime | None:
        """The last of several whole hours; None when the hour is exact."""
        latest = whole_hour(self.not_after)
        return None if latest == self.hour else latest


@dataclass(frozen=True)
class Now:
    """The best estimate of the present time."""

    time: datetime
    error: timedelta  # at most, between it and the truth
    not_before: datetime  # what is certain, whatever the estimate
    source: ClockSource
    offset: timedelta  # that the wall clock is ahead of it
    disputed: bool

    def report(self) -> ClockReport:
        """As the kiosk tells the server; where the source is NONE the error reaches to UNBOUNDED and means nothing."""
        return ClockReport(self.source, self.error.total_seconds(), self.offset.total_seconds())


@dataclass(frozen=True)
class Noted:
    """What became of an anchor: the boot and the newest known time after it."""

    boot: Boot
    floor: datetime
    kept: bool  # False: it proves next to nothing new, or is not believed
    disputed: bool  # it contradicts what was known


def ntp_anchor(reading: Reading) -> Anchor | None:
    """Return what a synchronised wall clock proves; None when it is not synchronised."""
    if reading.max_error is None:
        return None
    return Anchor(
        reading.boot_id, reading.boottime_ns, reading.wall, reading.max_error + NTP_MARGIN, source=ClockSource.NTP
    )


def server_anchor(boot_id: str, asked_ns: int, heard_ns: int, server_time: datetime) -> Anchor:
    """Return what the server's answer proves: it read its clock between the question and the answer.

    Raises ValueError when the answer was heard before the question was asked.
    """
    if heard_ns < asked_ns:
        raise ValueError("an answer is heard after its question")
    half = timedelta(microseconds=-(-_stretched(heard_ns - asked_ns) // (2 * _PER_MICROSECOND)))
    half += timedelta(microseconds=1)  # a clock that is read in whole microseconds may be almost one further
    return Anchor(boot_id, heard_ns, min(server_time, UNBOUNDED) + half, half, ClockSource.SERVER)


def note(boot: Boot, floor: datetime, anchor: Anchor) -> Noted:
    """Take an anchor of *boot*, if it is believed and worth keeping; *floor* is the newest known time so far.

    The server is believed against everything older, even against what it said before. NTP is believed against older
    NTP, but neither against the server in the same boot nor below the newest known time.
    """
    earliest, latest = _Point(anchor).at(anchor.boottime_ns)
    if latest < _ns(EARLIEST) or earliest >= _ns(UNBOUNDED):
        return Noted(boot, floor, kept=False, disputed=True)
    contradicted = [known for known in boot.anchors if _gap((earliest, latest), _Point(known).at(anchor.boottime_ns))]
    below = latest + _ns(_EPOCH + TOLERANCE) < _ns(floor)
    disputed = below or bool(contradicted)
    if anchor.source is not ClockSource.SERVER and (below or any(_by_server(known) for known in contradicted)):
        return Noted(boot, floor, kept=False, disputed=True)
    if not disputed and not _worth_keeping(boot, anchor):
        return Noted(boot, floor, kept=False, disputed=False)
    agreeing = [known for known in boot.anchors if known not in contradicted]
    anchors = _thinned(sorted([*agreeing, anchor], key=lambda known: known.boottime_ns))
    after = replace(boot, anchors=anchors, seen_ns=max(boot.seen_ns, anchor.boottime_ns))
    proven = max(EARLIEST, _moment(earliest))
    return Noted(after, proven if disputed else max(proven, floor), kept=True, disputed=disputed)


class Timeline:
    """The boots of a kiosk, in order, and when their moments were."""

    def __init__(self, boots: Sequence[Boot]) -> None:
        """Take the boots in ascending order."""
        self._boots = {boot.ordinal: _Known(boot) for boot in boots}
        by_server = by_any = _NEVER
        for boot in reversed(boots):
            known = self._boots[boot.ordinal]
            known.ends_by_server, known.ends_by = by_server, by_any
            by_server = min([by_server - _shrunk(boot.seen_ns), *(latest for _, latest in known.server(0))])
            began = known.dated(0).not_after
            by_any = _ns(began) if began < UNBOUNDED else _NEVER

    def when(self, ordinal: int, boottime_ns: int, own: Anchor | None = None) -> Dated:
        """Say when a moment of a boot was; *own* is what the wall clock proved at that very moment.

        Raises KeyError for a boot that is not in the timeline.
        """
        return self._boots[ordinal].dated(boottime_ns, own)

    def newest_known(self) -> datetime:
        """The newest time that is proven to have come by the end of the last boot; EARLIEST without any boot."""
        last = next(reversed(self._boots.values()), None)
        return EARLIEST if last is None else last.dated(last.boot.seen_ns).not_before


def settle(row: Reading, boots: Sequence[Boot], ordinal: int) -> Dated:
    """Say when a row was written, by its own clocks and all that is known of the boots; *ordinal* is its boot's."""
    return Timeline(boots).when(ordinal, row.boottime_ns, ntp_anchor(row))


def best_now(reading: Reading, boot: Boot) -> Now:
    """Say what time it is, by the anchors of the running boot and the clocks of this moment.

    Never before the newest time that was known when the boot began, unless the server says so. The wall clock counts
    only when there is nothing else.
    """
    dated = Timeline([boot]).when(boot.ordinal, reading.boottime_ns, ntp_anchor(reading))
    if dated.source is ClockSource.NONE:
        time = min(max(reading.wall, dated.not_before), UNBOUNDED)
        error = max(time - dated.not_before, UNBOUNDED - time)
    else:
        error = (dated.not_after - dated.not_before) / 2
        time = dated.not_before + error
    return Now(time, error, dated.not_before, dated.source, reading.wall - time, dated.disputed)


def twice_told(boot: Boot) -> datetime:
    """Return the newest time that the server has told, and six hours of the boot later has not contradicted.

    EARLIEST when there is none. What is to be erased for good is judged by this: NTP counts for nothing here, and a
    server whose clock is wrong for a moment does no harm.
    """
    server = [anchor for anchor in boot.anchors if _by_server(anchor)]
    newest = max((anchor.boottime_ns for anchor in server), default=0)
    agreed = (anchor.time - anchor.error for anchor in server if newest - anchor.boottime_ns >= AGREED_APART_NS)
    return max(agreed, default=EARLIEST)


class _Known:
    """A boot, its anchors in nanoseconds and in the order of trust, and by when it had ended."""

    def __init__(self, boot: Boot) -> None:
        self.boot = boot
        self.ends_by_server = self.ends_by = _NEVER
        newest_first = sorted(boot.anchors, key=lambda anchor: -anchor.boottime_ns)
        self._server = [_Point(anchor) for anchor in newest_first if _by_server(anchor)]
        self._ntp = [_Point(anchor) for anchor in newest_first if not _by_server(anchor)]

    def server(self, boottime_ns: int) -> list[tuple[int, int]]:
        """What each of the server's anchors says of a moment."""
        return [point.at(boottime_ns) for point in self._server]

    def dated(self, boottime_ns: int, own: Anchor | None = None) -> Dated:
        """Narrow the interval by one witness after the other, the most trusted first; none may empty it."""
        low, high = _ns(EARLIEST), _ns(UNBOUNDED)
        source, disputed = ClockSource.NONE, False
        for witness, earliest, latest in self._witnesses(boottime_ns, own):
            if max(low, earliest) <= min(high, latest):
                low, high = max(low, earliest), min(high, latest)
                source = witness if source is ClockSource.NONE else source
            else:
                disputed = disputed or _gap((low, high), (earliest, latest))
        return Dated(_moment(low), _moment(high + _PER_MICROSECOND - 1), source, disputed)

    def _witnesses(self, boottime_ns: int, own: Anchor | None) -> Iterator[tuple[ClockSource, int, int]]:
        before_the_end = _shrunk(max(0, self.boot.seen_ns - boottime_ns))
        since_the_floor = _shrunk(max(0, boottime_ns - self.boot.began_ns))
        for span in self.server(boottime_ns):
            yield ClockSource.SERVER, *span
        yield ClockSource.NONE, _ns(EARLIEST), self.ends_by_server - before_the_end
        yield ClockSource.NONE, _ns(self.boot.floor) + since_the_floor, _ns(UNBOUNDED)
        for point in self._ntp if own is None else (_Point(own), *self._ntp):
            yield ClockSource.NTP, *point.at(boottime_ns)
        yield ClockSource.NONE, _ns(EARLIEST), self.ends_by - before_the_end


class _Point:
    """An anchor in nanoseconds."""

    def __init__(self, anchor: Anchor) -> None:
        self._boottime = anchor.boottime_ns
        self._time = _ns(anchor.time)
        self._error = anchor.error // timedelta(microseconds=1) * _PER_MICROSECOND

    def at(self, boottime_ns: int) -> tuple[int, int]:
        """The earliest and the latest true time of another moment of the same boot."""
        elapsed = boottime_ns - self._boottime
        slack = self._error + _drift(abs(elapsed))
        return self._time + elapsed - slack, self._time + elapsed + slack


def _by_server(anchor: Anchor) -> bool:
    return anchor.source is ClockSource.SERVER


def _gap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two intervals are so far apart that somebody must be wrong."""
    return max(one[0], other[0]) - min(one[1], other[1]) > _ns(_EPOCH + TOLERANCE)


def _worth_keeping(boot: Boot, anchor: Anchor) -> bool:
    sources = {known.source for known in boot.anchors}
    if anchor.source not in sources and ClockSource.SERVER not in sources:
        return True
    narrowest = min(latest - earliest for earliest, latest in (_Point(a).at(anchor.boottime_ns) for a in boot.anchors))
    return narrowest - _ns(_EPOCH + 2 * anchor.error) >= _ns(_EPOCH + WORTH_KEEPING)


def _thinned(anchors: list[Anchor]) -> tuple[Anchor, ...]:
    return tuple(anchors if len(anchors) <= MOST_ANCHORS else anchors[::2])  # of 65: the first and the last stay


def _drift(nanoseconds: int) -> int:
    return -(-nanoseconds * DRIFT_PPM // _MILLION)


def _shrunk(nanoseconds: int) -> int:
    """The least true time in which the boot clock advances so far."""
    return nanoseconds - _drift(nanoseconds)


def _stretched(nanoseconds: int) -> int:
    """The most true time in which the boot clock advances so far."""
    return nanoseconds + _drift(nanoseconds)


def _ns(moment: datetime) -> int:
    since = moment - _EPOCH
    return (since.days * _DAY_SECONDS + since.seconds) * _PER_SECOND + since.microseconds * _PER_MICROSECOND


def _moment(nanoseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=nanoseconds // _PER_MICROSECOND)
