"""Long steps: one line each, the output in the log."""

import sys
from pathlib import Path

import pytest

from deploy.progress import last_lines, run_step


def test_a_step_is_a_line_and_its_output_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "deep" / "setup.log"
    assert run_step("Counting", [sys.executable, "-c", "print('spam'); print('eggs')"], log) == 0
    assert run_step("Failing", [sys.executable, "-c", "raise SystemExit('ham')"], log) == 1
    shown = capsys.readouterr().out
    assert "Counting ...\n  done in" in shown
    assert "Failing ...\n  failed in" in shown
    assert "eggs" not in shown
    assert "eggs" in log.read_text(encoding="utf-8")


def test_the_last_lines_are_those_of_the_last_command_and_can_be_printed(tmp_path: Path) -> None:
    log = tmp_path / "setup.log"
    log.write_bytes(b"\n$ first\nold\n\n$ second\nnew\n\n\x1b[31mred\x07 \xff\n")
    assert last_lines(log, 9) == ["new", "[31mred \ufffd"]
    assert last_lines(log, 1) == ["[31mred \ufffd"]
