"""Exports from a stick into the ingest, by the very path of the network; and the receipts that go back."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from protocol.codec import MalformedMessage, ReadBatch, decode, decode_batch
from protocol.messages import Hello, Receipt, Refusal, StreamId
from protocol.sealing import open_export, sign_receipt
from protocol.stick import LARGEST_EXPORT, Export, Flaw, decode_export, encode_receipt, receipt_name
from protocol.stick_files import StickTrouble, read_file
from protocol.topics import Address, Channel, topic
from sync_server.core.acceptance import Held
from sync_server.core.stick_account import Account
from sync_server.ingest import Incoming, Ingest
from sync_server.keys import StickKeys
from sync_server.store.database import Database
from sync_server.store.export_keys import owner_of
from sync_server.store.ledger import count_conflicts, find_streams, ids_under

MOST_REFUSALS = 200  # that a receipt can name

NOT_KNOWN = (
    "is not signed by a kiosk of this server: was it registered with another server, or its settings file made by"
    " hand? 'kiosk add --renew' gives it a new one"
)
OTHER_NAME = "names another kiosk than the one whose key it is signed with"
OTHER_STREAM = "holds votes of a stream that belongs to another kiosk"
NOT_TAKEN = "is not taken by the ingest; the log says why"


@dataclass(frozen=True)
class Taken:
    """A file whose votes were taken in as far as they can be."""

    path: Path
    address: Address
    account: Account


@dataclass(frozen=True)
class Useless:
    """A file that brings nothing, and why, in words that follow its name."""

    path: Path
    reason: str


@dataclass(frozen=True)
class ReceiptFile:
    """What is to be carried back to a kiosk."""

    name: str
    data: bytes


class _Rejected(Exception):
    """The file cannot be used; the text says why."""


@dataclass(frozen=True)
class _Content:
    """A file that was opened: its messages fit each other and their kiosk."""

    export: Export
    hello: Hello
    batches: Sequence[ReadBatch]


class StickImport:
    """Takes some files in. At any time only one of them is held in memory."""

    def __init__(
        self,
        database: Database,
        now: Callable[[], datetime],
        keys: StickKeys,
        *,
        former_keys: bool = False,
        give_up_missing: bool = False,
    ) -> None:
        self._database = database
        self._now = now
        self._ingest = Ingest(database, now)
        self._keys = keys
        self._former_keys = former_keys
        self._give_up_missing = give_up_missing
        self._refusals: dict[tuple[Address, StreamId], list[Refusal]] = {}

    def take(self, paths: Sequence[Path]) -> Iterator[Taken | Useless]:
        """Take the files in, in the order of their votes, and say of each what became of it; raises DatabaseTrouble."""
        # Those with the lowest numbers first: so a file that waits for another one here never waits twice.
        places: list[tuple[Address, StreamId, int, int, Path]] = []
        for path in paths:
            try:
                export = self._open(path).export
            except _Rejected as reason:
                yield Useless(path, str(reason))
            else:
                places.append((export.address, export.stream, export.first, export.last, path))
        for *_, path in sorted(places):
            try:
                content = self._open(path)
                yield Taken(path, content.export.address, self._take(content))
            except _Rejected as reason:
                yield Useless(path, str(reason))

    def receipts(self) -> Iterator[ReceiptFile]:
        """Return a receipt for each stream of which anything was seen; raises DatabaseTrouble."""
        for (address, stream), refusals in self._refusals.items():
            held = self._held(stream)
            receipt = Receipt(
                stream=stream,
                stored_up_to=held.stored_up_to,
                chain=held.chain,
                time=self._now(),
                refused=tuple(refusals[-MOST_REFUSALS:]),
            )
            content = encode_receipt(address, receipt)
            yield ReceiptFile(receipt_name(address, stream), sign_receipt(content, self._keys.receipts))

    def _open(self, path: Path) -> _Content:
        try:
            opened = open_export(read_file(path, LARGEST_EXPORT), self._keys.votes)
        except StickTrouble as trouble:
            raise _Rejected(str(trouble).removeprefix(f"{path}: ")) from None
        if isinstance(opened, Flaw):
            raise _Rejected(str(opened))
        owner = self._owner(opened.signer)
        try:
            export = decode_export(opened.content)
            content = _Content(export, decode(export.hello, Hello), [decode_batch(batch) for batch in export.batches])
        except MalformedMessage:
            raise _Rejected(str(Flaw.UNREADABLE)) from None
        if export.address != owner:
            raise _Rejected(OTHER_NAME)
        if not _fits_together(content):
            raise _Rejected(str(Flaw.UNREADABLE))
        return content

    def _owner(self, signer: bytes) -> Address:
        with self._database.reading() as connection:
            owner = owner_of(connection, signer)
        if owner is None:
            raise _Rejected(NOT_KNOWN)
        if owner.revoked_at is not None:
            raise _Rejected(f"comes from {owner.address.kiosk}, which was revoked on {owner.revoked_at:%Y-%m-%d}")
        if owner.ended_at is not None and not self._former_keys:
            raise _Rejected(
                f"is signed with a key that {owner.address.kiosk} had until {owner.ended_at:%Y-%m-%d}: export again"
                " there; if the kiosk has lost its votes and you trust this stick, repeat with --former-keys"
            )
        return owner.address

    def _take(self, content: _Content) -> Account:
        export, hello = content.export, content.hello
        with self._database.reading() as connection:
            row = find_streams(connection, [export.stream]).get(export.stream)
            conflicts_before = count_conflicts(connection, export.stream)
            counted_before = len(ids_under(connection, export.stream, export.first, export.last))
        if row is not None and row.address != export.address:
            raise _Rejected(OTHER_STREAM)
        refusals = self._refusals.setdefault((export.address, export.stream), [])
        stored_up_to = 0 if row is None else row.held.stored_up_to
        account = Account(export.first, export.last)
        if hello.kept_from > stored_up_to + 1 and not self._give_up_missing:
            # On the network this would put the numbers between on record as lost: but here may be another stick.
            return account.stopped(range(stored_up_to + 1, hello.kept_from), erased=True)
        stored_up_to = self._feed(export, Channel.HELLO, export.hello).stored_up_to
        for batch, payload in zip(content.batches, export.batches, strict=True):
            receipt = self._feed(export, Channel.VOTES, payload)
            account = account.taken(batch.first, batch.last, stored_up_to, receipt.stored_up_to, receipt.refused)
            refusals += receipt.refused
            stored_up_to = receipt.stored_up_to
            if stored_up_to < batch.last:
                account = account.stopped(range(stored_up_to + 1, batch.first))
                break
        with self._database.reading() as connection:
            conflicts = count_conflicts(connection, export.stream) - conflicts_before
            counted = len(ids_under(connection, export.stream, export.first, export.last)) - counted_before
        return replace(account.found(max(0, counted - account.stored)), conflicts=conflicts)

    def _feed(self, export: Export, channel: Channel, payload: bytes) -> Receipt:
        wanted = topic(export.address, Channel.RECEIPT)  # orders are not carried on sticks
        answers = self._ingest.take([Incoming(topic(export.address, channel), payload)])
        receipts = [decode(answer.payload, Receipt) for answer in answers if answer.topic == wanted]
        if not receipts:
            raise _Rejected(NOT_TAKEN)
        return receipts[0]

    def _held(self, stream: StreamId) -> Held:
        with self._database.reading() as connection:
            row = find_streams(connection, [stream]).get(stream)
        return Held() if row is None else row.held


def _fits_together(content: _Content) -> bool:
    """Whether the messages are of one stream, continue each other, and are what the file says that it holds."""
    export = content.export
    expected = export.first
    for batch in content.batches:
        if batch.stream != export.stream or batch.first != expected:
            return False
        expected = batch.last + 1
    return expected == export.last + 1 and content.hello.stream == export.stream
