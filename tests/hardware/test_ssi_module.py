"""The simulated SSI scanner sends a packet until it is acknowledged, three times at most, and then the next."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.driver import Call, CallState, Frame, Output, Send
from hardware.line import LONGEST_LINE
from hardware.speech import Cannot, Way
from hardware.ssi import (
    ACK,
    MORE_FOLLOWS,
    NAK_OP,
    RETRANSMISSION,
    SCAN_DISABLE,
    START_DECODE,
    Ssi,
    packet,
    set_parameter,
)
from hardware.ssi_module import ANSWER_SECONDS, PART, TRIES, SsiModule
from tests.hardware.drivers import cut, said
from tests.hardware.drivers import ssi as sent

RESEND = packet(NAK_OP, b"\x01")


class Clock:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def module(clock: Clock) -> SsiModule:
    return SsiModule(clock)


def code(text: bytes, status: int = 0) -> bytes:
    return sent(0xF3, b"\x03" + text, status)


def test_an_acknowledged_code_is_sent_once(clock: Clock, module: SsiModule) -> None:
    module.take(b"A012", Way.WHOLE)
    assert module.hear(b"") == code(b"A012")
    assert module.busy
    assert module.hear(ACK) == b""
    clock.now += ANSWER_SECONDS
    assert module.hear(b"") == b""
    assert (module.busy, module.outcome, module.sent) == (False, "acknowledged", 1)


def test_without_an_answer_it_comes_three_times_and_is_given_up(clock: Clock, module: SsiModule) -> None:
    module.take(b"A012", Way.WHOLE)
    found = []
    for _ in range(2 * TRIES):
        found.append(module.hear(b""))
        clock.now += ANSWER_SECONDS / 2
        assert module.hear(b"") == b""
        clock.now += ANSWER_SECONDS / 2
    again = code(b"A012", RETRANSMISSION)
    assert found == [code(b"A012"), again, again, b"", b"", b""]
    assert (module.busy, module.outcome) == (False, "sent 3 times and not acknowledged")
    module.take(b"B345", Way.WHOLE)
    assert module.hear(b"") == code(b"B345")


def test_what_came_damaged_is_sent_again_at_once(module: SsiModule) -> None:
    module.take(b"A012", Way.WHOLE)
    module.hear(b"")
    assert module.hear(RESEND) == code(b"A012", RETRANSMISSION)


def test_an_acknowledgement_of_nothing_changes_nothing(module: SsiModule) -> None:
    assert module.hear(ACK) == b""
    module.take(b"A012", Way.WHOLE)
    assert module.hear(ACK) == code(b"A012")
    assert module.busy


def test_the_next_part_waits_for_the_answer(module: SsiModule) -> None:
    text = b"x" * (2 * PART + 1)
    module.take(text, Way.WHOLE)
    assert module.hear(b"") == code(text[:PART], MORE_FOLLOWS)
    assert module.hear(b"") == b""
    assert module.hear(ACK) == code(text[:PART], MORE_FOLLOWS)
    assert module.hear(ACK) == code(b"x")


def test_commands_are_acknowledged_and_junk_is_passed_over(module: SsiModule) -> None:
    yes = sent(0xD0)
    assert module.hear(b"\x00" + SCAN_DISABLE + START_DECODE + set_parameter(0x8A, 8)) == yes * 3
    assert module.hear(b"\xff" * 600 + code(b"A012")) == b""


def test_what_it_has_no_way_for_is_answered(module: SsiModule) -> None:
    with pytest.raises(Cannot, match="a scanner calls nobody"):
        module.take(Call(3, "A012", CallState.CALLED), Way.WHOLE)
    with pytest.raises(Cannot, match="no terminator"):
        module.take(b"A012", Way.BARE)
    assert not module.busy


def test_without_power_it_forgets_what_was_not_sent(module: SsiModule) -> None:
    module.take(b"A012", Way.TWICE)
    module.lose_power()
    assert (module.busy, module.hear(b"")) == (False, b"")


@given(
    st.binary(min_size=1, max_size=LONGEST_LINE).map(lambda text: text + b"."),
    st.sampled_from([Way.WHOLE, Way.SPLIT, Way.TWICE, Way.UNHEARD]),
    st.lists(st.integers(0, 600), max_size=8),
)
def test_the_kiosk_s_driver_reads_each_code_once_whatever_was_heard(text: bytes, way: Way, cuts: list[int]) -> None:
    clock = Clock()
    module, driver = SsiModule(clock), Ssi()
    text = text[-LONGEST_LINE:]
    module.take(text, way)
    found: list[Output] = []
    answer = b""
    while module.busy:
        outputs = [output for piece in cut(module.hear(answer), cuts) for output in driver.feed(piece, clock.now)]
        found += outputs
        answer = b"".join(output.data for output in outputs if isinstance(output, Send))
        clock.now += ANSWER_SECONDS
    packets = -(-len(text) // PART)
    assert said(found) == [Frame(text)] * (2 if way is Way.TWICE else 1)
    assert module.sent == packets * {Way.TWICE: 2, Way.UNHEARD: TRIES}.get(way, 1)
    assert module.outcome == "acknowledged"
