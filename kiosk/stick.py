"""Waiting votes onto a stick, and receipts from it: where no network ever comes."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec

from kiosk.controller import StorageBroken
from kiosk.core.carried_receipts import Advance, GoBack, Known, NothingNew, Outdated, judge
from kiosk.core.time_truth import Reading
from kiosk.outbox import Outbox, Proof, Standing, StorageDamaged
from protocol import whole_file
from protocol.codec import MalformedMessage, batches
from protocol.messages import Hello, Number, Receipt, ReplacedBecause, StreamId, VoteBatch
from protocol.sealing import open_receipt, seal_export
from protocol.stick import (
    LARGEST_RECEIPT,
    MOST_VOTES,
    RECEIPT_SUFFIX,
    VOTES_SUFFIX,
    VOTES_TOGETHER,
    Flaw,
    decode_receipt,
    encode_export,
    export_name,
    is_settled,
)
from protocol.stick_files import StickTrouble, files_on, read_file, remove, write_whole
from protocol.topics import Address

log = logging.getLogger(__name__)

NEWEST = "stick-receipt.json"


@dataclass(frozen=True, repr=False)
class Keys:
    """This kiosk's own key, secret, and the two public ones of its server."""

    signing: bytes
    server: bytes
    receipts: bytes


@dataclass(frozen=True)
class Written:
    """A file that lies on the stick and was read back."""

    path: Path
    first: Number
    last: Number

    @property
    def votes(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True)
class Confirmed:
    """The server has some more votes; files on the stick that held nothing else were removed."""

    votes: int
    refused: int
    removed: int


@dataclass(frozen=True)
class AskedAgain:
    """The server was restored from a backup and lacks votes that it had: they wait again."""

    votes: int


@dataclass(frozen=True)
class OtherVotes:
    """The server holds other votes under this stream's numbers: this card was copied, or set back to an older state.

    *renewed*: a new stream was begun with every vote that waits. Otherwise the running kiosk is in the way of that.
    """

    renewed: bool


@dataclass(frozen=True)
class Passed:
    """A receipt that changes nothing, and why, in words that follow its name."""

    path: Path
    reason: str
    amiss: bool


ReceiptTaken = Confirmed | AskedAgain | OtherVotes | Passed


class _Newest(msgspec.Struct, frozen=True):
    """The newest receipt that was carried here."""

    stream: StreamId
    time: datetime


