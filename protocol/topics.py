"""Topic names of the wire: built and parsed here and nowhere else.

`hailong/v1/{site}/{kiosk}/{channel}`; the version of the messages is the second level.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

ROOT = "hailong"
VERSION = "v1"
NAME = re.compile(r"[a-z0-9-]{1,32}")
NAME_RULE = "1 to 32 characters of a-z, 0-9 and -"


class Channel(StrEnum):
    """The last level of a topic: what is carried, and in which direction."""

    VOTES = "votes"  # kiosk → server, VoteBatch
    STATUS = "status"  # kiosk → server, KioskStatus
    HELLO = "hello"  # kiosk → server, Hello
    RECEIPT = "receipt"  # server → kiosk, Receipt
    SETUP = "setup"  # server → kiosk, Setup
    COMMAND = "command"  # server → kiosk, Command


TO_SERVER = frozenset({Channel.VOTES, Channel.STATUS, Channel.HELLO})
TO_KIOSK = frozenset({Channel.RECEIPT, Channel.SETUP, Channel.COMMAND})


@dataclass(frozen=True, order=True)
class Address:
    """One kiosk of one site; ValueError unless both are 1 to 32 characters of a-z, 0-9 and -."""

    site: str
    kiosk: str

    def __post_init__(self) -> None:
        for what, name in (("site", self.site), ("kiosk", self.kiosk)):
            if not NAME.fullmatch(name):
                raise ValueError(f"a {what} is named with {NAME_RULE}")

    @property
    def prefix(self) -> str:
        """The part of every topic of this kiosk before the channel, ending in a slash."""
        return f"{ROOT}/{VERSION}/{self.site}/{self.kiosk}/"


@dataclass(frozen=True)
class Topic:
    """A parsed topic of this version."""

    address: Address
    channel: Channel


@dataclass(frozen=True)
class UnknownTopic:
    """A topic that is not ours or of a version we do not speak, and why."""

    reason: str


def topic(address: Address, channel: Channel) -> str:
    """Return the topic of a kiosk's channel."""
    return address.prefix + channel


@lru_cache(maxsize=10_000)  # a kiosk has three of them, and each comes with every message
def parse(text: str) -> Topic | UnknownTopic:
    """Read a topic; never raises."""
    levels = text.split("/")
    if len(levels) != 5 or levels[0] != ROOT:
        return UnknownTopic("not a topic of this system")
    _, version, site, kiosk, channel = levels
    if version != VERSION:
        return UnknownTopic("unknown version of the protocol")
    if not NAME.fullmatch(site) or not NAME.fullmatch(kiosk):
        return UnknownTopic("site or kiosk is not a valid name")
    if channel not in Channel.__members__.values():
        return UnknownTopic("unknown channel")
    return Topic(Address(site, kiosk), Channel(channel))
