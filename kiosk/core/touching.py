"""Which touches are meant. Pure; times are seconds.

Nothing is done when a finger comes down, only when it leaves the same target (WCAG 2.2, 2.5.2): who slides off has
changed their mind.
"""

from enum import StrEnum

SHORTEST = 0.05  # twice what libinput takes for the bounce of a button (25 ms): below it is a spark, not a finger
LONGEST = 2.0  # a key that is held may repeat from here on (EN 301 549, 5.7): a sleeve that leans on the panel
STUCK = 10.0  # nobody holds a finger so long: dirt, or a panel that is broken
ONCE = 0.5  # the same target struck twice within it was meant once (EN 301 549, 5.8)


class Touching(StrEnum):
    """What a touch was; all but the first count for nothing, and are counted under these names."""

    MEANT = "touches"
    SHORT = "touches too short"
    LONG = "touches too long"
    STUCK = "touches stuck"
    TWICE = "touches twice"
    SLID = "touches slid off"


def judge(held: float, *, inside: bool, since_last: float) -> Touching:
    """Say what a touch was that has just ended: how long it was held, where it ended, and how long after the last."""
    if held >= STUCK:
        return Touching.STUCK
    if held > LONGEST:
        return Touching.LONG
    if not inside:
        return Touching.SLID
    if held < SHORTEST:
        return Touching.SHORT
    return Touching.TWICE if since_last < ONCE else Touching.MEANT
