"""What is said in rare moments, without a network: a real outbox, and a server that says what the test wants."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kiosk.commands_store import CommandsStore
from kiosk.conversation import MOST_HELD_BACK, MOST_NONCES, RENEWAL_SECONDS, SILENCE_SECONDS, Conversation, Desk
from kiosk.core.sending import HELLO_AGAIN, STATUS_AGAIN, Sender
from kiosk.core.tally import Counted, Lost, Obstacle
from kiosk.health import Health
from kiosk.orders import Orders
from kiosk.outbox import Outbox, Stored
from kiosk.setup_store import SetupStore
from protocol.codec import Message, encode
from protocol.messages import (
    Action,
    ClockSource,
    Command,
    Hello,
    KioskStatus,
    Receipt,
    Refusal,
    ReplacedBecause,
    VoteBatch,
)
from protocol.topics import Channel
from tests.fakes.clock import A_MORNING, FakeClock
from tests.fakes.drafts import a_draft
from tests.kiosk.core.test_setups import GOOD
from tests.kiosk.lines import Held


class Talk:
    """A kiosk in conversation; `said` is what it has said so far."""

    def __init__(self, folder: Path) -> None:
        self.clock = FakeClock()
        self.outbox = Outbox(folder / "outbox.sqlite")
        self.outbox.begin_boot(self.clock.reading())
        self.said: list[Message] = []
        setups = SetupStore(folder / "setup.json", lambda _: "")
        commands = CommandsStore(folder / "commands.json")
        self.health = Health(
            boot=1,
            state_folder=folder,
            scanner=lambda: "up",
            storage=lambda: "ok",
            refused_scans={},
            setups=setups,
            commands=commands,
        )
        orders = Orders(
            setups=setups,
            commands=commands,
            tally=self.health.tally,
            arrange=lambda _: None,
            identify=lambda: None,
            end=lambda: None,
        )
        self.desk = Desk(self.outbox, Sender(0, random.Random(1)), self.health, orders, self.clock)
        self.greeted = 0  # how often the server has answered for the first time in a connection
        self.conversation = self.connection(1)

    def connection(self, number: int) -> Conversation:
        """One connection's talk, begun anew over the same desk."""
        return Conversation(self.desk, number, lambda _, message: self.said.append(message), self._greeted)

    def _greeted(self) -> None:
        self.greeted += 1

    def cast(self, votes: int) -> list[str]:
        stored = [self.outbox.cast(a_draft(), self.clock.reading()) for _ in range(votes)]
        return [each.vote_id for each in stored if isinstance(each, Stored)]

    def hellos(self) -> list[Hello]:
        return [message for message in self.said if isinstance(message, Hello)]

    def statuses(self) -> list[KioskStatus]:
        return [message for message in self.said if isinstance(message, KioskStatus)]

    def numbers(self) -> list[list[int]]:
        """The numbers of the votes in each message so far."""
        return [[vote.number for vote in message.votes] for message in self.said if isinstance(message, VoteBatch)]

    def begin(self, held: Held | None = None) -> None:
        """Connect, and have the server answer that this is what it holds."""
        self.conversation.begin()
        self.welcome(held)

    def welcome(self, held: Held | None = None) -> None:
        self.answer(held or Held(), nonce=self.hellos()[-1].nonce)
        self.conversation.speak()

    def answer(self, held: Held, *, nonce: str | None = None, time: datetime | None = None, **more: Any) -> None:
        receipt = Receipt(self.outbox.stream, held.number, held.chain, time or self.clock.true, answers=nonce, **more)
        self.conversation.hear(Channel.RECEIPT, encode(receipt))

    def command(self, number: int, action: Action = Action.IDENTIFY, **more: Any) -> None:
        expires = self.clock.true + timedelta(hours=1)
        self.conversation.hear(Channel.COMMAND, encode(Command(f"{number:032x}", expires, action, **more)))

    def counted(self, what: Counted) -> int:
        return self.health.tally.reported().get(what, 0)


@pytest.fixture
def talk(tmp_path: Path) -> Iterator[Talk]:
    held = Talk(tmp_path)
    yield held
    held.outbox.close()


def test_answers_that_are_lost_year_after_year_are_not_remembered_for_ever(talk: Talk) -> None:
    talk.conversation.begin()
    for _ in range(3 * MOST_NONCES):
        talk.clock.advance(15)
        talk.conversation.speak()  # the first hello's answer was lost, the second's comes
        talk.answer(Held(), nonce=talk.hellos()[-1].nonce)
        talk.clock.advance(HELLO_AGAIN)
        talk.conversation.speak()
    assert len(talk.conversation._asked) <= MOST_NONCES
    assert len({hello.nonce for hello in talk.hellos()}) == len(talk.hellos()) > 2 * MOST_NONCES


