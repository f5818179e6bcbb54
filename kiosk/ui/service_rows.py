"""The facts of the service page in words, row by row. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from hardware.scans import REFUSED
from kiosk.core.opening import VIETNAM
from kiosk.exporting import Progress, Stage
from kiosk.service_desk import UP, Fact, Facts, Said
from kiosk.ui.wording import ServicePage
from protocol.messages import ClockSource

# As the server warns of it; below, there is soon no room for votes.
DISK_LOW_BELOW = 500_000_000
HOT_ABOVE = 80.0  # °C: a Raspberry Pi slows itself down here
CLOCK_WRONG_BEYOND = 120.0  # seconds, as the server warns of it
LONGEST_VALUE = 120  # letters: four lines
RIGHT_WITHIN = 1.0  # seconds
_GIGABYTE, _MEGABYTE = 10**9, 10**6


class Sign(Enum):
    """What stands before a row."""

    NONE = "none"
    FINE = "fine"
    AMISS = "amiss"


@dataclass(frozen=True)
class Row:
    label: str
    value: str
    sign: Sign = Sign.NONE


def rows(facts: Facts, words: ServicePage) -> tuple[Row, ...]:
    """Return a row for each `Fact`, in their order."""
    values = {fact: _VALUES[fact](facts, words) for fact in Fact}
    return tuple(Row(words.facts[fact], _short(value), sign) for fact, (value, sign) in values.items())


def export_words(progress: Progress, words: ServicePage) -> str:
    """Say how far an export has come, or how it ended."""
    said = words.exports[progress.stage].format(
        votes=progress.votes, waiting=progress.waiting, reason=progress.reason or words.values[Said.UNKNOWN]
    )
    if progress.confirmed:
        said += " " + words.confirmed.format(confirmed=progress.confirmed)
    if progress.reason and progress.stage in (Stage.WRITTEN, Stage.NOTHING_WAITS):
        said += " " + words.receipts_amiss.format(reason=progress.reason)
    return said


def heard_words(kind: str, words: ServicePage) -> str:
    """Name the kind of a scan; one that has no name here is given as it is."""
    return words.heard.get(kind, kind)


Value = tuple[str, Sign]


def _port(state: str, words: ServicePage) -> Value:
    if state == UP:
        return words.values[Said.READY], Sign.FINE
    said = {str(trouble): wording for trouble, wording in words.troubles.items()}
    return said.get(state, state), Sign.AMISS  # what has no words is an error of the system, in its own


def _scanner(facts: Facts, words: ServicePage) -> Value:
    return _port(facts.scanner, words)


def _queue(facts: Facts, words: ServicePage) -> Value:
    return (words.values[Said.NONE], Sign.NONE) if facts.queue is None else _port(facts.queue, words)


def _network(facts: Facts, words: ServicePage) -> Value:
    if facts.online:
        return words.values[Said.ONLINE], Sign.FINE
    offline = words.values[Said.OFFLINE]
    return f"{offline}: {facts.trouble}" if facts.trouble else offline, Sign.AMISS


def _storage(facts: Facts, words: ServicePage) -> Value:
    if facts.storage:
        return words.values[Said.NOT_STORED].format(reason=facts.storage), Sign.AMISS
    return words.values[Said.FINE], Sign.FINE


def _disk(facts: Facts, words: ServicePage) -> Value:
    free = facts.disk_free
    if free is None:
        return words.values[Said.UNKNOWN], Sign.AMISS
    large = free >= _GIGABYTE
    amount = _number(free / (_GIGABYTE if large else _MEGABYTE), 1 if large else 0, words)
    return f"{amount} {'GB' if large else 'MB'}", Sign.AMISS if free < DISK_LOW_BELOW else Sign.FINE


def _temperature(facts: Facts, words: ServicePage) -> Value:
    if facts.temperature is None:
        return words.values[Said.UNKNOWN], Sign.NONE
    return f"{_number(facts.temperature, 0, words)} °C", Sign.AMISS if facts.temperature > HOT_ABOVE else Sign.FINE


def _uptime(facts: Facts, words: ServicePage) -> Value:
    minutes = int(facts.uptime // 60)
    days, hours = divmod(minutes // 60, 24)
    said = Said.DAYS if days else Said.HOURS if hours else Said.MINUTES
    return words.values[said].format(days=days, hours=hours, minutes=minutes % 60), Sign.NONE


def _waiting(facts: Facts, words: ServicePage) -> Value:
    return (words.values[Said.UNKNOWN], Sign.AMISS) if facts.waiting is None else (str(facts.waiting), Sign.NONE)


def _oldest(facts: Facts, words: ServicePage) -> Value:
    if facts.oldest_waiting is None:
        return words.values[Said.UNKNOWN if facts.waiting is None or facts.waiting else Said.NONE], Sign.NONE
    return f"{facts.oldest_waiting.astimezone(VIETNAM):%H:00 %d/%m/%Y}", Sign.NONE


def _clock(facts: Facts, words: ServicePage) -> Value:
    if facts.clock is None:
        return words.values[Said.UNKNOWN], Sign.AMISS
    if facts.clock.source is ClockSource.NONE:
        return words.values[Said.CLOCK_NONE], Sign.AMISS
    said = Said.CLOCK_NTP if facts.clock.source is ClockSource.NTP else Said.CLOCK_SERVER
    return words.values[said].format(error=f"{_number(facts.clock.error, 2, words)} s"), Sign.FINE


def _offset(facts: Facts, words: ServicePage) -> Value:
    if facts.clock is None or facts.clock.source is ClockSource.NONE:
        return words.values[Said.UNKNOWN], Sign.NONE
    ahead = facts.clock.offset
    if abs(ahead) <= RIGHT_WITHIN:
        return words.values[Said.RIGHT], Sign.FINE
    said = Said.SECONDS_AHEAD if ahead > 0 else Said.SECONDS_BEHIND
    wrong = abs(ahead) > CLOCK_WRONG_BEYOND
    return words.values[said].format(seconds=_number(abs(ahead), 0, words)), Sign.AMISS if wrong else Sign.FINE


def _setup(facts: Facts, words: ServicePage) -> Value:
    values = words.values
    return values[Said.REVISION].format(number=facts.setup) if facts.setup else values[Said.NONE], Sign.NONE


def _refused(facts: Facts, words: ServicePage) -> Value:
    most_first = sorted(facts.refused_scans.items(), key=lambda each: (-each[1], each[0]))
    named = [f"{heard_words(REFUSED + reason, words)} {count}" for reason, count in most_first]
    return _listed(named) or words.values[Said.NONE], Sign.NONE


def _versions(facts: Facts, words: ServicePage) -> Value:
    return _listed([f"{what} {version}" for what, version in facts.versions]), Sign.NONE


def _listed(things: list[str]) -> str:
    # What belongs together stays on one line.
    return " · ".join(thing.replace(" ", "\u00a0") for thing in things)


def _short(value: str) -> str:
    return value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1].rstrip() + "…"


def _number(value: float, places: int, words: ServicePage) -> str:
    return f"{value:.{places}f}".replace(".", words.decimal)


_VALUES: dict[Fact, Callable[[Facts, ServicePage], Value]] = {
    Fact.SCANNER: _scanner,
    Fact.QUEUE: _queue,
    Fact.NETWORK: _network,
    Fact.STORAGE: _storage,
    Fact.DISK: _disk,
    Fact.TEMPERATURE: _temperature,
    Fact.UPTIME: _uptime,
    Fact.WAITING: _waiting,
    Fact.OLDEST: _oldest,
    Fact.CLOCK: _clock,
    Fact.OFFSET: _offset,
    Fact.SETUP: _setup,
    Fact.REFUSED: _refused,
    Fact.VERSIONS: _versions,
}
