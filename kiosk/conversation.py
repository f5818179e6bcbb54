"""What kiosk and server say over one connection: status, hello, votes, receipts, orders.

A receipt is believed only when its chain proves which votes it confirms. A chain that differs proves as much: the
server holds other votes under this stream's numbers, because the card is a copy or was set back, and what waits goes
on in a new stream. A late, repeated or overtaken receipt can prove no such thing, for it names a number of this very
stream, and the chain at a number never changes.
"""

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kiosk.clock import Clock
from kiosk.core.sending import Sender, SendHello, SendStatus
from kiosk.core.tally import Counted, Lost, Obstacle
from kiosk.core.time_truth import Reading, server_anchor
from kiosk.health import Health
from kiosk.orders import Orders
from kiosk.outbox import Journal, Proof, Standing
from protocol.codec import MalformedMessage, Message, batches, decode
from protocol.messages import (
    ClockSource,
    Count,
    Hello,
    KioskStatus,
    Nonce,
    Number,
    Receipt,
    ReplacedBecause,
    StreamId,
)
from protocol.topics import Channel

log = logging.getLogger(__name__)

SILENCE_SECONDS = 120.0  # after some tries of the sender, the connection itself may be what does not work
RENEWAL_SECONDS = 3600.0  # between new streams: a server gone mad must not make the kiosk begin them without end
MOST_HELD_BACK = 32  # commands that wait until the time is known
MOST_NONCES = 8


@dataclass
class Desk:
    """What outlives a connection."""

    journal: Journal
    sender: Sender
    health: Health
    orders: Orders
    clock: Clock
    stream: StreamId = ""  # that sender and health speak of
    sent_up_to: Count = 0  # in this stream, since the start
    renewed_at: float = field(default=-RENEWAL_SECONDS)


