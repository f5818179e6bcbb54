import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.scans import Scan
from hardware.simulator import SimulatedScanner
from protocol.codes import CaseCode
from protocol.enrolment import Enrolment, write_enrolment
from tests.hardware.listening import DEADLINE, Listener, case, supervised
from tests.hardware.programs import ROOT, run, running

OLD_CASE = "000.00.12.H57-200331-0042"  # the program asks the real calendar


def test_watch_tells_scans_and_states_but_no_texts(scanner: SimulatedScanner) -> None:
    with running("watch", scanner.link) as watch:
        assert watch.said() == "up"
        scanner.scan(OLD_CASE)
        assert watch.said() == "case: …0331-0042"
        scanner.scan("001099000123|012345678|Nguyễn Văn Thử|01021999|Nam|Huế|03042021")
        assert watch.said() == "refused: identity-card"
        scanner.scan("hello")
        assert watch.said() == "refused: not-recognised"
        scanner.scan("A012")
        assert watch.said() == "a queue ticket"
        scanner.unplug()
        assert watch.said().startswith("down: the device went away")
        assert watch.said() == "down: there is no such device; trying again"
        scanner.replug()
        assert watch.said() == "up"
        watch.signal(signal.SIGINT)
        assert watch.ended() == (0, "")
        assert watch.line() == ""


def test_watch_waits_for_a_port_that_is_not_there(link: Path) -> None:
    with running("watch", link, "--baud", "115200") as watch:
        assert watch.said() == "down: there is no such device; trying again"
        with SimulatedScanner(link):
            assert watch.said() == "up"
            watch.signal(signal.SIGTERM)
            assert watch.ended() == (0, "")


def test_watch_of_a_keyboard_wants_an_input_device_and_has_no_bytes_to_show(scanner: SimulatedScanner) -> None:
    with running("watch", scanner.link, "--driver", "wedge") as watch:
        assert watch.said() == "down: not an input device; trying again"
    refused = run("watch", scanner.link, "--driver", "wedge", "--raw")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.startswith("python -m hardware: --raw: a keyboard sends keys and no bytes")


def test_watch_ends_quietly_when_nobody_reads_it_any_more(scanner: SimulatedScanner) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "hardware", "watch", str(scanner.link)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as watch:
        assert watch.stdout is not None
        assert watch.stderr is not None
        assert watch.stdout.readline().endswith(b"up\n")
        watch.stdout.close()
        scanner.unplug()
        assert watch.stderr.read() == b""
        assert watch.wait(DEADLINE) == 0


TEXTS = [
    (OLD_CASE.encode(), "case 000.00.12.H57-20200331-0042"),
    (b"H56.14.20200331.0042\r", "case H56.14-20200331-0042 foreign"),
    (b"]Q1https://hcc.example.vn/tra-cuu?mahs=000.00.12.h57-200331-0042", "case 000.00.12.H57-20200331-0042"),
    (b"b-045", "ticket B045"),
    (b"nv-0012", "badge NV-0012"),
    (
        write_enrolment(Enrolment("kiosks.example", 8443, b"f" * 32, b"c" * 16)).encode(),
        "enrolment kiosks.example 8443",
    ),
    ("001099000123|012345678|Nguyễn Văn Thử|01021999|Nam|Huế|03042021".encode(), "refused identity-card"),
    (b"001099000123|012345678|" + b"x" * 10_000 + OLD_CASE.encode(), "refused identity-card"),
    (b"x" * 4096, "refused not-recognised"),
    (b"DN4010112345678", "refused health-card"),
    (b"00020101021138570010A000000727", "refused payment"),
    (b"1.001193", "refused look-alike"),
    (OLD_CASE.encode() + b" H56.14.20200331.0042", "refused ambiguous"),
    (b"\xff\xfe", "refused unreadable"),
    (b"", "refused not-recognised"),
    (b"no line end, and hello", "refused not-recognised"),
]


