"""Sending over a bad line: everything arrives, in small pieces, and nobody is flooded."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from kiosk.core.sending import (
    FIRST_PATIENCE,
    FIRST_RECONNECT,
    LONGEST_PATIENCE,
    LONGEST_RECONNECT,
    WINDOW_MESSAGES,
    Backoff,
    Send,
    Sender,
    SendHello,
)
from protocol.messages import LONGEST_BATCH


def welcomed(stored_up_to: int = 0, highest: int = 10_000) -> Sender:
    """A sender at time 0 whose hello was answered."""
    sender = Sender(stored_up_to, random.Random(1))
    sender.connected(0.0)
    assert sender.due(highest, 0.0) == [SendHello()]
    sender.received(stored_up_to, highest, 0.0)
    return sender


def the_wait(sender: Sender) -> float:
    seconds = sender.next_look(0.0)
    assert seconds is not None
    return seconds


# --- one thing at a time -------------------------------------------------------------------------


def test_without_a_connection_nothing_is_due() -> None:
    sender = Sender(0, random.Random(1))
    assert sender.due(5, 0.0) == []
    assert sender.next_look(0.0) is None


def test_the_hello_comes_first_and_votes_only_after_its_answer() -> None:
    sender = Sender(0, random.Random(1))
    sender.connected(0.0)
    assert sender.next_look(0.0) == 0.0
    assert sender.due(5, 0.0) == [SendHello()]
    assert sender.due(5, 0.0) == []
    sender.received(0, 5, 0.1)
    assert sender.due(5, 0.1) == [Send(1, 5)]


def test_a_hello_without_an_answer_is_repeated() -> None:
    sender = Sender(0, random.Random(1))
    sender.connected(0.0)
    sender.due(5, 0.0)
    wait = the_wait(sender)
    assert 0.75 * FIRST_PATIENCE <= wait <= 1.25 * FIRST_PATIENCE
    assert sender.due(5, wait - 0.01) == []
    assert sender.due(5, wait) == [SendHello()]


def test_nothing_new_means_nothing_to_look_for() -> None:
    sender = welcomed(7, highest=7)
    assert sender.due(7, 0.0) == []
    assert sender.next_look(0.0) is None


def test_many_votes_go_in_full_messages_up_to_the_window() -> None:
    sender = welcomed()
    sends = sender.due(10_000, 0.0)
    assert sends == [Send(1 + n * LONGEST_BATCH, (n + 1) * LONGEST_BATCH) for n in range(WINDOW_MESSAGES)]
    assert sender.due(10_000, 0.0) == []


def test_a_receipt_opens_the_window_again() -> None:
    sender = welcomed()
    sender.due(10_000, 0.0)
    sender.received(2 * LONGEST_BATCH, 10_000, 0.1)
    edge = WINDOW_MESSAGES * LONGEST_BATCH
    assert sender.due(10_000, 0.1) == [
        Send(edge + 1, edge + LONGEST_BATCH),
        Send(edge + LONGEST_BATCH + 1, edge + 2 * LONGEST_BATCH),
    ]


def test_when_nothing_moves_all_is_sent_again_from_the_confirmed_number() -> None:
    sender = welcomed()
    first = sender.due(900, 0.0)
    assert sender.due(900, the_wait(sender)) == first


def test_patience_doubles_up_to_a_limit_and_progress_restores_it() -> None:
    sender = welcomed(highest=5)
    sender.due(5, 0.0)
    now, patience = 0.0, FIRST_PATIENCE
    for _ in range(8):
        wait = sender.next_look(now)
        assert wait is not None
        assert 0.75 * patience <= wait <= 1.25 * patience + 1e-6
        now += wait
        assert sender.due(5, now) == [Send(1, 5)]
        patience = min(2 * patience, LONGEST_PATIENCE)
    assert patience == LONGEST_PATIENCE
    sender.received(3, 5, now)
    wait = sender.next_look(now)
    assert wait is not None
    assert wait <= 1.25 * FIRST_PATIENCE


def test_a_server_that_lost_votes_gets_them_again() -> None:
    sender = welcomed(900, highest=900)
    sender.received(300, 900, 0.0)
    assert sender.stored_up_to == 300
    assert sender.due(900, 0.0) == [Send(301, 500), Send(501, 700), Send(701, 900)]


def test_what_is_in_flight_beyond_a_loss_is_not_waited_for() -> None:
    sender = welcomed(900, highest=900)
    assert sender.due(905, 0.0) == [Send(901, 905)]
    sender.received(890, 905, 0.0)
    assert sender.due(905, 0.0) == [Send(891, 905)]


def test_a_number_that_was_never_sent_is_not_believed() -> None:
    sender = welcomed(3, highest=5)
    sender.received(6, 5, 0.0)
    assert sender.stored_up_to == 3


def test_a_receipt_that_says_nothing_new_does_not_restore_patience() -> None:
    sender = welcomed(3, highest=5)
    sender.due(5, 0.0)
    wait = the_wait(sender)
    sender.received(3, 5, wait / 2)
    assert sender.due(5, wait) == [Send(4, 5)]


def test_a_lost_connection_takes_what_was_in_flight_with_it() -> None:
    sender = welcomed(highest=5)
    sender.due(5, 0.0)
    sender.disconnected()
    assert sender.due(5, 99.0) == []
    sender.connected(100.0)
    assert sender.due(5, 100.0) == [SendHello()]
    sender.received(2, 5, 100.0)
    assert sender.due(5, 100.0) == [Send(3, 5)]


# --- over a bad line -------------------------------------------------------------------------------


class BadLine(RuleBasedStateMachine):
    """A server that takes only the contiguous continuation, behind a line that loses, doubles and reorders."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self.highest = 0
        self.stored = 0  # what the server has
        self.up: list[Send | SendHello] = []
        self.down: list[int] = []
        self.connected = False
        self.welcome = False
        self.in_flight: list[Send] = []

    @initialize(highest=st.integers(0, 3000), seed=st.integers(0, 99), data=st.data())
    def begin(self, highest: int, seed: int, data: st.DataObject) -> None:
        self.highest = highest
        self.stored = data.draw(st.integers(0, highest))
        self.sender = Sender(data.draw(st.integers(0, highest)), random.Random(seed))

    @rule(votes=st.integers(1, 500))
    def votes_are_cast(self, votes: int) -> None:
        self.highest += votes

    @rule(seconds=st.sampled_from([0.0, 0.1, 1.0, 9.0, 30.0, 400.0]))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds

    @precondition(lambda self: not self.connected)
    @rule()
    def connect(self) -> None:
        self.sender.connected(self.now)
        self.connected, self.welcome = True, False
        self.in_flight = []

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

    @rule()
    def look(self) -> None:
        overdue = self.sender.next_look(self.now) == 0.0
        if overdue:
            self.in_flight = []
        for message in self.sender.due(self.highest, self.now):
            assert self.connected
            if isinstance(message, Send):
                assert self.welcome
                assert 1 <= message.first <= message.last <= self.highest
                assert message.last - message.first < LONGEST_BATCH
                self.in_flight.append(message)
                assert len(self.in_flight) <= WINDOW_MESSAGES
            else:
                assert overdue
            self.up.append(message)

    @precondition(lambda self: self.up)
    @rule(data=st.data(), twice=st.booleans())
    def the_server_hears(self, data: st.DataObject, twice: bool) -> None:
        place = data.draw(st.integers(0, len(self.up) - 1))
        self.hear(self.up[place] if twice else self.up.pop(place))

    @precondition(lambda self: self.connected and self.down)
    @rule(data=st.data(), twice=st.booleans())
    def the_kiosk_hears(self, data: st.DataObject, twice: bool) -> None:
        place = data.draw(st.integers(0, len(self.down) - 1))
        self.understand(self.down[place] if twice else self.down.pop(place))

    def hear(self, message: Send | SendHello) -> None:
        if isinstance(message, Send) and message.first <= self.stored + 1:
            self.stored = max(self.stored, message.last)
        self.down.append(self.stored)

    def understand(self, number: int) -> None:
        before = self.sender.stored_up_to
        self.sender.received(number, self.highest, self.now)
        assert self.sender.stored_up_to == number
        if not self.welcome or number < before:
            self.in_flight = []
        self.welcome = True
        self.in_flight = [send for send in self.in_flight if send.last > number]
        assert self.sender.stored_up_to <= self.stored, "more is believed than is stored"

    @precondition(lambda self: self.connected)
    @rule(beyond=st.integers(1, 1000))
    def a_lie_is_heard(self, beyond: int) -> None:
        before = self.sender.stored_up_to
        self.sender.received(self.highest + beyond, self.highest, self.now)
        assert self.sender.stored_up_to == before

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
        for _ in range(100 + self.highest // LONGEST_BATCH):
            self.look()
            while self.up:
                self.hear(self.up.pop(0))
                self.understand(self.down.pop(0))
            self.now += self.sender.next_look(self.now) or 0.0
        assert self.stored == self.sender.stored_up_to == self.highest


TestBadLine = BadLine.TestCase


# --- reconnecting ------------------------------------------------------------------------------------


class Highest(random.Random):
    """Always draws the upper end."""

    def uniform(self, a: float, b: float) -> float:
        return b


def test_pauses_double_from_one_second_to_one_minute_and_never_end() -> None:
    backoff = Backoff(Highest())
    assert [backoff.pause() for _ in range(9)] == [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0]
    backoff.reset()
    assert backoff.pause() == FIRST_RECONNECT


@given(st.integers(), st.integers(1, 50))
def test_a_pause_is_drawn_from_the_whole_range(seed: int, attempts: int) -> None:
    backoff = Backoff(random.Random(seed))
    for attempt in range(attempts):
        assert 0.0 <= backoff.pause() <= min(FIRST_RECONNECT * 2**attempt, LONGEST_RECONNECT)


@pytest.mark.parametrize("seed", range(3))
def test_two_kiosks_do_not_come_back_at_the_same_moment(seed: int) -> None:
    one, other = Backoff(random.Random(seed)), Backoff(random.Random(seed + 100))
    assert [one.pause() for _ in range(5)] != [other.pause() for _ in range(5)]