class Conversation:
    """One connection's talk, in the uplink's thread. *say* publishes, *answered* is called once the server has."""

    def __init__(
        self, desk: Desk, connection: Count, say: Callable[[Channel, Message], None], answered: Callable[[], None]
    ) -> None:
        self._desk = desk
        self._connection = connection
        self._say = say
        self._answered = answered
        self._tally = desk.health.tally
        self._asked: dict[Nonce, Reading] = {}
        self._renewed = False
        self._time_is_known = False  # the server has told it in this connection
        self._held_back: list[bytes] = []
        self._heard_at = self._now()

    def will(self) -> KioskStatus:
        """Return what is to be said if the connection ends without a farewell."""
        return self._status(self._desk.journal.standing(), gone=True)

    def begin(self) -> None:
        """The kiosk listens: say how it is, then ask where the server stands."""
        self._heard_at = self._now()
        self._desk.sender.connected(self._now())
        self.speak()

    def hear(self, channel: Channel, data: bytes) -> None:
        """Take what the server says."""
        match channel:
            case Channel.RECEIPT:
                self._take_receipt(data)
            case Channel.SETUP:
                self._desk.orders.take_setup(data)
                self._desk.sender.report(self._now())
            case Channel.COMMAND if self._time_is_known:
                self._obey(data)
            case Channel.COMMAND if len(self._held_back) < MOST_HELD_BACK:
                self._held_back.append(data)  # whether it has expired cannot be told yet
            case _:
                self._tally.add(Counted.MESSAGES_REFUSED)

    def speak(self) -> None:
        """Say what is due. Lost when the server has been silent for too long."""
        desk, now = self._desk, self._now()
        standing = desk.journal.standing()
        self._follow(standing.stream)
        if not desk.sender.waits_for_an_answer:
            self._heard_at = now
        elif now - self._heard_at > SILENCE_SECONDS:
            raise Lost(Obstacle.SILENCE, "the server does not answer")
        for message in desk.sender.due(standing.highest, now):
            match message:
                case SendStatus():
                    self._say(Channel.STATUS, self._status(standing))
                    desk.orders.told()
                case SendHello():
                    self._say(Channel.HELLO, self._hello(standing))
                case _:
                    if not self._send_votes(standing.stream, message.first, message.last):
                        break

    # --- what is said ---

    def _status(self, standing: Standing, *, gone: bool = False) -> KioskStatus:
        clock = self._desk.journal.clock(self._desk.clock.reading())
        return self._desk.health.status(standing.stream, standing, clock, self._connection, gone=gone)

    def _hello(self, standing: Standing) -> Hello:
        nonce = secrets.token_hex(8)
        while len(self._asked) >= MOST_NONCES:
            del self._asked[next(iter(self._asked))]
        self._asked[nonce] = self._desk.clock.reading()
        return standing.hello(self._desk.health.boot, nonce, self._desk.orders.setups.revision)

    def _send_votes(self, stream: StreamId, first: Number, last: Number) -> bool:
        """Send them; False when they are kept no longer, or the stream has become another one."""
        desk = self._desk
        desk.journal.settle(first, last, desk.clock.reading())
        votes = desk.journal.votes(first, last)
        if desk.journal.stream != stream:  # the file was salvaged meanwhile: they may be another stream's votes
            return False
        if not votes or votes[0].number != first:
            log.warning("the server asks for votes that are no longer kept")
            desk.sender.not_understood(self._now())
            return False
        for batch in batches(stream, votes):
            self._say(Channel.VOTES, batch)
        desk.health.delays.sent(votes)
        again = sum(vote.number <= desk.sent_up_to for vote in votes)
        desk.sent_up_to = max(desk.sent_up_to, votes[-1].number)
        self._tally.add(Counted.VOTES_SENT, len(votes) - again)
        self._tally.add(Counted.VOTES_SENT_AGAIN, again)
        return True

    # --- what is heard ---

    def _take_receipt(self, data: bytes) -> None:
        try:
            receipt = decode(data, Receipt)
        except MalformedMessage as error:
            self._tally.add(Counted.MESSAGES_REFUSED)
            log.warning("a receipt cannot be read: %s", error)
            return
        journal = self._desk.journal
        proof = journal.proof(receipt.stored_up_to, receipt.chain)
        if receipt.stream != journal.stream:  # asked after the proof: a salvage in between would make it the other's
            self._tally.add(Counted.RECEIPTS_OF_OTHERS)
            return
        answer = self._take_time(receipt)
        match proof:
            case Proof.MATCHES:
                self._believe(receipt, answer)
            case Proof.OTHER_VOTES:
                self._tally.add(Counted.RECEIPTS_NOT_BELIEVED)
                self._renew()
            case _:  # Proof.UNKNOWN
                self._tally.add(Counted.RECEIPTS_NOT_JUDGED)
                log.warning("the server is behind what this kiosk keeps; it is told")
                self._desk.sender.not_understood(self._now())

    def _take_time(self, receipt: Receipt) -> bool:
        """Whether the receipt answers a hello of this connection; the server's clock is then noted."""
        asked = self._asked.pop(receipt.answers, None) if receipt.answers is not None else None
        if asked is None:
            return False
        heard = self._desk.clock.reading()
        self._desk.journal.note_anchor(server_anchor(heard.boot_id, asked.boottime_ns, heard.boottime_ns, receipt.time))
        return True

    def _believe(self, receipt: Receipt, answer: bool) -> None:
        desk, now = self._desk, self._now()
        self._heard_at = now
        self._tally.add(Counted.RECEIPTS)
        if receipt.stored_up_to != desk.journal.standing().stored_up_to:
            desk.journal.confirm(receipt.stored_up_to, receipt.time, receipt.stream)
        desk.health.delays.confirmed(receipt.stored_up_to, now)
        desk.sender.received(receipt.stored_up_to, now, pace=receipt.pace, answer=answer)
        if receipt.refused:
            self._tally.add(Counted.VOTES_REFUSED, len(receipt.refused))
            log.warning("the server keeps %d votes apart", len(receipt.refused))
        if answer:
            self._welcome()

    def _welcome(self) -> None:
        desk = self._desk
        if desk.journal.replaced:
            desk.journal.replaced_is_known()  # the hello that is answered named it
        if not self._time_is_known:
            self._time_is_known = True
            self._answered()
        held_back, self._held_back = self._held_back, []
        for data in held_back:
            self._obey(data)

    def _renew(self) -> None:
        desk, now = self._desk, self._now()
        self._heard_at = now
        if self._renewed or now - desk.renewed_at < RENEWAL_SECONDS:
            raise Lost(Obstacle.STREAM, "the server holds other votes even under the numbers of a new stream")
        replaced = desk.journal.renew(ReplacedBecause.COPIED)
        self._renewed, desk.renewed_at = True, now
        self._tally.add(Counted.STREAMS_RENEWED)
        log.error(
            "the server holds other votes under the numbers of this stream: this card is a copy, or was set back;"
            " %d votes go on in a new stream",
            replaced.carried,
        )
        self._follow(desk.journal.stream)

    def _follow(self, stream: StreamId) -> None:
        """Begin anew where the journal has a new stream: because it was renewed, or salvaged from a damaged file."""
        desk = self._desk
        if stream != desk.stream:
            if desk.stream:
                desk.sender.renewed(self._now())
            desk.stream, desk.sent_up_to = stream, 0
            desk.health.delays.renumbered()
            self._asked.clear()

    def _obey(self, data: bytes) -> None:
        desk = self._desk
        now = self._known_now()
        if now is None:
            self._tally.add(Counted.MESSAGES_REFUSED)
            log.warning("a command cannot be judged: the time is not known")
            return
        standing = desk.journal.standing()
        resend_from = desk.orders.take_command(data, now=now, kept_from=standing.kept_from, highest=standing.highest)
        if resend_from is not None:
            desk.sender.resend(resend_from)
        desk.sender.report(self._now())

    def _known_now(self) -> datetime | None:
        reading = self._desk.clock.reading()
        report = self._desk.journal.clock(reading)
        return None if report.source is ClockSource.NONE else reading.wall - timedelta(seconds=report.offset)

    def _now(self) -> float:
        return self._desk.clock.monotonic()
