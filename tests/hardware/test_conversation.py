"""Whatever comes while a GM65 is set up, it ends right or says that it failed; and a second run ends right."""

import re
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware import gm65
from hardware.commissioning import MODELS, SETUP_CODES, TAIL, Change, Versions, identify, inspect, set_up
from hardware.conversation import ANSWER_SECONDS, SETTLE_SECONDS, TRIES, Conversation, Result
from hardware.gm65_module import SHIPPED, VERSIONS, Gm65Module
from tests.hardware.drivers import cut

GM65 = MODELS["GM65"]
TICK = 0.05
LONGEST = 60.0  # seconds of the virtual clock; the longest script has eight commands
RIGHT = {gm65.SETUP_CODES_ZONE: 0x03, gm65.TAIL_ZONE: 0x01}
YES = bytes.fromhex("02 00 00 01 00 33 31")

texts = st.text("0123456789ABCDEF|-. ", min_size=1, max_size=60).map(str.encode)
codes = st.tuples(texts, st.sampled_from([b"\r", b"\r\n", b"\t", b""])).map(b"".join)


class Wire:
    """Carries commands to a module and its answers back, and lets be done to each answer what a test says."""

    def __init__(self, module: Gm65Module) -> None:
        self.module = module
        self.sent: list[bytes] = []

    def answers(self, command: bytes) -> Sequence[tuple[float, bytes]]:
        """Pieces, and how many seconds later each comes."""
        return [(0.0, self.module.hear(command))]

    def play(self, conversation: Conversation[Result]) -> Conversation[Result]:
        now, coming = 0.0, []
        todo = conversation.begin(now)
        while not conversation.over:
            assert now < LONGEST
            for command in todo:
                self.sent.append(command)
                coming += [(now + late, piece) for late, piece in self.answers(command)]
            now += TICK
            due = [piece for at, piece in coming if at <= now]
            coming = [(at, piece) for at, piece in coming if at > now]
            todo = [command for piece in due for command in conversation.feed(piece, now)]
            todo += conversation.tick(now)
        return conversation


def right(module: Gm65Module) -> bool:
    return module.flash == module.zones == SHIPPED | RIGHT


def test_a_scanner_as_shipped_is_set_up_and_said_to_be() -> None:
    module = Gm65Module()
    done = Wire(module).play(Conversation(set_up(GM65)))
    assert done.results == [[Change(SETUP_CODES, 0x01, 0x03), Change(TAIL, 0x61, 0x01)]]
    assert [change.words for change in done.results[0]] == [
        "set-up codes: allowed (01) → refused (03)",
        "suffix: none (61) → CR (01)",
    ]
    assert right(module)


def test_what_is_right_is_not_written_but_saved() -> None:
    module = Gm65Module()
    module.zones |= RIGHT  # as an earlier run left it that never came to save
    wire = Wire(module)
    done = wire.play(Conversation(set_up(GM65)))
    assert [change.words for change in done.results[0]] == [
        "set-up codes: refused (03), as it should be",
        "suffix: CR (01), as it should be",
    ]
    assert module.written == 0
    assert right(module)


@given(st.integers(0, 255), st.integers(0, 255))
def test_the_other_bits_of_a_zone_stay(lock: int, tail: int) -> None:
    module = Gm65Module()
    module.zones |= {gm65.SETUP_CODES_ZONE: lock, gm65.TAIL_ZONE: tail}
    Wire(module).play(Conversation(set_up(GM65)))
    assert module.flash[gm65.SETUP_CODES_ZONE] == lock | 0x03
    assert module.flash[gm65.TAIL_ZONE] == tail & 0x9F


def test_looking_changes_nothing() -> None:
    module = Gm65Module()
    wire = Wire(module)
    assert wire.play(Conversation(identify())).results == [
        Versions(VERSIONS[gm65.HARDWARE_ZONE], VERSIONS[gm65.SOFTWARE_ZONE])
    ]
    wire.play(Conversation(inspect(GM65)))
    assert module.zones == module.flash == SHIPPED
    assert all(command[2] == gm65.READ for command in wire.sent)


class Busy(Wire):
    """Codes are scanned before and behind every answer, and all of it comes in pieces."""

    def __init__(self, module: Gm65Module, codes: Sequence[bytes], cuts: list[int]) -> None:
        super().__init__(module)
        self._codes: Iterator[bytes] = iter(codes)
        self._cuts = cuts

    def answers(self, command: bytes) -> Sequence[tuple[float, bytes]]:
        stream = next(self._codes, b"") + self.module.hear(command) + next(self._codes, b"")
        return [(0.0, piece) for piece in cut(stream, self._cuts)]


