"""What an office says reaches a real kiosk, and what became of it is known at the server."""

import shutil
from pathlib import Path

import pytest

from tests.journeys.office import SAMPLE_OFFICE, make_office
from tests.journeys.processes import Program, eventually

KIOSK = "quay-1"


@pytest.mark.journey
def test_a_kiosk_follows_a_new_setup_and_answers_commands(tmp_path: Path) -> None:
    office = make_office(tmp_path, (KIOSK,))
    office.register_kiosks(office.broker_port)
    log = tmp_path / "errors.log"
    server = Program("sync_server", "--settings", str(office.server_settings), log=log)
    kiosk = Program("kiosk", "--no-window", "--settings", str(office.kiosk_settings(KIOSK)), log=log)
    tell = ("tell", "sia", KIOSK)
    try:
        eventually("revision 1", lambda: f"{KIOSK}: follows revision 1\n" in office.server("setup"), 60)
        changed = Path(shutil.copytree(SAMPLE_OFFICE, tmp_path / "changed"))
        text = (changed / "office.toml").read_text(encoding="utf-8")
        (changed / "office.toml").write_text(text.replace("thanks = 5", "thanks = 8"), encoding="utf-8")
        assert "setup revision 2 is in force; kiosks are told" in office.server("office", "import", str(changed))
        eventually("revision 2", lambda: f"{KIOSK}: follows revision 2\n" in office.server("setup"), 60)
        assert "\ndone at " in office.server(*tell, "identify", "--wait", "60")
        assert "\ndone at " in office.server(*tell, "restart", "--wait", "60")
        assert kiosk.code(60) == 0  # whoever started it starts it again
        told = office.server(*tell, "list").splitlines()
        assert [line.split("  ")[1] for line in told] == ["restart", "identify"]
        assert f'hailong_kiosk_setup_revision{{kiosk="{KIOSK}",site="sia"}} 2.0' in office.server("metrics")
        assert server.end() == 0
    finally:
        kiosk.abandon()
        server.abandon()
