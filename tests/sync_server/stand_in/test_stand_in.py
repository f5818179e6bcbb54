"""The stand-in's command serves a file, and again when it is saved, until it is interrupted."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from sync_server.stand_in.__main__ import main
from tests.fakes.patience import DEADLINE, eventually

HEADING = "case_code,officer\n"


def served(address: str) -> list[dict[str, str]]:
    with urlopen(address, timeout=DEADLINE) as answer:
        items: list[dict[str, str]] = json.load(answer)["data"]["items"]
    return items


def test_a_file_is_served_and_again_when_it_is_saved(tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    file.write_text(HEADING + "H57.14-261002-0111,huong\n")
    command = [sys.executable, "-m", "sync_server.stand_in", str(file), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as program:
        try:
            assert program.stdout is not None
            address = program.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:")
            assert [each["officer"] for each in served(address)] == ["huong"]
            file.write_text(HEADING + "H57.14-261002-0111,bich\nH57.14-261002-0112,huong\n")
            assert eventually(lambda: [each["officer"] for each in served(address)] == ["bich", "huong"])
        finally:
            program.send_signal(signal.SIGINT)
            assert program.wait(timeout=DEADLINE) == 130


def test_a_file_or_port_that_will_not_do_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "cases.csv"
    assert main([str(file)]) == 2
    assert "cannot be read" in capsys.readouterr().err
    file.write_text("a,b\n")
    assert main([str(file)]) == 2
    assert "the heading lacks case_code" in capsys.readouterr().err
    file.write_text(HEADING)
    assert main([str(file), "--port", "70000"]) == 2
    assert "port 70000" in capsys.readouterr().err
