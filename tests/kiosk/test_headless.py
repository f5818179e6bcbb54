"""The kiosk that is driven by lines."""

import os
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kiosk.headless import COMMANDS, Headless
from protocol.badges import Badge
from protocol.codes import CaseCode, Refused, RefusedReason
from protocol.messages import CounterSetup, OfficerSetup
from tests.kiosk.core.sessions import TWO_QUESTIONS
from tests.kiosk.screen import DEADLINE, WorkingKiosk, working_kiosk

CODE = CaseCode("000.00.12.H57", date(2026, 11, 19), "0042")


class Conversation:
    """A headless kiosk in a thread, and both ends of its pipes."""

    def __init__(self, kiosk: WorkingKiosk) -> None:
        self.kiosk = kiosk
        their_in, our_out = os.pipe()
        our_in, their_out = os.pipe()
        self._commands = os.fdopen(our_out, "w", buffering=1)
        self._answers = os.fdopen(our_in)
        self._theirs = os.fdopen(their_in), os.fdopen(their_out, "w")
        self.headless = Headless(kiosk.controller, *self._theirs)
        self._thread = threading.Thread(target=self.headless.run)
        self._thread.start()

    def say(self, line: str) -> None:
        self._commands.write(line + "\n")

    def answer(self) -> str:
        return self._answers.readline().rstrip("\n")

    def hang_up(self) -> None:
        if not self._commands.closed:
            self._commands.close()

    def ended(self) -> bool:
        self._thread.join(DEADLINE)
        return not self._thread.is_alive()

    def close(self) -> None:
        self.headless.stop()
        self.hang_up()
        assert self.ended()
        for end in (self._answers, *self._theirs):
            end.close()


@pytest.fixture
def conversation(tmp_path: Path) -> Iterator[Conversation]:
    with working_kiosk(tmp_path / "outbox.sqlite") as kiosk:
        held = Conversation(kiosk)
        try:
            yield held
        finally:
            held.close()


def test_a_whole_visit_by_lines(conversation: Conversation) -> None:
    assert conversation.answer() == "screen idle"
    conversation.say("start")
    assert conversation.answer() == "screen rate"
    conversation.say("tap 5")
    thanks = conversation.answer().split()
    conversation.kiosk.outbox().settle(1, 9, conversation.kiosk.clock.reading())
    [stored] = conversation.kiosk.outbox().votes(1, 9)
    assert thanks == ["screen", "thanks", stored.vote_id]
    conversation.say("dismiss")
    assert conversation.answer() == "screen idle"


def test_scans_are_shown_without_a_command(conversation: Conversation) -> None:
    assert conversation.answer() == "screen idle"
    conversation.kiosk.controller.scanned(CODE)
    assert conversation.answer() == "screen rate"
    conversation.kiosk.controller.scanned(Refused(RefusedReason.IDENTITY_CARD))
    assert conversation.answer() == "screen refused identity-card"
    conversation.say("dismiss")
    assert conversation.answer() == "screen rate"
    conversation.say("tap 1")
    assert conversation.answer().startswith("screen thanks ")
    conversation.kiosk.controller.scanned(CODE)
    assert conversation.answer() == "screen already-rated"


def test_time_passes_by_itself(conversation: Conversation) -> None:
    assert conversation.answer() == "screen idle"
    conversation.say("start")
    assert conversation.answer() == "screen rate"
    conversation.kiosk.clock.advance(31.0)
    assert conversation.answer() == "screen idle"


def test_trouble_with_the_disk_is_a_screen(conversation: Conversation) -> None:
    assert conversation.answer() == "screen idle"
    database = conversation.kiosk.outbox()._database
    database.execute(f"PRAGMA max_page_count = {database.execute('PRAGMA page_count').fetchone()[0]}")
    conversation.kiosk.writer.probe()
    assert conversation.answer() == "screen out-of-order"


