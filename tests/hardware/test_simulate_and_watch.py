"""Every device that `simulate` can be, in one terminal, and `watch` in another."""

from pathlib import Path

import pytest

from hardware.simulator import SimulatedScanner
from tests.hardware.programs import Program, running

OLD_CASE = "000.00.12.H57-200331-0042"  # the programs ask the real calendar
LONG = f"https://hcc.example.vn/tra-cuu?mahs={OLD_CASE}&ghi-chu={'x' * 300}"
CARD = b"001099000123|012345678|Nguyen Van Thu|01021999|Nam|Hue|03042021"


def told(simulate: Program, line: str) -> str:
    simulate.type(line)
    return simulate.line()


@pytest.mark.parametrize(
    ("simulated", "watched", "direction", "answer", "meaning"),
    [
        ("line", "line", f":split {OLD_CASE}", "scanned byte by byte", "case: …0331-0042"),
        ("line", "line-queue", ":call 3 a012", "called", "call: counter 3, ticket A012, called"),
        ("line", "line-queue", ":bare :rate 3 A012", "asked for a rating without a terminator", "A012, rate"),
        ("ft12", "ft12", ":call 3 012", "called", "call: counter 3, ticket 012, serving"),
        ("ft12", "ft12", ":rate 3", "asked for a rating", "call: counter 3, ticket -, rate"),
        ("ssi", "ssi", OLD_CASE, "scanned, acknowledged", "case: …0331-0042"),
        ("ssi", "ssi", LONG, "scanned, acknowledged", "case: …0331-0042"),
        ("modbus", "modbus", ":call 3 A012", "called, told", "call: counter 3, ticket A012, called"),
    ],
)
def test_what_is_simulated_is_seen(
    link: Path, simulated: str, watched: str, direction: str, answer: str, meaning: str
) -> None:
    with running("simulate", "--link", link, "--driver", simulated) as simulate:
        simulate.line()
        with running("watch", link, "--driver", watched) as watch:
            assert watch.said() == "up"
            assert told(simulate, direction) == answer
            assert watch.said().endswith(meaning)


def test_a_gm65_is_seen_to_live_and_to_scan(link: Path) -> None:
    with running("simulate", "--link", link, "--driver", "gm65") as simulate:
        simulate.line()
        with running("watch", link, "--driver", "gm65", "--raw") as watch:
            assert watch.said() == "up"
            assert watch.said().startswith("answer: it lives")
            assert told(simulate, "A012") == "scanned"
            assert watch.said() == "a queue ticket  [4 bytes]  41 30 31 32"


def test_a_modbus_unit_is_asked_where_its_registers_are(link: Path) -> None:
    place = ("--driver", "modbus", "--unit", "9", "--first-register", "100")
    with running("simulate", "--link", link, *place) as simulate:
        simulate.line()
        with running("watch", link, *place, "--poll") as watch:
            assert watch.said() == "up"
            assert told(simulate, ":serve 3 012") == "served, told"
            assert watch.said() == "call: counter 3, ticket 012, serving"


def test_a_unit_that_does_not_answer_is_told_and_its_port_stays_open(scanner: SimulatedScanner) -> None:
    with running("watch", scanner.link, "--driver", "modbus", "--poll") as watch:
        assert watch.said() == "up"
        assert watch.said() == "the queue system has not answered 6 times"


@pytest.mark.parametrize(
    ("driver", "direction", "answer"),
    [
        ("line", ":call 100 A012", "expected a counter, 1 to 99"),
        ("line", ":unheard A012", "only a scanner that speaks SSI waits for answers"),
        ("gm65", ":call 3 A012", "a scanner calls nobody"),
        ("ssi", ":bare A012", "no terminator that could be missing"),
        ("ft12", "A012", "the keypads carry no codes"),
        ("modbus", "A012", "registers carry no codes"),
        ("modbus", ":call 3 000", "1 to 65535"),
    ],
)
def test_what_a_device_cannot_do_is_answered_and_it_goes_on(
    link: Path, driver: str, direction: str, answer: str
) -> None:
    with running("simulate", "--link", link, "--driver", driver) as simulate:
        simulate.line()
        assert answer in told(simulate, direction)
        assert told(simulate, ":unplug") == "unplugged"
        assert told(simulate, ":call 3 012" if driver in ("ft12", "modbus") else "A012").startswith(
            "the device is unplug"
        )


def test_lines_of_an_office_are_read_by_its_own_pattern(scanner: SimulatedScanner) -> None:
    shape = ("--pattern", r"QUAY (?P<counter>\d+) SO (?P<ticket>\w+)", "--framed", "--check", "xor")
    with running("watch", scanner.link, "--driver", "line-queue", *shape, "--raw") as watch:
        assert watch.said() == "up"
        text = b"QUAY 3 SO 012\x03"
        check = 0
        for byte in text:
            check ^= byte
        scanner.send(b"\x02" + text + bytes([check]))
        assert watch.said().startswith("call: counter 3, ticket 012, called  [16 bytes, begins 02")
        scanner.send(b"\x02" + text + bytes([check ^ 1]))
        assert watch.said().startswith("fault: checksum")


def test_a_card_is_no_ticket_however_wide_the_pattern(scanner: SimulatedScanner) -> None:
    shape = ("--pattern", r"(?P<ticket>\d{9,12})\|(?P<counter>\d{1,3}).*")
    with running("watch", scanner.link, "--driver", "line-queue", *shape) as watch:
        assert watch.said() == "up"
        scanner.send(CARD + b"\r")
        assert watch.said() == "refused: identity-card, where a ticket should be"
