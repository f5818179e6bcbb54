"""The kiosk's settings: a TOML file, read once at the start."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from hardware.driver import Driver
from hardware.drivers import QUEUES, SCANNERS, queue_driver
from hardware.modbus import FIRST_REGISTERS, UNITS, Registers
from hardware.ports import BAUD_RATES
from hardware.queue_line import USUAL_CALL, BadPattern, Check, LineShape
from kiosk.core.resting import Habits
from kiosk.core.setups import Arrangement
from kiosk.core.tones import LOUDEST
from kiosk.languages import LANGUAGES
from protocol.badges import read_badge
from protocol.tokens import KEY_BYTES
from protocol.topics import Address
from protocol.units import is_unit

MOST_UNITS = 100
ROTATIONS = (0, 90, 180, 270)
MOST_MINUTES = 24 * 60
_KEY = re.compile(r"[0-9a-f]{64}")
_PIN = re.compile(r"[0-9]{4,12}")
_NUMBERED = re.compile(r"/dev/(tty(USB|ACM)|input/event)[0-9]+")


def _check_name(field: str, name: str, names: Iterable[str]) -> None:
    if name not in names:
        raise ValueError(f"{field}: expected one of {', '.join(names)}")


def _check_number(field: str, number: int, numbers: range) -> None:
    if number not in numbers:
        raise ValueError(f"{field}: expected a number from {numbers[0]} to {numbers[-1]}")


def _check_port(port: str) -> None:
    if not port:
        raise ValueError("port: expected the path of a device, like /dev/kiosk/scanner")
    if _NUMBERED.fullmatch(port):
        raise ValueError(
            f"port: {port} may be another device after the next plugging in; "
            "expected a name that stays, as python -m hardware ports lists them"
        )


def _check_baud(baud: int) -> None:
    if baud not in BAUD_RATES:
        raise ValueError(f"baud: expected one of {', '.join(map(str, BAUD_RATES))}")


class _Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Identity(_Section, frozen=True):
    """Who this kiosk is."""

    site: str  #: the office, as the server knows it
    kiosk: str  #: this machine, as the server knows it
    site_key: str  #: 64 hexadecimal digits; turns case codes into tokens; secret
    state: str = "/var/lib/kiosk"  #: folder for the votes that wait; a relative path starts at this file
    registered: datetime | None = None  #: the server's time when it wrote this file: no vote is older

    def __post_init__(self) -> None:
        if self.registered is not None and self.registered.tzinfo is None:
            raise ValueError("registered: expected a time with its offset, like 2026-11-24T03:00:00Z")
        Address(self.site, self.kiosk)
        try:
            key = bytes.fromhex(self.site_key)
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            raise ValueError(f"site_key: expected {2 * KEY_BYTES} hexadecimal digits")

    @property
    def address(self) -> Address:
        return Address(self.site, self.kiosk)


class Server(_Section, frozen=True):
    """Where the votes go."""

    password: str  #: this kiosk's own; secret
    host: str = "127.0.0.1"  #: name or address of the MQTT broker
    port: int = 1883  #: TCP port of the broker
    authority: str = ""  #: PEM file of the one authority that vouches for the broker; empty: no TLS

    def __post_init__(self) -> None:
        try:
            known = self.host.encode("idna")  # as the system's resolver will want it
        except UnicodeError:
            known = b""
        if not known:
            raise ValueError("host: expected a name or an address")
        if not 1 <= self.port <= 65535:
            raise ValueError("port: expected a number from 1 to 65535")


class Storage(_Section, frozen=True):
    """The votes on this kiosk's disk."""

    retention_days: int = 35  #: how long votes stay here after the server has confirmed them
    most_megabytes: int = 512  #: room that votes may take; beyond it confirmed ones go early, then no vote is taken

    def __post_init__(self) -> None:
        if not 1 <= self.retention_days <= 3660:
            raise ValueError("retention_days: expected a number from 1 to 3660")
        if not 1 <= self.most_megabytes <= 1_000_000:
            raise ValueError("most_megabytes: expected a number from 1 to 1000000")


class Scanner(_Section, frozen=True):
    """The barcode scanner."""

    port: str = "/dev/kiosk/scanner"  #: the device; may come and go
    baud: int = 9600  #: speed of the line; a keyboard has none
    driver: str = "line"  #: what it speaks: line, gm65, ssi, or wedge: it is a keyboard

    def __post_init__(self) -> None:
        _check_port(self.port)
        _check_baud(self.baud)
        _check_name("driver", self.driver, SCANNERS)


class Queue(_Section, frozen=True):
    """The queue system, which is only listened to (but for `poll`)."""

    port: str  #: the device; may come and go
    driver: str  #: what it speaks: line, ft12 or modbus
    baud: int = 9600  #: speed of the line
    pattern: str = USUAL_CALL  #: of `line`: regular expression with the groups ticket, counter and state
    framed: bool = False  #: of `line`: between STX and ETX
    check: str = "none"  #: of `line`: the last byte is the xor or the sum of the others
    unit: int = 1  #: of `modbus`: the device's number
    first_register: int = 0  #: of `modbus`: the first of counter, ticket, state and prefix
    poll: bool = False  #: of `modbus`: ask for them, where no other master does

    def __post_init__(self) -> None:
        _check_port(self.port)
        _check_name("driver", self.driver, QUEUES)
        _check_baud(self.baud)
        _check_name("check", self.check, [*Check])
        _check_number("unit", self.unit, UNITS)
        _check_number("first_register", self.first_register, FIRST_REGISTERS)
        try:
            self.made()
        except BadPattern as mistake:
            raise ValueError(f"pattern: {mistake}") from None

    def made(self) -> Driver:
        """Return the driver that this asks for."""
        shape = LineShape(self.pattern, self.framed, Check(self.check))
        return queue_driver(self.driver, shape, Registers(self.unit, self.first_register, self.poll))


