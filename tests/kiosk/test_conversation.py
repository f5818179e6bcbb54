"""What is said in rare moments, without a network: a real outbox, and a server that says what the test wants."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.commands_store import CommandsStore
from kiosk.conversation import MOST_NONCES, Conversation, Desk
from kiosk.core.sending import HELLO_AGAIN, Sender
from kiosk.core.tally import Counted
from kiosk.health import Health
from kiosk.orders import Orders
from kiosk.outbox import Outbox, Stored
from kiosk.setup_store import SetupStore
from protocol.codec import Message, encode
from protocol.messages import Action, Command, Hello, Receipt, VoteBatch
from protocol.topics import Channel
from tests.fakes.clock import A_MORNING, FakeClock
from tests.fakes.drafts import a_draft
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
        self.conversation = Conversation(self.desk, 1, lambda _, message: self.said.append(message), lambda: None)

    def cast(self, votes: int) -> list[str]:
        stored = [self.outbox.cast(a_draft(), self.clock.reading()) for _ in range(votes)]
        return [each.vote_id for each in stored if isinstance(each, Stored)]

    def hellos(self) -> list[Hello]:
        return [message for message in self.said if isinstance(message, Hello)]

    def answer(self, held: Held, *, nonce: str | None = None, time: datetime | None = None) -> None:
        receipt = Receipt(self.outbox.stream, held.number, held.chain, time or self.clock.true, answers=nonce)
        self.conversation.hear(Channel.RECEIPT, encode(receipt))

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
