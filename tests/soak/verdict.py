"""Whether a long run held what it must. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from tests.soak.audit import Audit
from tests.soak.footprint import Footprint

MOST_GROWTH = 0.02  # of the memory after the warm-up
MOST_MORE_OBJECTS = 0.01  # of Python's, likewise: unlike memory they are counted, and none is held in reserve
MOST_FONTS = 64  # that Kivy keeps open
FEWEST_SESSIONS = 2000  # of a run whose memory and handles can be judged
WARM_UP_SHARE = 0.2  # of the sessions: by then every screen, language and look has been drawn, in every size of letters
COMPARED_SHARE = 0.1  # of the sessions, after the warm-up and at the end: one reading alone is chance


@dataclass(frozen=True)
class Figures:
    """What came out of a run; *stuck*: screens that did not end by themselves, with the session."""

    seed: int
    sessions: int
    seconds: float
    thanked: int
    mishaps: int
    stuck: Sequence[str]
    readings: Sequence[Footprint]
    audit: Audit

    @property
    def warm(self) -> Sequence[Footprint]:
        """The readings after the warm-up."""
        return [each for each in self.readings if each.sessions >= WARM_UP_SHARE * self.sessions]

    @property
    def growth(self) -> float | None:
        """By how much of it the memory grew between the warm-up and the end; None when there is too little to tell."""
        return self._growth(lambda each: each.rss)

    @property
    def more_objects(self) -> float | None:
        """The same of Python's objects."""
        return self._growth(lambda each: each.objects)

    def _growth(self, of: Callable[[Footprint], int]) -> float | None:
        warm = self.warm
        if self.sessions < FEWEST_SESSIONS or not warm:
            return None
        part = max(1, round(len(self.readings) * COMPARED_SHARE))
        before, after = (median(map(of, some)) for some in (warm[:part], warm[-part:]))
        return after / before - 1


def objections(figures: Figures) -> list[str]:
    """Return everything that does not hold, in words; nothing when all does."""
    found = [f"it took a restart to leave: {screen}" for screen in figures.stuck]
    if figures.mishaps:
        found.append(f"{figures.mishaps} errors were passed over on the screen")
    found += figures.audit.wrong
    growth = figures.growth
    if growth is not None and growth >= MOST_GROWTH:
        found.append(f"memory grew by {growth:.1%} after the warm-up; less than {MOST_GROWTH:.0%} is allowed")
    more = figures.more_objects
    if more is not None and more >= MOST_MORE_OBJECTS:
        found.append(f"Python's objects became {more:.1%} more; less than {MOST_MORE_OBJECTS:.1%} is allowed")
    fonts = max((each.fonts for each in figures.readings), default=0)
    if fonts > MOST_FONTS:
        found.append(f"{fonts} files of letters were open at once; {MOST_FONTS} are allowed")
    for what in ("threads",) if growth is None else ("handles", "threads"):
        counts = sorted({getattr(each, what) for each in figures.warm})
        if len(counts) > 1:
            found.append(f"the number of {what} was not constant: {', '.join(map(str, counts))}")
    return found


def report(figures: Figures) -> str:
    """Return the figures as a text of some lines."""
    rate = figures.sessions / figures.seconds if figures.seconds else 0.0
    lines = [
        f"seed {figures.seed}: {figures.sessions:,} sessions in {figures.seconds:.0f} s, {rate:.1f} a second",
        f"thanked for: {figures.thanked:,}",
        f"stored: {', '.join(f'{count:,} {outcome}' for outcome, count in sorted(figures.audit.outcomes.items()))}",
        *(f"stored without thanks: {count:,}, for {why}" for why, count in sorted(figures.audit.unthanked.items())),
    ]
    if figures.readings:
        first, last = (figures.warm or figures.readings)[0], figures.readings[-1]
        lines.append(f"after the warm-up: {first.words}; at the end: {last.words}")
    if figures.growth is None:
        lines.append(f"too short to judge memory and handles: that takes {FEWEST_SESSIONS:,} sessions")
    else:
        lines.append(
            f"growth after the warm-up: memory {figures.growth:+.2%}, Python's objects {figures.more_objects:+.2%}"
        )
    wrong = objections(figures)
    return "\n".join(
        [*lines, *(f"DOES NOT HOLD: {each}" for each in wrong), "" if wrong else "all of it holds"]
    ).rstrip()
