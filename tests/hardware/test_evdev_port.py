import importlib.util
import os
from pathlib import Path

import pytest

from hardware.driver import Frame, Output
from hardware.drivers import SCANNERS, opener
from hardware.evdev_port import EVIOCGRAB, EVIOCSCLOCKID, GrabbedKeyboard
from hardware.ports import PortLost, PortUnavailable
from hardware.wedge import EVENT, Wedge
from protocol.codes import CaseCode
from tests.hardware.drivers import A012
from tests.hardware.keys import ENTER, strokes, tap
from tests.hardware.listening import Listener, case, supervised

UINPUT = Path("/dev/uinput")


def why_no_keyboard() -> str | None:
    """Return why no keyboard can be made up here; None when it can."""
    if not UINPUT.exists():
        return "there is no /dev/uinput"
    if not os.access(UINPUT, os.W_OK):
        return "/dev/uinput may not be written"
    return None if importlib.util.find_spec("evdev") else "evdev, which makes up the keyboard, is not installed"


def test_what_is_no_input_device_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(PortUnavailable, match="no such device"):
        GrabbedKeyboard(str(tmp_path / "missing"))
    (tmp_path / "file").touch()
    for path in (tmp_path / "file", tmp_path, Path("/dev/null")):
        with pytest.raises(PortUnavailable, match="not an input device"):
            GrabbedKeyboard(str(path))


def test_the_numbers_are_those_of_the_kernel_s_header() -> None:
    def iow(kind: str, number: int, size: int) -> int:
        return 1 << 30 | size << 16 | ord(kind) << 8 | number

    assert (iow("E", 0x90, 4), iow("E", 0xA0, 4)) == (EVIOCGRAB, EVIOCSCLOCKID)
    assert EVENT.size == 24 or EVENT.size == 16


@pytest.mark.skipif(why_no_keyboard() is not None, reason=str(why_no_keyboard()))
def test_a_grabbed_keyboard_is_read_until_it_is_gone() -> None:
    evdev = importlib.import_module("evdev")
    with evdev.UInput(name="made-up scanner") as keyboard:
        port = GrabbedKeyboard(keyboard.device.path)
        with pytest.raises(PortUnavailable, match="grabbed"):
            GrabbedKeyboard(keyboard.device.path)
        driver = Wedge()
        for code, value in A012:
            keyboard.write(1, code, value)
            keyboard.syn()
        found: list[Output] = []
        while not found:
            found = driver.feed(port.read(), 1.0)
        assert found == [Frame(b"A012")]
    with pytest.raises(PortLost):
        while True:
            port.read()
    port.close()
    port.close()


@pytest.mark.skipif(why_no_keyboard() is not None, reason=str(why_no_keyboard()))
def test_a_scanner_that_types_is_read_from_its_keys_to_the_scan() -> None:
    evdev = importlib.import_module("evdev")
    listener = Listener()
    with evdev.UInput(name="made-up scanner") as keyboard:
        path = Path(keyboard.device.path)
        with supervised(path, listener, driver=SCANNERS["wedge"](), opens=opener("wedge")):
            listener.wait_until_up()
            for code, value in [*strokes(case(7)), *tap(ENTER)]:
                keyboard.write(1, code, value)
                keyboard.syn()
            assert isinstance(listener.next_scan(), CaseCode)
            keyboard.close()
            listener.wait_until_down()