def test_votes_that_are_kept_no_longer_are_not_asked_of_the_disk_for_ever(talk: Talk) -> None:
    ids = talk.cast(900)
    talk.conversation.begin()
    talk.answer(Held(*ids), nonce=talk.hellos()[-1].nonce)
    talk.outbox.forget(A_MORNING + timedelta(days=9999))
    talk.desk.sender.resend(1)  # told so a moment before they were erased
    talk.conversation.speak()
    assert not any(isinstance(message, VoteBatch) for message in talk.said)
    talk.clock.advance(30)
    talk.conversation.speak()
    assert talk.hellos()[-1].kept_from == 901
    talk.answer(Held(*ids), nonce=talk.hellos()[-1].nonce)
    assert talk.desk.sender.stored_up_to == 900


def test_no_command_is_obeyed_on_the_word_of_a_server_that_does_not_know_the_time_itself(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    talk.clock.set_wall(A_MORNING.replace(year=1970))
    talk.conversation.begin()
    talk.answer(Held(), nonce=talk.hellos()[-1].nonce, time=datetime(1970, 1, 1, tzinfo=UTC))
    command = Command("d" * 32, A_MORNING + timedelta(hours=1), Action.IDENTIFY)
    talk.conversation.hear(Channel.COMMAND, encode(command))
    assert talk.counted(Counted.COMMANDS) == 0
    assert talk.counted(Counted.MESSAGES_REFUSED) == 1
    assert "the time is not known" in caplog.text


def test_what_no_server_says_is_counted_and_ignored(talk: Talk) -> None:
    talk.conversation.begin()
    talk.conversation.hear(Channel.VOTES, b"{}")
    assert talk.counted(Counted.MESSAGES_REFUSED) == 1


def test_first_how_it_is_then_where_the_server_stands_then_votes(talk: Talk) -> None:
    ids = talk.cast(3)
    talk.begin()
    assert [type(message) for message in talk.said] == [KioskStatus, Hello, VoteBatch]
    assert talk.numbers() == [[1, 2, 3]]
    assert talk.greeted == 1
    talk.answer(Held(*ids))
    assert talk.outbox.standing().waiting == 0
    assert talk.greeted == 1
    assert [talk.counted(what) for what in (Counted.VOTES_SENT, Counted.VOTES_SENT_AGAIN, Counted.RECEIPTS)] == [
        3,
        0,
        2,
    ]


def test_the_will_says_that_it_is_gone_and_a_status_that_it_is_there(talk: Talk) -> None:
    assert talk.conversation.will().gone
    talk.begin()
    assert [status.gone for status in talk.statuses()] == [False]


def test_votes_that_are_sent_once_more_are_counted_apart(talk: Talk) -> None:
    talk.cast(2)
    talk.begin()
    talk.conversation = talk.connection(2)
    talk.cast(1)
    talk.begin()
    assert talk.numbers() == [[1, 2], [1, 2, 3]]
    assert (talk.counted(Counted.VOTES_SENT), talk.counted(Counted.VOTES_SENT_AGAIN)) == (3, 2)
    assert talk.greeted == 2


def test_the_answer_to_a_hello_tells_the_time_and_no_other_receipt_does(talk: Talk) -> None:
    talk.clock.set_wall(A_MORNING.replace(year=1970))
    talk.conversation.begin()
    talk.answer(Held())
    talk.answer(Held(), nonce="f" * 16)  # of another connection
    assert talk.outbox.clock(talk.clock.reading()).source is ClockSource.NONE
    assert talk.greeted == 0
    talk.welcome()
    assert talk.outbox.clock(talk.clock.reading()).source is ClockSource.SERVER
    talk.clock.advance(STATUS_AGAIN)
    talk.conversation.speak()
    assert talk.statuses()[-1].clock.source is ClockSource.SERVER


def test_a_server_that_is_silent_while_it_owes_an_answer_is_given_up(talk: Talk) -> None:
    talk.conversation.begin()
    talk.clock.advance(SILENCE_SECONDS)
    talk.conversation.speak()
    talk.clock.advance(0.5)
    with pytest.raises(Lost, match="the server does not answer") as lost:
        talk.conversation.speak()
    assert lost.value.obstacle is Obstacle.SILENCE


def test_a_server_that_owes_nothing_may_be_silent_for_long(talk: Talk) -> None:
    talk.begin()
    talk.clock.advance(3 * SILENCE_SECONDS)
    talk.conversation.speak()
    talk.cast(1)
    talk.conversation.speak()  # the silence begins when something is owed, not when something was last heard
    talk.clock.advance(SILENCE_SECONDS)
    talk.conversation.speak()
    assert talk.numbers()[0] == [1]


@pytest.mark.parametrize("data", [b"", b"{}", b"\xff", b'{"stream":'])
def test_a_receipt_that_cannot_be_read_is_counted_and_changes_nothing(
    talk: Talk, data: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    talk.cast(1)
    talk.begin()
    talk.conversation.hear(Channel.RECEIPT, data)
    assert talk.counted(Counted.MESSAGES_REFUSED) == 1
    assert talk.outbox.standing().waiting == 1
    assert "a receipt cannot be read" in caplog.text


def test_a_receipt_of_another_stream_confirms_nothing(talk: Talk) -> None:
    (vote_id,) = talk.cast(1)
    talk.begin()
    held = Held(vote_id)
    receipt = Receipt("e" * 32, held.number, held.chain, talk.clock.true)
    talk.conversation.hear(Channel.RECEIPT, encode(receipt))
    assert talk.outbox.standing().waiting == 1
    assert talk.counted(Counted.RECEIPTS_OF_OTHERS) == 1


def announces(talk: "Talk") -> bool:
    """Whether the server still has to be told which stream the present one replaces."""
    return bool(talk.outbox.replaced)


def test_a_server_that_holds_other_votes_gets_a_new_stream_with_all_that_waits(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    ids = talk.cast(2)
    old = talk.outbox.stream
    talk.begin()
    talk.answer(Held("f" * 32))
    talk.conversation.speak()
    hello = talk.hellos()[-1]
    assert (hello.stream, hello.highest) == (talk.outbox.stream, 2)
    assert hello.replaces is not None
    assert (hello.replaces.stream, hello.replaces.because, hello.replaces.carried) == (old, ReplacedBecause.COPIED, 2)
    assert (talk.counted(Counted.RECEIPTS_NOT_BELIEVED), talk.counted(Counted.STREAMS_RENEWED)) == (1, 1)
    assert "2 votes go on in a new stream" in caplog.text
    assert announces(talk), "until the server has answered the hello that names it"
    talk.welcome()
    assert not announces(talk)
    assert talk.said[-1] == VoteBatch(hello.stream, talk.outbox.votes(1, 2))
    assert [vote.vote_id for vote in talk.outbox.votes(1, 2)] == ids
    assert talk.counted(Counted.VOTES_SENT_AGAIN) == 0, "in this stream nothing was sent before"
    talk.answer(Held(*ids))
    assert talk.outbox.standing().waiting == 0


def test_a_server_that_holds_other_votes_whatever_is_begun_is_given_up_for_an_hour(talk: Talk) -> None:
    talk.cast(1)
    talk.begin()
    talk.answer(Held("f" * 32))
    renewed = talk.outbox.stream
    talk.conversation.speak()
    with pytest.raises(Lost, match="even under the numbers of a new stream") as lost:
        talk.answer(Held("f" * 32))
    assert lost.value.obstacle is Obstacle.STREAM
    talk.clock.advance(RENEWAL_SECONDS - 1)
    talk.conversation = talk.connection(2)
    talk.conversation.begin()
    with pytest.raises(Lost):
        talk.answer(Held("f" * 32))
    assert talk.outbox.stream == renewed
    talk.clock.advance(1)
    talk.conversation = talk.connection(3)
    talk.conversation.begin()
    talk.answer(Held("f" * 32))
    assert talk.outbox.stream != renewed


def test_a_server_behind_what_is_kept_is_told_and_neither_believed_nor_given_a_new_stream(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    ids = talk.cast(3)
    stream = talk.outbox.stream
    talk.begin()
    talk.answer(Held(*ids))
    talk.outbox.forget(A_MORNING + timedelta(days=9999))
    talk.answer(Held(*ids[:1]))  # restored from an old backup; what it asks for is erased
    assert talk.counted(Counted.RECEIPTS_NOT_JUDGED) == 1
    assert talk.outbox.standing().stored_up_to == 3
    assert talk.outbox.stream == stream
    assert "the server is behind what this kiosk keeps" in caplog.text
    talk.clock.advance(30)
    talk.conversation.speak()
    assert (talk.hellos()[-1].kept_from, talk.hellos()[-1].chain_before) == (4, Held(*ids).chain)


def test_votes_that_the_server_keeps_apart_are_confirmed_and_counted(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    ids = talk.cast(2)
    talk.begin()
    talk.answer(Held(*ids), refused=(Refusal(1, "a reason"), Refusal(2, "a reason")))
    assert talk.outbox.standing().waiting == 0
    assert talk.counted(Counted.VOTES_REFUSED) == 2
    assert "the server keeps 2 votes apart" in caplog.text


def test_a_setup_is_taken_and_told_without_waiting_for_the_minute(talk: Talk) -> None:
    talk.begin()
    talk.clock.advance(STATUS_AGAIN / 2)
    talk.conversation.hear(Channel.SETUP, encode(GOOD))
    talk.conversation.speak()
    assert talk.statuses()[-1].setup == GOOD.revision
    assert talk.counted(Counted.SETUPS_TAKEN) == 1


def test_a_command_waits_for_the_time_and_is_then_obeyed_and_answered(talk: Talk) -> None:
    talk.conversation.begin()
    for number in range(MOST_HELD_BACK + 2):
        talk.command(number)
    assert (talk.counted(Counted.COMMANDS), talk.counted(Counted.MESSAGES_REFUSED)) == (0, 2)
    talk.welcome()
    assert (talk.counted(Counted.COMMANDS), talk.counted(Counted.COMMANDS_REPEATED)) == (MOST_HELD_BACK, 0)
    talk.clock.advance(HELLO_AGAIN)
    talk.conversation.speak()
    talk.welcome()
    assert talk.counted(Counted.COMMANDS_REPEATED) == 0, "what was held back is obeyed once"
    assert talk.greeted == 1
    talk.command(MOST_HELD_BACK - 1)
    assert talk.counted(Counted.COMMANDS_REPEATED) == 1
    talk.clock.advance(STATUS_AGAIN)
    talk.conversation.speak()
    assert talk.statuses()[-1].commands[-1].command == f"{MOST_HELD_BACK - 1:032x}"


def test_votes_that_are_asked_for_again_are_sent_again(talk: Talk) -> None:
    ids = talk.cast(3)
    talk.begin(Held(*ids))
    assert talk.numbers() == []
    talk.command(1, Action.RESEND, resend_from=2)
    talk.conversation.speak()
    assert talk.numbers() == [[2, 3]]


def test_a_hello_names_every_stream_given_up_since_the_server_was_last_heard(talk: Talk) -> None:
    talk.cast(2)
    first = talk.outbox.renew(ReplacedBecause.DAMAGED)
    second = talk.outbox.renew(ReplacedBecause.COPIED)
    third = talk.outbox.renew(ReplacedBecause.DAMAGED)
    talk.conversation.begin()
    hello = talk.hellos()[-1]
    assert (hello.stream, hello.replaced_before, hello.replaces) == (talk.outbox.stream, (first, second), third)
    talk.welcome()
    talk.conversation = talk.connection(2)
    talk.conversation.begin()
    assert (talk.hellos()[-1].replaced_before, talk.hellos()[-1].replaces) == ((), None)


def salvaged_after(talk: Talk, monkeypatch: pytest.MonkeyPatch, question: str) -> None:
    """Have the writer's thread begin a new stream, as a salvage does, just when this was asked of the journal."""
    really = getattr(talk.outbox, question)

    def answer(*arguments: object) -> object:
        monkeypatch.setattr(talk.outbox, question, really)
        answered = really(*arguments)
        talk.outbox.renew(ReplacedBecause.DAMAGED)
        return answered

    monkeypatch.setattr(talk.outbox, question, answer)


@pytest.mark.parametrize("question", ["standing", "clock"])
def test_a_salvage_in_between_makes_no_hello_of_two_streams(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    talk.cast(2)
    old = talk.outbox.stream
    salvaged_after(talk, monkeypatch, question)
    talk.conversation.begin()
    [status], [hello] = talk.statuses(), talk.hellos()
    assert (status.stream, hello.stream, hello.highest, hello.replaces) == (old, old, 2, None)
    talk.conversation.speak()
    hello = talk.hellos()[-1]
    assert hello.replaces is not None
    assert (hello.stream, hello.replaces.stream) == (talk.outbox.stream, old)


@pytest.mark.parametrize("question", ["settle", "votes"])
def test_a_salvage_in_between_sends_no_votes_under_another_streams_name(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    ids = talk.cast(2)
    talk.conversation.begin()
    salvaged_after(talk, monkeypatch, question)
    talk.welcome()
    assert talk.numbers() == []
    talk.conversation.speak()
    talk.welcome()
    assert talk.said[-1] == VoteBatch(talk.outbox.stream, talk.outbox.votes(1, 2))
    assert [vote.vote_id for vote in talk.outbox.votes(1, 2)] == ids


def test_a_receipt_is_not_held_against_the_stream_of_a_salvage_in_between(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk.cast(1)
    talk.begin()
    salvaged_after(talk, monkeypatch, "proof")
    talk.answer(Held("f" * 32))
    assert (talk.counted(Counted.RECEIPTS_OF_OTHERS), talk.counted(Counted.STREAMS_RENEWED)) == (1, 0)