class Place(_Section, frozen=True):
    """What the screen says about where it stands, until the server's setup says it."""

    office: str = "ỦY BAN NHÂN DÂN"  #: first line of the header
    unit: str = "Bộ phận Tiếp nhận và Trả kết quả"  #: second line of the header
    counter: int | None = None  #: number of the counter that this kiosk stands at; none: it serves the whole room
    field: str = ""  #: what that counter deals with, as shown on the screen
    units: tuple[str, ...] = ()  #: whose cases are this office's own; none: those of every unit

    def __post_init__(self) -> None:
        if len(self.units) > MOST_UNITS or not all(map(is_unit, self.units)):
            raise ValueError(f"units: expected up to {MOST_UNITS} identifiers of units, like H57.14, in capitals")
        if self.counter is not None and not 1 <= self.counter <= 999:
            raise ValueError("counter: expected a number from 1 to 999")

    def arranged(self) -> Arrangement:
        """What is in force until the server's setup says more."""
        return Arrangement(office=self.office, unit=self.unit, counter=self.counter, field=self.field)


class Screen(_Section, frozen=True):
    """The panel."""

    width: int = 1280  #: pixels of the panel, however the picture is turned
    height: int = 800  #: pixels of the panel
    rotation: int = 0  #: degrees by which the picture is turned against the clock: 0, 90, 180 or 270
    fullscreen: bool = True  #: cover the whole panel
    language: str = "vi"  #: of the first screen: vi, en or another that there is a wording file of

    def __post_init__(self) -> None:
        if not (320 <= self.width <= 7680 and 320 <= self.height <= 7680):
            raise ValueError("width, height: expected 320 to 7680 pixels")
        if self.rotation not in ROTATIONS:
            raise ValueError("rotation: expected 0, 90, 180 or 270")
        if self.language not in LANGUAGES:
            raise ValueError(f"language: expected one of {', '.join(LANGUAGES)}")


class Service(_Section, frozen=True):
    """The service page, for whoever looks after the kiosk."""

    pin: str = ""  #: 4 to 12 digits that open it, after the sign in the header was held; none: only badges do
    badges: tuple[str, ...] = ()  #: badges that open it, like NV-0012
    stick: str = ""  #: folder that votes are exported to; none: the USB stick that is mounted

    def __post_init__(self) -> None:
        if self.pin and not _PIN.fullmatch(self.pin):
            raise ValueError("pin: expected 4 to 12 digits")
        if any((badge := read_badge(text)) is None or badge.canonical != text for text in self.badges):
            raise ValueError("badges: expected badges like NV-0012")


class Sound(_Section, frozen=True):
    """What is heard."""

    volume: int = 40  #: of the sounds and the voice, from 0 (none) to 100
    speak: bool = False  #: say what each screen asks; needs espeak-ng

    def __post_init__(self) -> None:
        if not 0 <= self.volume <= LOUDEST:
            raise ValueError(f"volume: expected a number from 0 to {LOUDEST}")


class Rest(_Section, frozen=True):
    """How the panel rests when nobody is there."""

    dim_minutes: int = 10  #: dim after so many minutes; 0: never
    dark_outside_hours: bool = True  #: dark while the office is closed, where its opening hours are known
    margin_minutes: int = 30  #: not dark so many minutes before the office opens and after it has closed
    shift_minutes: int = 10  #: move the picture by a pixel every so many minutes, so that it does not burn in; 0: never

    def __post_init__(self) -> None:
        for name in ("dim_minutes", "margin_minutes", "shift_minutes"):
            if not 0 <= getattr(self, name) <= MOST_MINUTES:
                raise ValueError(f"{name}: expected a number from 0 to {MOST_MINUTES}")

    def habits(self) -> Habits:
        """Return how the panel rests."""
        return Habits(
            dim_after=timedelta(minutes=self.dim_minutes) or None,
            dark_beyond=timedelta(minutes=self.margin_minutes) if self.dark_outside_hours else None,
            shift_every=timedelta(minutes=self.shift_minutes) or None,
        )


class Export(_Section, frozen=True):
    """The keys for votes that travel on a USB stick; each is 64 hexadecimal digits."""

    signing_key: str  #: this kiosk's own; secret
    server_key: str  #: what votes are sealed to, so that only the server reads them
    receipt_key: str  #: what the server's receipts are signed with

    def __post_init__(self) -> None:
        for name in ("signing_key", "server_key", "receipt_key"):
            if not _KEY.fullmatch(getattr(self, name)):
                raise ValueError(f"{name}: expected 64 hexadecimal digits")


class Settings(_Section, frozen=True):
    """Everything a kiosk is told."""

    identity: Identity
    server: Server
    scanner: Scanner = Scanner()
    queue: Queue | None = None
    place: Place = Place()
    screen: Screen = Screen()
    storage: Storage = Storage()
    service: Service = Service()
    sound: Sound = Sound()
    rest: Rest = Rest()
    export: Export | None = None

    def __post_init__(self) -> None:
        if self.queue is not None and self.queue.port == self.scanner.port:
            raise ValueError("queue.port: the scanner has this port; expected another one")