def test_classify_says_on_one_line_what_each_text_is() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "hardware", "classify", "--units", "12.H57"],
        cwd=ROOT,
        input=b"\n".join(text for text, _ in TEXTS),
        capture_output=True,
        timeout=DEADLINE,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().splitlines() == [answer for _, answer in TEXTS]


def test_classify_answers_each_text_as_it_comes() -> None:
    with running("classify") as classify:
        classify.type("A012")
        assert classify.line() == "ticket A012"
        classify.type("H56.14.20200331.0042")
        assert classify.line() == "case H56.14-20200331-0042", "without --units no unit is foreign"
        classify.end_input()
        assert classify.ended() == (0, "")


def test_simulate_scans_what_is_typed_and_comes_and_goes(link: Path) -> None:
    listener = Listener()
    with running("simulate", "--link", link) as simulate:
        assert simulate.line().startswith(f"plugged in at {link} (/dev/pts/")
        with supervised(link, listener):
            listener.wait_until_up()
            simulate.type(case(1))
            assert simulate.line() == "scanned"
            assert listener.next_scan().__class__.__name__ == "CaseCode"
            simulate.type("")
            assert simulate.line() == "nothing to scan; type a code, or give a file with --codes"
            simulate.type(":unplug")
            assert simulate.line() == "unplugged"
            listener.wait_until_down()
            simulate.type(case(2))
            assert simulate.line() == "the device is unplugged; :replug plugs it in"
            simulate.type(":replug")
            assert simulate.line().startswith(f"plugged in at {link} (/dev/pts/")
            listener.wait_until_up()
            simulate.type(":dance")
            assert simulate.line() == "not understood; :help names what there is"
        simulate.end_input()
        assert simulate.ended() == (0, "")
    assert not link.is_symlink()


def test_simulate_scans_the_samples_of_a_file_in_turn(link: Path, tmp_path: Path) -> None:
    codes = tmp_path / "codes.txt"
    codes.write_text(f"# receipts\n\n{case(1)}\n{case(2)}\n", encoding="utf-8")
    with running("simulate", "--link", link, "--codes", codes) as simulate:
        simulate.line()
        for number in (1, 2, 1):
            simulate.type("")
            assert simulate.line() == f"scanned {case(number)}"


def next_case(listener: Listener) -> str:
    """The running number of the next case; what is refused before it is passed over."""
    while not isinstance(scan := listener.next_scan(), CaseCode):
        pass
    return scan.running


def test_a_line_is_broken_in_every_way_and_each_code_arrives_once(link: Path) -> None:
    listener = Listener()
    with running("simulate", "--link", link) as simulate, supervised(link, listener):
        listener.wait_until_up()
        for number, way in enumerate((":split ", ":twice ", ":bare ", "")):
            simulate.type(f"{way}{case(number)}")
            assert next_case(listener) == f"{number:04}"
            simulate.type(":noise 600")
            simulate.type(":raw 0D")
        simulate.type(":unplug 0.1")
        listener.wait_until_down()
        listener.wait_until_up()
        simulate.type(case(9))
        assert next_case(listener) == "0009"
    assert all(not isinstance(scan, CaseCode) for scan in iter_queue(listener))


def iter_queue(listener: Listener) -> Iterator[Scan]:
    while not listener.scans.empty():
        yield listener.next_scan()