NO_COMMANDS = ("tap", "tap ٣", "tap five", "tap 5 5", f"tap {'9' * 5000}", "vote", "start now", "reason", "type")


@pytest.mark.parametrize("line", NO_COMMANDS, ids=lambda line: line[:9])
def test_what_is_no_command_is_named_one(conversation: Conversation, line: str) -> None:
    assert conversation.answer() == "screen idle"
    conversation.say(line)
    assert conversation.answer() == f"error: commands are {COMMANDS}"


def test_what_means_nothing_on_the_present_screen_changes_nothing(conversation: Conversation) -> None:
    assert conversation.answer() == "screen idle"
    for line in ("tap 5", "send", "counter 1", "start", "tap 6", "tap 0", "dismiss", "switch", "decline"):
        conversation.say(line)
    assert [conversation.answer() for _ in range(2)] == ["screen rate", "screen idle"]


def test_everything_that_a_survey_asks_can_be_said_by_lines(conversation: Conversation) -> None:
    controller = conversation.kiosk.controller
    asked = replace(TWO_QUESTIONS, revision=3)
    room = (CounterSetup(1, "an", "Đất đai"), CounterSetup(2, "an", "Hộ tịch"))
    controller.arrange(replace(controller.arrangement, survey=asked, counters=room))
    assert conversation.answer() == "screen idle"
    for line, screen in (
        *(("start", "screen counters"), ("counter 2", "screen rate"), ("tap 4", None), ("tap 3", "screen reasons")),
        *(("reason slow", None), ("write", "screen comment"), ("type Cảm ơn các anh chị", None)),
    ):
        conversation.say(line)
        if screen is not None:
            assert conversation.answer() == screen
    conversation.say("send")
    assert conversation.answer().startswith("screen thanks ")
    outbox = conversation.kiosk.outbox()
    outbox.settle(1, 9, conversation.kiosk.clock.reading())
    [stored] = outbox.votes(1, 9)
    assert (stored.survey, stored.counter, stored.answers) == (3, 2, {"overall": 4, "time": 3})
    assert (stored.reasons, stored.comment) == (("slow",), "Cảm ơn các anh chị")


def test_another_case_amid_a_visit_and_a_badge_are_screens(conversation: Conversation) -> None:
    controller = conversation.kiosk.controller
    officers = {"nv-0012": OfficerSetup("nv-0012", "Nguyễn Văn An", "Công chức")}
    controller.arrange(replace(controller.arrangement, counter=2, officers=officers))
    assert conversation.answer() == "screen idle"
    controller.scanned(Badge("0012"))
    assert conversation.answer() == "screen signed-in"
    for code, screen in ((CODE, "screen rate"), (replace(CODE, running="0043"), "screen switch")):
        controller.scanned(code)
        assert conversation.answer() == screen
    conversation.say("switch")
    assert conversation.answer() == "screen rate"


def test_the_name_of_the_kiosk_is_a_screen(conversation: Conversation) -> None:
    assert conversation.answer() == "screen idle"
    conversation.kiosk.controller.identify("quay-1")
    assert conversation.answer() == "screen identify"
    conversation.say("dismiss")
    assert conversation.answer() == "screen idle"


def test_it_ends_when_it_is_to_leave_and_nobody_is_served(conversation: Conversation) -> None:
    assert conversation.answer() == "screen idle"
    conversation.say("start")
    assert conversation.answer() == "screen rate"
    conversation.kiosk.controller.end()
    conversation.say("tap 5")
    assert conversation.answer().startswith("screen thanks ")
    conversation.say("dismiss")
    assert conversation.answer() == "screen idle"
    assert conversation.ended()


def test_it_ends_when_the_commands_end(conversation: Conversation) -> None:
    assert conversation.answer() == "screen idle"
    conversation.hang_up()
    assert conversation.ended()


def test_it_ends_when_it_is_told_to(conversation: Conversation) -> None:
    assert conversation.answer() == "screen idle"
    conversation.headless.stop()
    assert conversation.ended()
