"""An office itself, without its people: its names, who signs for it, when it is open."""

from enum import StrEnum

from protocol.messages import Thresholds as ScreenThresholds
from sync_server.core.entries import Entry, check_key, check_shown
from sync_server.core.opening import Opening


class Thresholds(ScreenThresholds, frozen=True, forbid_unknown_fields=True):
    """How long the kiosks' screens stay, in seconds."""


class Rank(StrEnum):
    """At which level of the state an office stands."""

    COMMUNE = "commune"
    DISTRICT = "district"  # until 30/6/2025
    PROVINCE = "province"


class Capacity(StrEnum):
    """In which capacity a document is signed (NĐ 30/2020/NĐ-CP, Điều 13)."""

    COLLECTIVE = "TM."
    DEPUTY = "KT."
    ACTING = "Q."


class Signer(Entry, frozen=True):
    """Who signs; ValueError unless the names are usable."""

    name: str
    title: str
    capacity: Capacity = Capacity.COLLECTIVE

    def __post_init__(self) -> None:
        check_shown("name", self.name)
        check_shown("title", self.title)


class Letterhead(Entry, frozen=True):
    """An office itself, without its people; ValueError unless the names are usable."""

    office: str
    unit: str
    place: str = ""  # địa danh, as it stands before the date
    rank: Rank = Rank.COMMUNE
    parent: str = ""  # the site of the office above, if it is kept here
    signer: Signer | None = None
    opening_hours: tuple[Opening, ...] = ()
    thresholds: Thresholds = Thresholds()

    def __post_init__(self) -> None:
        check_shown("office", self.office)
        check_shown("unit", self.unit)
        if self.place:
            check_shown("place", self.place)
        if self.parent:
            check_key("parent", self.parent)
