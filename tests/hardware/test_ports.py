import errno
import fcntl
import os
from array import array
from pathlib import Path

import pytest

from hardware.ports import PortLost, PortUnavailable, Transport, claim, list_ports, printable, reason_for, stable_names
from hardware.simulator import SimulatedScanner
from tests.hardware.listening import open_files, read

TIOCGEXCL = 0x80045440  # asm-generic/ioctls.h; Python does not name it


def test_bytes_arrive_as_they_were_sent_whatever_they_are(scanner: SimulatedScanner) -> None:
    transport = Transport(str(scanner.link), 9600)
    everything = bytes(range(256))
    scanner.send(everything)
    assert read(transport, 256) == everything
    assert transport.read() == b""
    transport.close()


def test_a_port_has_one_reader(scanner: SimulatedScanner) -> None:
    first = Transport(str(scanner.link), 9600)
    with pytest.raises(PortUnavailable, match="in use by another program"):
        Transport(str(scanner.link), 9600)
    first.close()
    Transport(str(scanner.link), 9600).close()


def test_a_device_that_goes_away_is_lost_and_can_be_closed_twice(scanner: SimulatedScanner) -> None:
    transport = Transport(str(scanner.link), 9600)
    scanner.unplug()
    with pytest.raises(PortLost, match="the device went away"):
        transport.read()
    transport.close()
    transport.close()


def test_a_closed_port_is_lost_for_its_reader(scanner: SimulatedScanner) -> None:
    transport = Transport(str(scanner.link), 9600)
    transport.close()
    with pytest.raises(PortLost):
        transport.read()


def test_what_is_no_port_says_why(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path, reason in [
        (tmp_path / "missing", "there is no such device"),
        (tmp_path / "file", "not a serial port"),
        (tmp_path, "not a serial port"),
        (tmp_path / "file" / "below", os.strerror(errno.ENOTDIR)),
        (Path("/dev/null"), "not a serial port"),
        ("", "there is no such device"),
        ("nul\0byte", "cannot be opened"),
    ]:
        with pytest.raises(PortUnavailable) as caught:
            Transport(str(path), 9600)
        assert str(caught.value) == reason


def test_failed_and_lost_ports_leave_no_files_open(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    before = open_files()
    for _ in range(5):
        with SimulatedScanner(tmp_path / "scanner") as scanner:
            held = Transport(str(scanner.link), 9600)
            for path in (tmp_path / "file", tmp_path / "missing", scanner.link):
                with pytest.raises(PortUnavailable):
                    Transport(str(path), 9600)
        held.close()
    assert open_files() == before


def test_a_port_is_claimed_for_us_alone_but_a_pseudo_terminal_is_not() -> None:
    # The near end of a pseudo-terminal is a terminal of another kind, and stands in for a device here.
    device, terminal = os.openpty()
    claimed = {}
    for name, descriptor in (("device", device), ("terminal", terminal)):
        claim(descriptor)
        answer = array("i", [0])
        fcntl.ioctl(descriptor, TIOCGEXCL, answer)
        claimed[name] = bool(answer[0])
    os.close(terminal)
    os.close(device)
    assert claimed == {"device": True, "terminal": False}


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.EACCES, "dialout"),
        (errno.EBUSY, "in use"),
        (errno.EAGAIN, "in use"),
        (errno.ENODEV, "no such device"),
        (errno.EIO, os.strerror(errno.EIO)),
        (None, "cannot be opened"),
    ],
)
def test_every_error_number_has_words(number: int | None, words: str) -> None:
    assert words in reason_for(number)


def test_the_stable_names_of_a_device_are_the_links_that_lead_to_it(tmp_path: Path) -> None:
    device, other, links = tmp_path / "ttyACM0", tmp_path / "ttyACM1", tmp_path / "by-id"
    device.touch()
    other.touch()
    links.mkdir()
    (links / "usb-scanner").symlink_to("../ttyACM0")
    (links / "usb-board").symlink_to("../ttyACM1")
    assert stable_names(str(device), (tmp_path / "missing", links)) == (str(links / "usb-scanner"),)


def test_ports_can_be_listed_on_any_machine() -> None:
    assert all(port.path.startswith("/dev/") for port in list_ports())


def test_what_a_device_says_of_itself_cannot_upset_a_terminal() -> None:
    assert printable("Scan\x1b[2Jner\r\n") == "Scan?[2Jner??"
    assert len(printable("x" * 1000)) == 80
