"""What the screens say, per language: one TOML file each, with the same keys."""

import tomllib
from collections.abc import Mapping
from functools import cache

import msgspec

from kiosk.core.marking import Method
from kiosk.exporting import Stage
from kiosk.languages import LANGUAGES, WORDING
from kiosk.service_desk import Fact, Said
from protocol.codes import RefusedReason
from protocol.port_troubles import PortTrouble

__all__ = ["LANGUAGES", "Wording", "wording"]


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Footer(_Part, frozen=True):
    privacy: str
    motto: str
    countdown: str  #: {seconds}


class Idle(_Part, frozen=True):
    title: str
    invitation: str
    scanner_missing: str
    start: str
    paper: str
    scan_here: str
    scan_not_yet: str
    closed: str
    closed_invitation: str  #: {hours}: when the office is open
    hours: str  #: {opens}, {closes}


class Rate(_Part, frozen=True):
    counter: str  #: {number}
    case: str  #: {end}
    ticket: str  #: {end}: the number of a queue ticket
    question: str
    hint: str
    progress: str  #: {place}, {of}
    decline: str
    back: str
    levels: dict[int, str]


class Reasons(_Part, frozen=True):
    sorry: str  # where a low level was chosen
    welcome: str  # where none was
    no_reasons: str  # where only a comment can be given
    hint: str
    skip: str
    write: str
    send: str
    back: str


class Counters(_Part, frozen=True):
    title: str
    hint: str


class Switching(_Part, frozen=True):
    title: str
    text: str  #: {end}: of the case that was scanned
    keep: str
    switch: str


class SignedIn(_Part, frozen=True):
    title: str  #: {name}
    text: str
    out: str


class Comment(_Part, frozen=True):
    question: str
    hint: str
    invitation: str
    back: str
    skip: str
    send: str


class KeyNames(_Part, frozen=True):
    blank: str
    methods: dict[Method, str]  #: of typing marks


class Thanks(_Part, frozen=True):
    title: str
    counted: str  #: {roman}: of the quarter; {year}
    published: str  #: {roman}, {year}; {share} of {votes}


class Notice(_Part, frozen=True):
    title: str
    text: str


class OutOfOrder(_Part, frozen=True):
    title: str
    lost: str  #: stands before the text where somebody's rating was on its way
    text: str


class NoticeTouch(_Part, frozen=True):
    go_on: str


class Spoken(_Part, frozen=True):
    """What is said aloud and does not stand on the screen in these words."""

    counters: str
    question: str  #: where the office words none
    levels: str
    reasons: str
    comment: str
    switch: str
    pin: str


class Pin(_Part, frozen=True):
    title: str
    hint: str
    wrong: str
    enter: str
    delete: str
    back: str


class ServicePage(_Part, frozen=True):
    title: str  #: {kiosk}: its name
    decimal: str  #: between the whole and its parts
    close: str
    restart: str
    again: str
    sure: str
    not_now: str
    export: str
    scanner_test: str
    scan_anything: str
    touch_test: str
    touch_anywhere: str
    touched: str  #: {number}
    facts: dict[Fact, str]
    values: dict[Said, str]
    troubles: dict[PortTrouble, str]  #: of scanner and queue system
    heard: dict[str, str]  #: kinds of scans, as `hardware.scans.kind_of` names them
    exports: dict[Stage, str]  #: {votes} {waiting} {reason}
    confirmed: str  #: {confirmed}
    receipts_amiss: str  #: {reason}


class Wording(_Part, frozen=True):
    """Everything that is said in one language."""

    name: str  #: of the language, in itself
    footer: Footer
    idle: Idle
    rate: Rate
    reasons: Reasons
    counters: Counters
    switching: Switching
    comment: Comment
    keyboard: KeyNames
    thanks: Thanks
    already_rated: Notice
    refused: dict[RefusedReason, Notice]
    out_of_order: OutOfOrder
    identify: Notice  #: {kiosk}: its name
    signed_in: SignedIn
    spoken: Spoken
    pin: Pin
    service: ServicePage
    notice: NoticeTouch


def said_in(said: Mapping[str, str], language: str) -> str:
    """Return what an office says in *language*, or in another one if it does not; empty when it says nothing."""
    return said.get(language) or next(iter(said.values()), "")


@cache
def wording(language: str) -> Wording:
    """Return what is said in *language*, one of LANGUAGES.

    The files are part of the program: msgspec.ValidationError when a key is missing or unknown.
    """
    text = (WORDING / f"{language}.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Wording, strict=False)
