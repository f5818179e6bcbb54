"""The command that sets a GM65 up, at a real pseudo-terminal behind which a GM65 answers."""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest

from hardware import gm65
from hardware.answering import AnsweringScanner
from hardware.gm65_module import SHIPPED, Gm65Module
from hardware.simulator import SimulatedScanner
from tests.hardware.listening import DEADLINE
from tests.hardware.programs import ROOT, run, running

CARD = "001099000123|012345678|Nguyen Van Thu|01021999|Nam|Hue|03042021"


class Module(Gm65Module):
    """A GM65 to which something happens at one command, which it does not hear any more."""

    def __init__(self) -> None:
        super().__init__()
        self.leave_on = b""
        self.leave: Callable[[], None] = lambda: None
        self.deaf = False
        self.chatty = False

    def hear(self, data: bytes) -> bytes:
        if not data:
            return b""
        if self.leave_on and self.leave_on in data and not self.deaf:
            self.deaf = True
            self.leave()
        if self.deaf:
            return b""
        answer = super().hear(data)
        return CARD.encode() + b"\r" + answer + CARD.encode() + b"\r" if self.chatty else answer


@pytest.fixture
def module() -> Module:
    return Module()


@pytest.fixture
def gm65_at(link: Path, module: Module) -> Iterator[AnsweringScanner]:
    scanner = AnsweringScanner(link, module)
    yield scanner
    scanner.close()


def right(module: Gm65Module) -> bool:
    return module.zones == module.flash == SHIPPED | {gm65.SETUP_CODES_ZONE: 0x03, gm65.TAIL_ZONE: 0x01}


FOUND = ["a scanner of the GM65 family answers at 9600 baud", "hardware version 64, software version 6A"]


def test_a_confirmed_scanner_is_set_up_and_a_second_run_changes_nothing(
    gm65_at: AnsweringScanner, module: Module
) -> None:
    first = run("commission", gm65_at.link, "--model", "GM65", patience=60.0)
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.splitlines() == [
        *FOUND,
        "set-up codes: allowed (01) → refused (03)",
        "suffix: none (61) → CR (01)",
        "changed, saved and read back; now scan something with: python -m hardware watch --driver gm65 PORT",
    ]
    assert right(module)
    written = module.written
    second = run("commission", gm65_at.link, "--model", "GM65", patience=60.0)
    assert second.returncode == 0
    assert second.stdout.splitlines()[-1] == "nothing had to be changed; saved once more"
    assert module.written == written


def test_a_dry_run_shows_what_would_be_written(gm65_at: AnsweringScanner, module: Module) -> None:
    result = run("commission", gm65_at.link, "--dry-run")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-2:] == [
        "suffix: none (61) → CR (01)",
        "nothing was written; this is for a GM65 only",
    ]
    assert module.written == 0


def test_without_a_confirmation_nothing_is_written(gm65_at: AnsweringScanner, module: Module) -> None:
    result = run("commission", gm65_at.link)
    assert (result.returncode, result.stdout.splitlines()) == (2, FOUND)
    assert "nobody confirmed the model; --model GM65 does, if its label says so; nothing was written" in result.stderr
    assert module.written == 0


@pytest.mark.parametrize(("typed", "status"), [(b"yes\n", 0), (b"y\n", 2), (b"\n", 2)])
def test_on_a_terminal_a_person_is_asked(gm65_at: AnsweringScanner, module: Module, typed: bytes, status: int) -> None:
    terminal, side = pty.openpty()
    try:
        os.write(terminal, typed)
        result = subprocess.run(
            [sys.executable, "-m", "hardware", "commission", str(gm65_at.link)],
            cwd=ROOT,
            stdin=side,
            capture_output=True,
            timeout=60,
            check=False,
        )
    finally:
        os.close(terminal)
        os.close(side)
    assert result.returncode == status
    assert "Does the label of the module say GM65?" in result.stdout.decode()
    assert right(module) == (status == 0)


def test_codes_scanned_meanwhile_are_not_shown(gm65_at: AnsweringScanner, module: Module) -> None:
    module.chatty = True
    result = run("commission", gm65_at.link, "--model", "GM65", patience=60.0)
    assert result.returncode == 0
    assert right(module)
    assert not any(field in result.stdout + result.stderr for field in CARD.split("|"))


@pytest.mark.parametrize(
    "at", [gm65.read(gm65.TAIL_ZONE), gm65.write(gm65.TAIL_ZONE, 0x01), gm65.save()], ids=bytes.hex
)
def test_a_scanner_that_loses_its_power_is_set_up_by_the_next_run(
    gm65_at: AnsweringScanner, module: Module, at: bytes
) -> None:
    module.leave_on = at
    result = run("commission", gm65_at.link, "--model", "GM65", patience=60.0)
    assert result.returncode == 2
    assert "the scanner stopped answering; the scanner may be set up in part: run this again" in result.stderr
    gm65_at.unplug()
    gm65_at.replug()
    module.leave_on, module.deaf = b"", False
    assert run("commission", gm65_at.link, "--model", "GM65", patience=60.0).returncode == 0
    assert right(module)


def test_a_cable_that_is_pulled_is_one_sentence(gm65_at: AnsweringScanner, module: Module) -> None:
    module.leave_on, module.leave = gm65.save(), gm65_at.unplug
    result = run("commission", gm65_at.link, "--model", "GM65", patience=60.0)
    assert (result.returncode, result.stdout.splitlines()) == (2, FOUND)
    assert result.stderr == (
        "python -m hardware: the device went away, or another program reads from it; "
        "the scanner may be set up in part: run this again\n"
    )


def test_a_port_where_no_gm65_answers_is_told_with_what_was_tried(scanner: SimulatedScanner) -> None:
    result = run("commission", scanner.link, "--model", "GM65", patience=60.0)
    assert (result.returncode, result.stdout) == (2, "")
    *doing, failure = result.stderr.splitlines()
    assert doing[-1] == "still looking for the scanner: asking at 19200 baud"
    assert "no GM65 answers at 9600, 115200, 57600, 38400, 19200 baud" in failure


def test_who_ends_it_is_told_how_that_leaves_the_scanner(gm65_at: AnsweringScanner, module: Module) -> None:
    started = Event()

    def interrupt() -> None:
        assert started.wait(DEADLINE)
        command.signal(signal.SIGINT)

    module.leave_on, module.leave = gm65.read(gm65.TAIL_ZONE), interrupt
    with running("commission", gm65_at.link, "--model", "GM65") as command:
        started.set()
        status, errors = command.ended()
    assert status == 2
    assert errors == "python -m hardware: stopped; the scanner may be set up in part: run this again\n"


def test_a_missing_port_and_an_unknown_model_are_told(tmp_path: Path) -> None:
    result = run("commission", tmp_path / "none", "--model", "GM65")
    assert (result.returncode, result.stdout) == (2, "")
    assert "there is no such device" in result.stderr
    assert "GM812" in run("commission", tmp_path / "none", "--model", "GM812").stderr
