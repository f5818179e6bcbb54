"""Which USB ids are known, and what they say about the device. Pure.

Sources: the kernel's usb-serial drivers and usb.ids; makers' guides. An id of a bridge says nothing about what is
behind it, and no id says how a scanner was set up: so this proposes, and a person confirms.
"""

import re
from dataclasses import dataclass
from enum import StrEnum


class Mode(StrEnum):
    """How a device of this id speaks."""

    SERIAL = "serial"
    KEYBOARD = "keyboard"
    OTHER = "other"  # HID-POS, SNAPI: not understood here
    BRIDGE = "bridge"  # a serial cable or converter; the device is behind it


@dataclass(frozen=True)
class Known:
    """What an id stands for, and the driver to try first; None where there is none."""

    maker: str
    mode: Mode
    driver: str | None


_KNOWN: tuple[tuple[str, Known], ...] = (
    ("0C2E:07(00|20)", Known("Metrologic or Honeywell", Mode.SERIAL, "line")),
    ("0C2E:(0204|0200|0B81|0901)", Known("Metrologic or Honeywell", Mode.KEYBOARD, "wedge")),
    ("0C2E:....", Known("Honeywell", Mode.SERIAL, "line")),
    ("05E0:1701", Known("Zebra or Symbol", Mode.SERIAL, "line")),
    ("05E0:1200", Known("Zebra or Symbol", Mode.KEYBOARD, "wedge")),
    ("05E0:1900", Known("Zebra or Symbol, SNAPI", Mode.OTHER, None)),
    ("05F9:4204", Known("Datalogic", Mode.SERIAL, "line")),
    ("05F9:220[26]", Known("Datalogic", Mode.KEYBOARD, "wedge")),
    ("1EAB:(..06)", Known("Newland", Mode.SERIAL, "line")),
    ("1EAB:(..03)", Known("Newland", Mode.KEYBOARD, "wedge")),
    ("1EAB:(..10)", Known("Newland, HID-POS", Mode.OTHER, None)),
    ("067E:0803", Known("Intermec", Mode.SERIAL, "line")),
    ("065A:0009", Known("Opticon", Mode.SERIAL, "line")),
    ("0DB5:0139", Known("Access-IS", Mode.SERIAL, "line")),
    # One library of the maker's has them crosswise, and nobody says which is right.
    ("(6666:7777|7777:6666)", Known("Grow GM65 family", Mode.SERIAL, "gm65")),
    ("0416:C141", Known("no-name scanner", Mode.KEYBOARD, "wedge")),
    ("1A86:(7523|7522|5523)", Known("CH340 or CH341 converter, without a serial number", Mode.BRIDGE, None)),
    ("0403:(6001|6015)", Known("FTDI converter", Mode.BRIDGE, None)),
    ("10C4:EA60", Known("CP210x converter", Mode.BRIDGE, None)),
    ("067B:2303", Known("PL2303 converter, without a serial number", Mode.BRIDGE, None)),
)


def recognise(usb_id: str) -> Known | None:
    """Return what is known of an id such as 1EAB:0106, None when nothing is."""
    return next((known for pattern, known in _KNOWN if re.fullmatch(pattern, usb_id.upper())), None)


def advice(known: Known) -> str:
    """Say in one line what to try with a device."""
    match known.mode:
        case Mode.SERIAL:
            return f"{known.maker}; try driver {known.driver}"
        case Mode.KEYBOARD:
            return (
                f"{known.maker}, set to be a keyboard; better set it to serial (CDC, VCP) by its set-up code, "
                f"else try driver {known.driver}"
            )
        case Mode.BRIDGE:
            return f"{known.maker}; what is behind it, it does not say"
        case Mode.OTHER:
            return f"{known.maker}; set it to serial (CDC, VCP) by its set-up code"