class Stick:
    """One visit of a stick to this kiosk. Everything may raise StickTrouble or StorageBroken.

    *alone*: no kiosk runs on the same outbox, so that it may be put in order.
    """

    def __init__(self, folder: Path, *, outbox: Outbox, state: Path, address: Address, keys: Keys, alone: bool) -> None:
        self._folder = folder
        self._outbox = outbox
        self._newest = state / NEWEST
        self._address = address
        self._keys = keys
        self._alone = alone
        files_on(folder, VOTES_SUFFIX)  # whether it is there at all

    def take_receipts(self) -> Iterator[ReceiptTaken]:
        """Take the receipts that are for this kiosk, and say of each what it changed; others' are passed in silence."""
        for path in files_on(self._folder, RECEIPT_SUFFIX):
            try:
                data = read_file(path, LARGEST_RECEIPT)
            except StickTrouble as trouble:
                yield Passed(path, str(trouble).removeprefix(f"{path}: "), amiss=True)
                continue
            content = open_receipt(data, self._keys.receipts)
            if isinstance(content, Flaw):
                yield Passed(path, str(content), amiss=True)
                continue
            try:
                carried = decode_receipt(content)
            except MalformedMessage:
                yield Passed(path, str(Flaw.UNREADABLE), amiss=True)
                continue
            if Address(carried.site, carried.kiosk) == self._address:
                yield self._take(path, carried.receipt)

    def export(self, reading: Reading, hello: Hello) -> Iterator[Written]:
        """Write every waiting vote, its hour settled by what is known at *reading*; each file is whole once returned.

        *hello* says where the stream stands; its votes up to *highest* are written. A disk on which nothing can be
        settled any more gives them away all the same.
        """
        standing = self._outbox.standing()
        first = max(standing.stored_up_to + 1, standing.kept_from)
        while first <= hello.highest:
            last = min(first + MOST_VOTES - 1, hello.highest)
            path = self._folder / export_name(self._address, hello.stream, first, last)
            content = encode_export(self._address, hello, list(self._batches(hello.stream, first, last, reading)))
            write_whole(path, seal_export(content, self._keys.signing, self._keys.server))
            yield Written(path, first, last)
            first = last + 1

    def _batches(self, stream: StreamId, first: Number, last: Number, reading: Reading) -> Iterator[VoteBatch]:
        votes = (
            self._outbox.votes if self._settled(first, last, reading) else partial(self._outbox.dated, reading=reading)
        )
        for begin in range(first, last + 1, VOTES_TOGETHER):
            end = min(begin + VOTES_TOGETHER - 1, last)
            yield from batches(stream, votes(begin, end))

    def _settled(self, first: Number, last: Number, reading: Reading) -> bool:
        try:
            self._outbox.settle(first, last, reading)
        except StorageDamaged:
            raise
        except StorageBroken as error:
            log.warning("the hours of the votes on the stick cannot be noted on the kiosk: %s", error)
            return False
        return True

    def _take(self, path: Path, receipt: Receipt) -> ReceiptTaken:
        if receipt.stream != self._outbox.stream:
            return Passed(path, "is for an earlier stream of this kiosk", amiss=False)
        if self._outbox.proof(receipt.stored_up_to, receipt.chain) is Proof.OTHER_VOTES:
            if self._alone:
                self._outbox.renew(ReplacedBecause.COPIED)
            return OtherVotes(renewed=self._alone)
        standing = self._outbox.standing()
        verdict = judge(receipt.stored_up_to, receipt.time, self._known(standing))
        if not isinstance(verdict, Outdated):
            self._note(receipt)
        match verdict:
            case Advance(number):
                self._outbox.confirm(number, receipt.time, receipt.stream)
                return Confirmed(number - standing.stored_up_to, len(receipt.refused), self._tidy(number))
            case GoBack(number):
                self._outbox.confirm(number, receipt.time, receipt.stream)
                return AskedAgain(standing.stored_up_to - number)
            case NothingNew():
                self._tidy(standing.stored_up_to)
                return Passed(path, "says what this kiosk knows already", amiss=False)
            case Outdated():
                return Passed(path, "is older than what this kiosk knows", amiss=False)

    def _known(self, standing: Standing) -> Known:
        taken = self._newest_taken()
        return Known(
            stored_up_to=standing.stored_up_to,
            kept_from=standing.kept_from,
            confirmed_at=self._outbox.confirmed_at(standing.stored_up_to),
            newest_taken=taken.time if taken is not None and taken.stream == self._outbox.stream else None,
        )

    def _newest_taken(self) -> _Newest | None:
        try:
            return msgspec.json.decode(self._newest.read_bytes(), type=_Newest)
        except (OSError, msgspec.DecodeError):
            return None  # never written, or not readable any more: then what the outbox knows has to do

    def _note(self, receipt: Receipt) -> None:
        # Before the outbox: a receipt that is noted and not taken is taken the next time.
        try:
            whole_file.write_whole(self._newest, msgspec.json.encode(_Newest(receipt.stream, receipt.time)))
        except OSError as error:
            raise StorageBroken(error.strerror or "the folder cannot be used") from None
        if self._outbox.replaced:
            self._outbox.replaced_is_known()

    def _tidy(self, stored_up_to: int) -> int:
        """Remove the files of this stream that the server has; one that stays does no harm."""
        return sum(
            remove(path)
            for path in files_on(self._folder, VOTES_SUFFIX)
            if is_settled(path.name, self._address, self._outbox.stream, stored_up_to)
        )