@given(st.lists(codes, max_size=30), st.lists(st.integers(0, 80), max_size=10))
def test_codes_scanned_meanwhile_change_nothing_and_are_never_sent(scanned: list[bytes], cuts: list[int]) -> None:
    module = Gm65Module()
    wire = Busy(module, scanned, cuts)
    done = wire.play(Conversation(set_up(GM65)))
    if not done.results:
        # Codes without an end spoilt every answer to one question.
        assert done.silent
        done = Wire(module).play(Conversation(set_up(GM65)))
    assert right(module)
    legal = {gm65.read(zone) for zone in RIGHT} | {gm65.write(*zone) for zone in RIGHT.items()} | {gm65.save()}
    assert {*wire.sent} <= legal


class Unreliable(Wire):
    """Of each command it is said how late its answer comes: None for never, and then it was not heard either."""

    def __init__(self, module: Gm65Module, delays: Sequence[float | None]) -> None:
        super().__init__(module)
        self._delays = iter(delays)

    def answers(self, command: bytes) -> Sequence[tuple[float, bytes]]:
        late = next(self._delays, 0.0)
        return [] if late is None else [(late, self.module.hear(command))]


delays = st.sampled_from(
    [None, 0.0, ANSWER_SECONDS / 2, ANSWER_SECONDS + 0.1, ANSWER_SECONDS + SETTLE_SECONDS - 2 * TICK]
)


@given(st.lists(delays, max_size=40))
def test_late_and_lost_answers_are_taken_for_no_other_question_s(late: list[float | None]) -> None:
    module = Gm65Module()
    done = Unreliable(module, late).play(Conversation(set_up(GM65)))
    assert done.failure == ""
    if done.silent:
        Wire(module).play(Conversation(set_up(GM65)))
    assert right(module)


class Interrupted(Wire):
    """The power goes at one command, before it is heard or after, and nothing is answered from then on."""

    def __init__(self, module: Gm65Module, at: int, heard: bool) -> None:
        super().__init__(module)
        self._at, self._heard = at, heard

    def answers(self, command: bytes) -> Sequence[tuple[float, bytes]]:
        if len(self.sent) <= self._at:
            return super().answers(command)
        if len(self.sent) == self._at + 1 and self._heard:
            self.module.hear(command)
        self.module.lose_power()
        return []


@pytest.mark.parametrize("heard", [False, True])
@pytest.mark.parametrize("at", range(7))
def test_after_a_power_cut_at_any_command_a_second_run_ends_right(at: int, heard: bool) -> None:
    module = Gm65Module()
    wire = Interrupted(module, at, heard)
    assert wire.play(Conversation(set_up(GM65))).silent
    assert len(wire.sent) == at + TRIES
    Wire(module).play(Conversation(set_up(GM65)))
    assert right(module)


class Stubborn(Wire):
    """Answers one command in its own way."""

    def __init__(self, module: Gm65Module, command: bytes, answer: bytes) -> None:
        super().__init__(module)
        self._command, self._answer = command, answer

    def answers(self, command: bytes) -> Sequence[tuple[float, bytes]]:
        return [(0.0, self._answer)] if command == self._command else super().answers(command)


@pytest.mark.parametrize(
    ("command", "answer", "failure"),
    [
        (
            gm65.read(gm65.SETUP_CODES_ZONE),
            bytes.fromhex("02 00 00 02 39 01 AB CD"),
            "asked for its setting of set-up codes, it answered 2 bytes where 1 was expected",
        ),
        (
            gm65.write(gm65.TAIL_ZONE, 0x01),
            bytes.fromhex("02 00 00 01 07 AB CD"),
            "told to change suffix, it did not say that it did",
        ),
        (gm65.save(), bytes.fromhex("02 00 00 01 07 AB CD"), "told to save, it did not say that it did"),
        (
            gm65.write(gm65.TAIL_ZONE, 0x01),
            YES,  # and does not do it
            "suffix reads 61 after 01 was set: it may be another model",
        ),
    ],
)
def test_a_wrong_answer_ends_it_with_a_reason(command: bytes, answer: bytes, failure: str) -> None:
    done = Stubborn(Gm65Module(), command, answer).play(Conversation(set_up(GM65)))
    assert (done.results, done.failure) == ([], failure)


@given(st.lists(st.binary(max_size=30), max_size=30))
def test_noise_never_passes_for_the_end_of_it(noise: list[bytes]) -> None:
    conversation, now = Conversation(identify()), 0.0
    conversation.begin(now)
    for chunk in noise:
        now += TICK
        conversation.feed(chunk, now)
    while not conversation.over:
        now += TICK
        conversation.tick(now)
    assert conversation.silent or conversation.results or conversation.failure


def test_a_scanned_text_is_nowhere_in_it_afterwards() -> None:
    module = Gm65Module()
    done = Busy(module, [b"001099000123|012345678|Nguyen\r"] * 40, []).play(Conversation(set_up(GM65)))
    assert done.results
    assert not re.search("001099000123|Nguyen", repr(vars(done)) + done.failure)
