"""Messages to rows: decode, decide, store, and only then answer. Knows no MQTT.

Everything that one call takes is one transaction: votes, refusals, the streams' numbers and the number of
changes. Whatever is taken twice is stored once.
"""

import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from time import monotonic

from protocol.codec import encode
from protocol.topics import Channel, topic
from sync_server.core.clock import clock_objection
from sync_server.core.quarter import local_day
from sync_server.core.seldom import Seldom
from sync_server.reading import Incoming, Said, Unusable, read
from sync_server.store.changes import Subject, change_number
from sync_server.store.clock import ServerClockWrong, newest_received
from sync_server.store.database import CannotBeStored, Connection, Database, DatabaseTrouble
from sync_server.store.ledger import StreamMoved
from sync_server.store.orders import behind_on_setup, pending
from sync_server.store.setups_due import put_due_in_force
from sync_server.taking import Outgoing, Taking

__all__ = ["Incoming", "Ingest", "Outgoing"]

log = logging.getLogger(__name__)

TRIES = 3


class Ingest:
    """Takes messages into the database."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now
        self._announced: int | None = None
        self._drafted_on: date | None = None
        self._seldom = Seldom()
        self._newest: datetime | None = None  # when something was received last, as far as this process knows

    def take(self, messages: Sequence[Incoming], pace: float = 0.0, dropped: int = 0) -> list[Outgoing]:
        """Store what the messages bring and return the answers; DatabaseTrouble when nothing could be stored.

        A message that cannot be stored for what it contains is set apart, and the others are stored without it.
        *pace* is what kiosks with a backlog are told to wait, in seconds; *dropped* is how many messages found no
        room since the last call: they are counted.
        """
        heard = [read(message) for message in messages]
        for careful in (False, True):
            try:
                return self._take(heard, pace, dropped, careful=careful)
            except DatabaseTrouble:
                raise
            except Exception as error:
                log.debug("the messages cannot be stored together: %s", type(error).__name__)
        return [answer for message in heard for answer in self._take_alone(message, pace)]

    def announce(self) -> list[Outgoing]:
        """Return what kiosks are to be told, if there is anything new since the last call; raises DatabaseTrouble."""
        self._say({})
        self._put_due_in_force()
        number = change_number(self._database, Subject.ORDERS)
        if number == self._announced:
            return []
        with self._database.reading() as connection:
            news = [
                Outgoing(topic(address, Channel.SETUP), setup.content, qos=1)
                for address, setup in behind_on_setup(connection)
            ]
            news += [
                Outgoing(topic(address, Channel.COMMAND), encode(command), qos=1)
                for address, command in pending(connection, self._now())
            ]
        self._announced = number
        return news

    def _put_due_in_force(self) -> None:
        now = self._now()
        today = local_day(now)
        if today == self._drafted_on:
            return
        # Another process may do the same at the same moment: then there is nothing left to do.
        with contextlib.suppress(CannotBeStored), self._database.writing() as connection:
            put_due_in_force(connection, today, now)
        self._drafted_on = today

    def _take(self, heard: Sequence[Said | Unusable], pace: float, dropped: int, *, careful: bool) -> list[Outgoing]:
        for _ in range(TRIES - 1):
            # Another process may have taken votes of the same stream meanwhile: what is new then may be less.
            with contextlib.suppress(StreamMoved):
                return self._take_once(heard, pace, dropped, careful=careful)
        return self._take_once(heard, pace, dropped, careful=careful)

    def _take_once(
        self, heard: Sequence[Said | Unusable], pace: float, dropped: int, *, careful: bool
    ) -> list[Outgoing]:
        with self._database.writing() as connection:
            now = self._now()
            self._check_the_clock(connection, now)
            taking = Taking(connection, now, pace, careful=careful)
            answers = taking.take(heard, dropped)
        self._newest = now if self._newest is None else max(self._newest, now)
        self._say(taking.reasons)
        return answers

    def _say(self, reasons: Mapping[str, int]) -> None:
        for reason, times in self._seldom.due(reasons, monotonic()):
            log.warning("%d messages are set apart: %s", times, reason)

    def _check_the_clock(self, connection: Connection, now: datetime) -> None:
        if self._newest is not None and clock_objection(now, self._newest) is None:
            return
        # Only now: it is asked once, and again while something is wrong, for a person may have said which is right.
        self._newest = newest_received(connection)
        if objection := clock_objection(now, self._newest):
            raise ServerClockWrong(objection)

    def _take_alone(self, message: Said | Unusable, pace: float) -> list[Outgoing]:
        try:
            return self._take([message], pace, 0, careful=True)
        except DatabaseTrouble:
            raise
        except Exception as error:
            # Whatever it is, it must not keep the votes of others out. Its text may quote the message: only its kind.
            reason = str(error) if isinstance(error, CannotBeStored) else f"internal error: {type(error).__name__}"
            log.error("a message is set apart: %s", reason)
            return self._take([Unusable(message.message, reason)], pace, 0, careful=True)
