"""What a vote may be labelled as: by its kiosk, which knows exact times, and by the rules of the server."""

from enum import StrEnum

from protocol.visits import VisitLabel


class RuleName(StrEnum):
    """The rules of the server; each gives the label of its own name, two of which kiosks give too."""

    DUPLICATE = VisitLabel.DUPLICATE
    BURST = "burst"
    BEYOND_SERVED = "beyond-served"
    TOP_RUN = "top-run"
    OUT_OF_HOURS = VisitLabel.OUT_OF_HOURS


ALL_LABELS = tuple(dict.fromkeys([*map(str, VisitLabel), *map(str, RuleName)]))