def test_a_script_is_carried_out_line_by_line(link: Path, tmp_path: Path) -> None:
    script = tmp_path / "script.txt"
    script.write_text(f"# a bad day\n{case(1)}\n:unplug 0\n:wait 0\n:unplug\n{case(2)}\n", encoding="utf-8")
    with running("simulate", "--link", link, "--script", script, "--suffix", "crlf") as simulate:
        said = [simulate.line() for _ in range(6)]
        assert simulate.ended() == (0, "")
    assert said[0].startswith("plugged in at")
    assert said[1] == "scanned"
    assert said[2].startswith("unplugged for 0 s; plugged in at")
    assert said[3:] == ["waited 0 s", "unplugged", "the device is unplugged; :replug plugs it in"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_simulate_takes_its_link_away_when_it_is_ended(link: Path, number: signal.Signals) -> None:
    with running("simulate", "--link", link) as simulate:
        simulate.line()
        simulate.signal(number)
        assert simulate.ended() == (0, "")
    assert not link.is_symlink()


def test_a_link_that_was_blocked_meanwhile_is_told(link: Path) -> None:
    with running("simulate", "--link", link) as simulate:
        simulate.line()
        simulate.type(":unplug")
        simulate.line()
        link.touch()
        simulate.type(":replug")
        assert simulate.line() == f"the device cannot be put at {link}: there is something else of this name"


def test_ports_lists_or_says_that_there_are_none() -> None:
    result = run("ports")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout


@pytest.mark.parametrize("command", [[], ["ports"], ["watch"], ["classify"], ["simulate"], ["commission"]])
def test_each_command_explains_itself(command: list[str]) -> None:
    result = run(*command, "--help")
    assert (result.returncode, result.stderr) == (0, "")
    assert len(result.stdout.splitlines()) > 5


def test_a_mistake_is_one_sentence_and_exit_2(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("# nothing\n", encoding="utf-8")
    (tmp_path / "file").touch()
    mistakes: list[tuple[list[str | Path], str]] = [
        ([], "COMMAND"),
        (["dance"], "dance"),
        (["watch"], "PORT"),
        (["watch", "/dev/x", "--baud", "1"], "9600, 19200"),
        (["watch", "/dev/x", "--baud", "fast"], "fast"),
        (["classify", "--units", "H57.14", "h57"], "--units: expected identifiers of units, like H57.14"),
        (["classify", "codes.txt"], "codes.txt"),
        (["simulate", "--codes", tmp_path / "missing"], "missing cannot be read: No such file or directory"),
        (["simulate", "--codes", tmp_path / "empty"], "empty holds no codes"),
        (["simulate", "--script", tmp_path / "empty"], "empty holds no directions"),
        (["simulate", "--suffix", "nul"], "nul"),
        (["simulate", "--driver", "gm65", "--suffix", "cr"], "a GM65 sends the suffix it is set to"),
        (["simulate", "--driver", "ssi", "--suffix", "cr"], "--suffix: only what --driver line says ends with one"),
        (["simulate", "--unit", "3"], "--unit: only --driver modbus has it"),
        (["simulate", "--driver", "modbus", "--unit", "248"], "--unit: expected a number from 1 to 247"),
        (["simulate", "--driver", "modbus", "--unit", "³"], "--unit: expected a number from 1 to 247"),
        (["watch", "/dev/x", "--first-register", "0"], "--first-register: only --driver modbus has it"),
        (["watch", "/dev/x", "--driver", "modbus", "--first-register", "65533"], "a number from 0 to 65532"),
        (["watch", "/dev/x", "--poll"], "--poll: only --driver modbus has it"),
        (["watch", "/dev/x", "--pattern", "x"], "--pattern: only --driver line-queue has it"),
        (["watch", "/dev/x", "--driver", "ft12", "--framed"], "--framed: only --driver line-queue has it"),
        (["watch", "/dev/x", "--driver", "line-queue", "--pattern", "("], "--pattern: the pattern is no regular"),
        (["watch", "/dev/x", "--driver", "line-queue", "--pattern", ""], "lacks (?P<counter>…) and (?P<ticket>…)"),
        (["watch", "/dev/x", "--driver", "line-queue", "--check", "crc"], "crc"),
        (["watch", "/dev/x", "--driver", "queue"], "queue"),
        (["simulate", "--link", tmp_path / "file"], "file: there is something else of this name"),
        (["simulate", "--link", tmp_path / "no" / "folder"], "folder: No such file or directory"),
    ]
    for arguments, words in mistakes:
        result = run(*arguments)
        assert (result.returncode, result.stdout) == (2, "")
        assert len(result.stderr.splitlines()) == 1
        assert words in result.stderr
