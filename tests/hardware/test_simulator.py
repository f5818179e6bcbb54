import os
from pathlib import Path

import pytest

import hardware.simulator
from hardware.ports import Transport
from hardware.simulator import SimulatedScanner, Unplugged
from tests.hardware.listening import open_files, read


def test_a_scan_is_its_text_and_the_suffix(scanner: SimulatedScanner) -> None:
    transport = Transport(str(scanner.link), 9600)
    scanner.scan("A012")
    scanner.scan("Huế", suffix="\r\n")
    expected = "A012\rHuế\r\n".encode()
    assert read(transport, len(expected)) == expected
    transport.close()


def test_the_link_is_there_while_the_scanner_is_plugged_in(link: Path) -> None:
    with SimulatedScanner(link) as scanner:
        assert str(link.readlink()) == scanner.terminal
        scanner.unplug()
        assert not link.is_symlink()
        scanner.replug()
        assert link.is_char_device()
    assert list(link.parent.iterdir()) == []


def test_plugging_twice_and_unplugging_twice_change_nothing(scanner: SimulatedScanner) -> None:
    terminal = scanner.terminal
    scanner.replug()
    assert scanner.terminal == terminal
    scanner.unplug()
    scanner.unplug()
    scanner.close()


def test_an_unplugged_scanner_cannot_scan(scanner: SimulatedScanner) -> None:
    scanner.unplug()
    with pytest.raises(Unplugged):
        scanner.scan("A012")


def test_a_link_left_by_a_killed_simulator_is_replaced(link: Path) -> None:
    link.symlink_to("/dev/pts/does-not-exist")
    link.with_name(f".scanner.{os.getpid()}").symlink_to("/dev/pts/does-not-exist")
    with SimulatedScanner(link):
        assert link.is_char_device()


def test_anything_else_at_the_link_is_left_alone(link: Path) -> None:
    link.write_text("precious", encoding="ascii")
    before = open_files()
    with pytest.raises(FileExistsError):
        SimulatedScanner(link)
    assert link.read_text(encoding="ascii") == "precious"
    assert open_files() == before


def test_a_link_that_another_simulator_took_over_stays(link: Path) -> None:
    with SimulatedScanner(link) as first, SimulatedScanner(link) as second:
        first.unplug()
        assert str(link.readlink()) == second.terminal


def test_what_nobody_reads_is_lost_as_on_a_line(scanner: SimulatedScanner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hardware.simulator, "PATIENCE", 0.05)
    scanner.send(b"x" * 1_000_000)
    transport = Transport(str(scanner.link), 9600)
    scanner.scan("A012")
    assert read(transport, len(b"A012\r")) == b"A012\r"
    transport.close()
