"""How a visit to the screen ends, and what is noted about its circumstances: the words of the wire.

On the wire they are plain keys, so that an older server keeps what a newer kiosk says.
"""

from enum import StrEnum


class VisitOutcome(StrEnum):
    """How a visit ended; only an answered one is a vote that counts."""

    ANSWERED = "answered"
    ABANDONED = "abandoned"  # left after some questions were answered; what was answered is kept
    TIMED_OUT = "timed-out"  # left before the first answer
    DECLINED = "declined"  # said so
    DEVICE_ERROR = "device-error"  # the kiosk could not store what was answered


class VisitLabel(StrEnum):
    """Why a vote may be looked at twice; nothing is dropped for one. `kiosk.core.labels` says when each is given."""

    HASTY = "hasty"
    REPEAT = "repeat"
    DUPLICATE = "duplicate"
    UNCONTEXTED = "uncontexted"
    OUT_OF_HOURS = "out-of-hours"
    PLAY = "play"
    NEAR_OFFICER = "near-officer"
    FOREIGN = "foreign"  # the case is another office's
