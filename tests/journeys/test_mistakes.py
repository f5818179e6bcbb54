"""What a user does wrong is answered by one sentence and an exit code, never by a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.office import make_office
from tests.journeys.processes import ROOT, Program, eventually

KIOSK = "quay-1"


def fails(*arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    return done.stderr


@pytest.mark.journey
def test_settings_mistakes_name_the_file_and_the_field(tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    assert f"{path}: cannot be read" in fails("kiosk", "--settings", str(path))
    path.write_text('[identity]\nsite = "sia"\nkiosk = "k1"\nsite_key = "ab"\n[server]\npassword = "x"\n')
    assert f"{path}: identity: site_key: expected 64 hexadecimal digits" in fails("kiosk", "--settings", str(path))
    path.write_text('[mqtt]\nport = "many"\n')
    assert f"{path}: mqtt.port: Expected `int`, got `str`" in fails("sync_server", "--settings", str(path))
    path.write_text("[web]\nprot = 1\n")
    assert "unknown field `prot`" in fails("sync_server", "--settings", str(path), "serve")


@pytest.mark.journey
def test_a_taken_port_and_a_taken_folder_are_named(tmp_path: Path) -> None:
    office = make_office(tmp_path, (KIOSK,))
    office.register_kiosks(office.broker_port)
    settings = str(office.server_settings)
    log = tmp_path / "errors.log"
    server = Program("sync_server", "--settings", settings, log=log)
    kiosk = Program("kiosk", "--no-window", "--settings", str(office.kiosk_settings(KIOSK)), log=log)
    try:
        assert kiosk.line(30) == "screen idle"
        eventually("the server listens", lambda: "pages on" in log.read_text(), 30)
        assert "cannot listen on" in fails("sync_server", "--settings", settings, "serve")
        assert "another kiosk is running" in fails(
            "kiosk", "--no-window", "--settings", str(office.kiosk_settings(KIOSK))
        )
        assert kiosk.end() == 0
        assert server.end() == 0
    finally:
        kiosk.abandon()
        server.abandon()


@pytest.mark.journey
def test_a_scanner_that_does_not_exist_leaves_a_kiosk_that_takes_votes(tmp_path: Path) -> None:
    office = make_office(tmp_path, (KIOSK,))
    office.register_kiosks(office.broker_port)
    kiosk = Program(
        "kiosk", "--no-window", "--settings", str(office.kiosk_settings(KIOSK)), log=tmp_path / "errors.log"
    )
    try:
        assert kiosk.line(30) == "screen idle"
        kiosk.say("start")
        assert kiosk.line(30) == "screen rate"
        kiosk.say("tap 4")
        line = kiosk.line(30)
        assert line is not None and line.startswith("screen thanks")
        assert kiosk.end() == 0
    finally:
        kiosk.abandon()
    assert "there is no such device" in (tmp_path / "errors.log").read_text()
