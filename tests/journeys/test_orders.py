"""A command travels from the server to a running kiosk, and its answer back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from protocol.messages import Action, Command, CommandAnswer, Outcome
from protocol.topics import Channel
from tests.journeys.processes import Program
from tests.kiosk.lines import Held, ScriptedServer

PATIENCE = 30.0  # seconds; reached only when something is broken
SETTINGS = """\
[identity]
site = "sia"
kiosk = "quay-1"
site_key = "{key}"
state = "state"
[server]
password = "any"
port = {port}
[scanner]
port = "no scanner"
"""


@pytest.mark.journey
def test_a_kiosk_that_is_told_to_restart_finishes_the_visit_answers_and_ends_well_once(tmp_path: Path) -> None:
    server = ScriptedServer()
    settings = tmp_path / "kiosk.toml"
    settings.write_text(SETTINGS.format(key="0f" * 32, port=server.port))
    log = tmp_path / "errors.log"
    restart = Command("d" * 32, datetime.now(UTC) + timedelta(hours=1), Action.RESTART)
    kiosk = Program("kiosk", "--no-window", "--settings", str(settings), log=log)
    try:
        assert kiosk.line(PATIENCE) == "screen idle"
        hello = server.hello()
        server.confirm(hello.stream, Held(), nonce=hello.nonce, time=datetime.now(UTC))
        kiosk.say("start")
        assert kiosk.line(PATIENCE) == "screen rate"
        server.say(Channel.COMMAND, restart)
        status = server.status()
        while not status.commands:
            status = server.status()
        assert status.commands == (CommandAnswer(restart.command, Outcome.DONE),)
        kiosk.say("tap 5")
        thanks = kiosk.line(PATIENCE)
        assert thanks is not None and thanks.startswith("screen thanks ")
        kiosk.say("dismiss")
        assert kiosk.line(PATIENCE) == "screen idle"
        assert kiosk.line(PATIENCE) is None, "it has ended"
        assert kiosk.code(PATIENCE) == 0

        again = Program("kiosk", "--no-window", "--settings", str(settings), log=log)
        try:
            assert again.line(PATIENCE) == "screen idle"
            hello = server.hello()
            server.say(Channel.COMMAND, restart)  # the server has not heard the answer, say
            server.confirm(hello.stream, Held(), nonce=hello.nonce, time=datetime.now(UTC))
            assert [vote.vote_id for vote in server.batch().votes] == [thanks.split()[2]]
            again.say("start")
            assert again.line(PATIENCE) == "screen rate"
            assert again.end() == 0
        finally:
            again.abandon()
    finally:
        kiosk.abandon()
        server.stop()
