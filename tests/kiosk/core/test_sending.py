"""Sending over a bad line: everything arrives, in small pieces, and nobody is flooded."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from kiosk.core.sending import (
    FIRST_PATIENCE,
    HELLO_AGAIN,
    LONGEST_PATIENCE,
    STATUS_AGAIN,
    STATUS_GAP,
    WINDOW_MESSAGES,
    Message,
    Send,
    Sender,
    SendHello,
    SendStatus,
)
from protocol.messages import LONGEST_BATCH


def welcomed(stored_up_to: int = 0, highest: int = 10_000, pace: float = 0.0) -> Sender:
    """A sender at time 0 whose hello was answered."""
    sender = Sender(stored_up_to, random.Random(1))
    sender.connected(0.0)
    assert sender.due(highest, 0.0) == [SendStatus(), SendHello()]
    sender.received(stored_up_to, 0.0, pace=pace, answer=True)
    return sender


def votes_due(sender: Sender, highest: int, now: float) -> list[Message]:
    return [message for message in sender.due(highest, now) if isinstance(message, Send)]


def owes_an_answer(sender: Sender) -> bool:
    return sender.waits_for_an_answer


def the_wait(sender: Sender, now: float = 0.0) -> float:
    seconds = sender.next_look(now)
    assert seconds is not None
    return seconds


# --- hello and status ----------------------------------------------------------------------------------


def test_without_a_connection_nothing_is_due() -> None:
    sender = Sender(0, random.Random(1))
    assert sender.due(5, 0.0) == []
    assert sender.next_look(0.0) is None
    assert not sender.waits_for_an_answer


def test_status_and_hello_come_first_and_votes_only_after_the_answer() -> None:
    sender = Sender(0, random.Random(1))
    sender.connected(0.0)
    assert the_wait(sender) == 0.0
    assert sender.due(5, 0.0) == [SendStatus(), SendHello()]
    assert sender.due(5, 0.0) == []
    sender.received(0, 0.1)
    assert sender.due(5, 0.1) == [], "a receipt of an earlier connection is no welcome"
    sender.received(0, 0.2, answer=True)
    assert sender.due(5, 0.2) == [Send(1, 5)]


def test_a_hello_without_an_answer_is_repeated_with_growing_patience() -> None:
    sender = Sender(0, random.Random(1))
    sender.connected(0.0)
    sender.due(5, 0.0)
    now, patience = 0.0, FIRST_PATIENCE
    for _ in range(8):
        assert sender.waits_for_an_answer
        wait = next(second for second in range(1, 1000) if SendHello() in sender.due(5, now + second))
        assert 0.75 * patience <= wait <= 1.25 * patience + 1
        now += wait
        patience = min(2 * patience, LONGEST_PATIENCE)


def test_in_a_long_connection_the_hello_is_repeated_every_hour_and_votes_go_on_meanwhile() -> None:
    sender = welcomed(7, highest=7)
    assert SendHello() not in sender.due(7, HELLO_AGAIN - 1)
    assert not owes_an_answer(sender)
    assert SendHello() in sender.due(7, HELLO_AGAIN)
    assert owes_an_answer(sender)
    assert votes_due(sender, 8, HELLO_AGAIN) == [Send(8, 8)]
    sender.received(8, HELLO_AGAIN + 1, answer=True)
    assert not owes_an_answer(sender)
    assert SendHello() not in sender.due(8, 2 * HELLO_AGAIN)
    assert SendHello() in sender.due(8, 2 * HELLO_AGAIN + 1)


def test_a_status_is_due_every_minute_whatever_else_is_going_on() -> None:
    sender = Sender(0, random.Random(1))
    sender.connected(0.0)
    sender.due(5, 0.0)
    assert SendStatus() not in sender.due(5, STATUS_AGAIN - 1)
    assert SendStatus() in sender.due(5, STATUS_AGAIN)
    assert SendStatus() in sender.due(5, 2 * STATUS_AGAIN)


def test_what_has_changed_is_told_at_once_but_not_for_every_contact_of_a_loose_plug() -> None:
    sender = welcomed()
    sender.report(30.0)
    assert SendStatus() in sender.due(0, 30.0)
    sender.report(30.1)
    sender.report(30.2)
    assert sender.due(0, 30.2) == []
    assert the_wait(sender, 30.2) == pytest.approx(STATUS_GAP - 0.2)
    assert sender.due(0, 30.0 + STATUS_GAP) == [SendStatus()]


# --- votes -----------------------------------------------------------------------------------------------


def test_many_votes_go_in_full_messages_up_to_the_window() -> None:
    sender = welcomed()
    sends = sender.due(10_000, 0.0)
    assert sends == [Send(1 + n * LONGEST_BATCH, (n + 1) * LONGEST_BATCH) for n in range(WINDOW_MESSAGES)]
    assert sender.due(10_000, 0.0) == []


def test_a_receipt_opens_the_window_again() -> None:
    sender = welcomed()
    sender.due(10_000, 0.0)
    sender.received(2 * LONGEST_BATCH, 0.1)
    edge = WINDOW_MESSAGES * LONGEST_BATCH
    assert sender.due(10_000, 0.1) == [
        Send(edge + 1, edge + LONGEST_BATCH),
        Send(edge + LONGEST_BATCH + 1, edge + 2 * LONGEST_BATCH),
    ]


def test_when_nothing_moves_all_is_sent_again_from_the_confirmed_number() -> None:
    sender = welcomed()
    first = sender.due(900, 0.0)
    assert sender.waits_for_an_answer
    assert sender.due(900, the_wait(sender)) == first


def test_patience_doubles_up_to_a_limit_and_progress_restores_it() -> None:
    sender = welcomed(highest=5)
    assert votes_due(sender, 5, 0.0)
    now, patience = 0.0, FIRST_PATIENCE
    for _ in range(8):
        wait = next(second for second in range(1, 1000) if votes_due(sender, 5, now + second))
        assert 0.75 * patience <= wait <= 1.25 * patience + 1
        now += wait
        patience = min(2 * patience, LONGEST_PATIENCE)
    assert patience == LONGEST_PATIENCE
    sender.received(3, now)
    assert the_wait(sender, now) <= 1.25 * FIRST_PATIENCE


def test_a_receipt_that_comes_twice_sends_nothing_again() -> None:
    sender = welcomed()
    sender.due(400, 0.0)
    sender.received(200, 1.0)
    sender.received(200, 1.1)
    assert votes_due(sender, 400, 1.1) == []
    assert owes_an_answer(sender)


def test_votes_are_sent_again_from_the_newest_confirmed_one() -> None:
    sender = welcomed(7, highest=7)
    sender.resend(8)
    assert votes_due(sender, 7, 0.0) == []
    sender.resend(7)
    assert votes_due(sender, 7, 0.0) == [Send(7, 7)]


def test_of_a_new_stream_nothing_is_confirmed() -> None:
    sender = welcomed(7)
    sender.renewed(1.0)
    assert sender.stored_up_to == 0


@pytest.mark.parametrize("pace", [0.25, 1.0, 60.0])
def test_a_pace_is_spread_from_half_of_it_to_half_more(pace: float) -> None:
    waits = []
    for seed in range(200):
        sender = Sender(0, random.Random(seed))
        sender.connected(0.0)
        sender.due(1000, 0.0)
        sender.received(0, 0.0, pace=pace, answer=True)
        assert votes_due(sender, 1000, 0.0) == []
        waits.append(the_wait(sender) / pace)
    assert 0.5 <= min(waits) < 0.6
    assert max(waits) <= 1.5


def test_a_server_that_lost_votes_gets_them_again() -> None:
    sender = welcomed(900, highest=900)
    sender.received(300, 0.0)
    assert sender.stored_up_to == 300
    assert sender.due(900, 0.0) == [Send(301, 500), Send(501, 700), Send(701, 900)]


def test_what_is_in_flight_beyond_a_loss_is_not_waited_for() -> None:
    sender = welcomed(900, highest=900)
    assert sender.due(905, 0.0) == [Send(901, 905)]
    sender.received(890, 0.0)
    assert sender.due(905, 0.0) == [Send(891, 905)]


def test_a_receipt_that_says_nothing_new_does_not_restore_patience() -> None:
    sender = welcomed(3, highest=5)
    sender.due(5, 0.0)
    wait = the_wait(sender)
    sender.received(3, wait / 2)
    assert sender.due(5, wait) == [Send(4, 5)]


def test_a_lost_connection_takes_what_was_in_flight_with_it() -> None:
    sender = welcomed(highest=5)
    sender.due(5, 0.0)
    sender.disconnected()
    assert sender.due(5, 99.0) == []
    sender.connected(100.0)
    assert sender.due(5, 100.0) == [SendStatus(), SendHello()]
    sender.received(2, 100.0, answer=True)
    assert sender.due(5, 100.0) == [Send(3, 5)]


def test_told_to_send_again_it_goes_back_and_never_forward() -> None:
    sender = welcomed(900, highest=905)
    assert sender.due(905, 0.0) == [Send(901, 905)]
    sender.resend(902)
    assert sender.due(905, 0.0) == []
    sender.resend(801)
    assert sender.due(905, 0.0) == [Send(801, 905)]


def test_a_new_stream_is_announced_before_its_votes_are_sent() -> None:
    sender = welcomed(900, highest=905)
    sender.renewed(5.0)
    assert sender.due(5, 5.0) == [SendHello()]
    sender.received(0, 5.1, answer=True)
    assert sender.due(5, 5.1) == [Send(1, 5)]


def test_a_receipt_that_is_not_understood_is_asked_about_at_once_and_then_with_patience() -> None:
    sender = welcomed(900, highest=905)
    sender.due(905, 0.0)
    sender.not_understood(30.0)
    assert sender.due(905, 30.0) == [SendHello()]
    sender.not_understood(30.1)
    assert sender.due(905, 30.1) == []
    assert the_wait(sender, 30.1) >= 0.75 * FIRST_PATIENCE - 0.1
    sender.received(899, 31.0, answer=True)
    assert sender.due(905, 31.0) == [Send(900, 905)]


# --- pace ------------------------------------------------------------------------------------------------


def test_a_backlog_is_sent_as_slowly_as_the_server_asks() -> None:
    sender = welcomed(highest=1000, pace=20.0)
    now = 0.0
    for first in range(1, 801, LONGEST_BATCH):
        assert votes_due(sender, 1000, now) == []
        sent_at = now
        while not (sent := votes_due(sender, 1000, now)):
            now += max(the_wait(sender, now), 1e-6)
        assert 9.9 <= now - sent_at <= 30.1
        assert sent == [Send(first, first + LONGEST_BATCH - 1)]
        sender.received(first + LONGEST_BATCH - 1, now, pace=20.0)
    assert votes_due(sender, 1000, now) == [Send(801, 1000)], "the last message is no backlog any more"


@given(
    st.integers(0, 10**6),
    st.integers(0, LONGEST_BATCH),
    st.floats(0, 300, allow_nan=False),
    st.integers(0, 99),
)
def test_fresh_votes_are_never_slowed(stored: int, fresh: int, pace: float, seed: int) -> None:
    sender = Sender(stored, random.Random(seed))
    sender.connected(0.0)
    sender.due(stored, 0.0)
    sender.received(stored, 0.0, pace=pace, answer=True)
    assert sender.due(stored + fresh, 0.0) == ([Send(stored + 1, stored + fresh)] if fresh else [])


def test_a_server_that_has_caught_up_lifts_the_pace() -> None:
    sender = welcomed(highest=1000, pace=300.0)
    assert sender.due(1000, 1.0) == []
    sender.received(0, 2.0)
    assert len(sender.due(1000, 2.0)) == 5


def test_many_receipts_do_not_put_a_paced_message_off_for_ever() -> None:
    sender = welcomed(highest=1000, pace=10.0)
    for tenth in range(150):
        sender.received(0, tenth / 10, pace=10.0)
    assert votes_due(sender, 1000, 15.0) == [Send(1, 200)]


# --- over a bad line -------------------------------------------------------------------------------


class BadLine(RuleBasedStateMachine):
    """A server that takes only the contiguous continuation, behind a line that loses, doubles and reorders."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self.highest = 0
        self.stored = 0  # what the server has
        self.pace = 0.0
        self.up: list[Message] = []
        self.down: list[tuple[int, float, bool]] = []  # number, pace, whether it answers a hello
        self.connected = False
        self.welcome = False
        self.in_flight: list[Send] = []
        self.last_of_backlog = 0.0
        self.heard_pace = 0.0
        self.slowest = 0.0  # of the paces that may have counted when the wait for the next message began

    @initialize(highest=st.integers(0, 3000), seed=st.integers(0, 99), data=st.data())
    def begin(self, highest: int, seed: int, data: st.DataObject) -> None:
        self.highest = highest
        self.stored = data.draw(st.integers(0, highest))
        self.sender = Sender(data.draw(st.integers(0, highest)), random.Random(seed))

    @rule(votes=st.integers(1, 500))
    def votes_are_cast(self, votes: int) -> None:
        self.highest += votes

    @rule(seconds=st.sampled_from([0.0, 0.1, 1.0, 9.0, 30.0, 400.0, 4000.0]))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @rule(pace=st.sampled_from([0.0, 0.5, 20.0, 300.0]))
    def the_server_sets_a_pace(self, pace: float) -> None:
        self.pace = pace

    @precondition(lambda self: not self.connected)
    @rule()
    def connect(self) -> None:
        self.sender.connected(self.now)
        self.connected, self.welcome = True, False
        self.in_flight = []
        self.heard_pace = self.slowest = 0.0

    @precondition(lambda self: self.connected)
    @rule()
    def disconnect(self) -> None:
        self.sender.disconnected()
        self.connected = self.welcome = False
        self.down = []  # whoever subscribes again hears only what is said from then on

    @rule(data=st.data())
    def the_server_is_restored(self, data: st.DataObject) -> None:
        self.stored = data.draw(st.integers(0, self.stored))
        if self.connected:
            self.disconnect()
        self.up, self.down = [], []

    @rule(data=st.data())
    def the_server_asks_for_some_again(self, data: st.DataObject) -> None:
        first = data.draw(st.integers(1, self.highest + 1))
        before = self.sender.stored_up_to
        self.sender.resend(first)
        assert self.sender.stored_up_to == min(before, first - 1)
        if self.sender.stored_up_to < before:
            self.in_flight = []

    @rule()
    def something_changes(self) -> None:
        self.sender.report(self.now)

    @rule()
    def look(self) -> None:
        overdue = self.sender.next_look(self.now) == 0.0
        if overdue:
            self.in_flight = [send for send in self.in_flight if self.still_awaited(send)]
        messages = self.sender.due(self.highest, self.now)
        if messages:
            assert self.connected
        assert self.sender.due(self.highest, self.now) == [], "all that is due is said at once"
        kinds = [type(message) for message in messages]
        assert kinds == sorted(kinds, key=[SendStatus, SendHello, Send].index), "newest status first, then the hello"
        for message in messages:
            if isinstance(message, Send):
                assert self.welcome
                assert 1 <= message.first <= message.last <= self.highest
                assert message.last - message.first < LONGEST_BATCH
                self.check_the_pace()
                self.in_flight.append(message)
                assert len(self.in_flight) <= WINDOW_MESSAGES
            else:
                assert overdue
            self.up.append(message)

    def still_awaited(self, send: Send) -> bool:
        return bool(self.sender._in_flight) and self.now < self.sender._deadline

    def check_the_pace(self) -> None:
        if self.slowest and self.highest - self.sender.stored_up_to > LONGEST_BATCH:
            assert self.now >= self.last_of_backlog + self.slowest / 2 - 1e-6
            self.last_of_backlog, self.slowest = self.now, self.heard_pace

    @precondition(lambda self: self.up)
    @rule(data=st.data(), twice=st.booleans())
    def the_server_hears(self, data: st.DataObject, twice: bool) -> None:
        place = data.draw(st.integers(0, len(self.up) - 1))
        self.hear(self.up[place] if twice else self.up.pop(place))

    @precondition(lambda self: self.connected and self.down)
    @rule(data=st.data(), twice=st.booleans())
    def the_kiosk_hears(self, data: st.DataObject, twice: bool) -> None:
        place = data.draw(st.integers(0, len(self.down) - 1))
        self.understand(*(self.down[place] if twice else self.down.pop(place)))

    def hear(self, message: Message) -> None:
        if isinstance(message, SendStatus):
            return
        if isinstance(message, Send) and message.first <= self.stored + 1:
            self.stored = max(self.stored, message.last)
        self.down.append((self.stored, self.pace, isinstance(message, SendHello)))

    def understand(self, number: int, pace: float, answer: bool) -> None:
        before = self.sender.stored_up_to
        self.sender.received(number, self.now, pace=pace, answer=answer)
        assert self.sender.stored_up_to == number
        if not self.heard_pace:
            self.last_of_backlog, self.slowest = self.now, pace
        self.heard_pace = pace
        self.slowest = min(self.slowest, pace)
        if number < before:
            self.in_flight = []
        self.welcome = self.welcome or answer
        self.in_flight = [send for send in self.in_flight if send.last > number]
        assert self.sender.stored_up_to <= self.stored, "more is believed than is stored"

    @precondition(lambda self: self.connected)
    @rule()
    def a_receipt_is_not_understood(self) -> None:
        self.sender.not_understood(self.now)
        self.welcome = False
        self.in_flight = []

    @precondition(lambda self: self.up)
    @rule(data=st.data())
    def a_message_is_lost(self, data: st.DataObject) -> None:
        self.up.pop(data.draw(st.integers(0, len(self.up) - 1)))

    @precondition(lambda self: self.down)
    @rule(data=st.data())
    def a_receipt_is_lost(self, data: st.DataObject) -> None:
        self.down.pop(data.draw(st.integers(0, len(self.down) - 1)))

    def teardown(self) -> None:
        """On a line that works again everything is stored, and the kiosk knows."""
        if not hasattr(self, "sender"):
            return
        if not self.connected:
            self.connect()
        self.up, self.down = [], []
        for _ in range(10_000):
            self.look()
            while self.up:
                self.hear(self.up.pop(0))
                while self.down:
                    self.understand(*self.down.pop(0))
            if self.stored == self.sender.stored_up_to == self.highest:
                break
            self.now += self.sender.next_look(self.now) or 0.0
        assert self.stored == self.sender.stored_up_to == self.highest


TestBadLine = BadLine.TestCase
