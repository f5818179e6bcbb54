"""What waits on a kiosk gets onto a stick whole and stays until a receipt comes; no stale or foreign receipt counts."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kiosk.controller import StorageBroken
from kiosk.core.time_truth import Reading
from kiosk.outbox import Outbox, Stored
from kiosk.stick import AskedAgain, Confirmed, Keys, OtherVotes, Passed, ReceiptTaken, Stick, Written
from protocol.chain import EMPTY, extend
from protocol.codec import decode_batch
from protocol.messages import Hello, Receipt, Refusal, ReplacedBecause, Vote, VoteBatch
from protocol.sealing import Opened, open_export, sealing_key, sign_receipt, verify_key
from protocol.stick import Export, decode_export, encode_receipt, receipt_name
from protocol.stick_files import StickTrouble
from protocol.topics import Address
from tests.fakes.clock import A_MORNING
from tests.fakes.drafts import a_draft, a_reading
from tests.fakes.small_disk import fill, small_disk

KIOSK, OTHER = Address("sia", "quay-1"), Address("sia", "quay-2")
SERVER, RECEIPTS, STRANGER = b"v" * 32, b"r" * 32, b"x" * 32
KEYS = Keys(b"k" * 32, sealing_key(SERVER), verify_key(RECEIPTS))


@dataclass
class Machine:
    """A kiosk's outbox, and a stick in it."""

    state: Path
    folder: Path
    alone: bool = True
    outbox: Outbox = field(init=False)

    def __post_init__(self) -> None:
        self.outbox = Outbox(self.state / "outbox.sqlite")

    def casts(self, number: int) -> list[str]:
        stored = [self.outbox.cast(a_draft(place % 5 + 1), a_reading()) for place in range(number)]
        return [vote.vote_id for vote in stored if isinstance(vote, Stored)]

    def stick(self) -> Stick:
        return Stick(self.folder, outbox=self.outbox, state=self.state, address=KIOSK, keys=KEYS, alone=self.alone)

    def exports(self, reading: Reading | None = None) -> list[Written]:
        return list(self.exporting(reading or a_reading()))

    def exporting(self, reading: Reading) -> Iterator[Written]:
        standing = self.outbox.standing()
        hello = Hello(
            stream=self.outbox.stream,
            highest=standing.highest,
            kept_from=standing.kept_from,
            chain_before=standing.chain_before,
            boot=1,
            nonce="0" * 16,
            version="0.1",
        )
        return self.stick().export(reading, hello)

    def takes(self) -> list[ReceiptTaken]:
        return list(self.stick().take_receipts())

    def chain(self, number: int) -> str:
        return extend(EMPTY, [vote.vote_id for vote in self.outbox.votes(1, number)])

    def receipt(
        self,
        stored_up_to: int,
        *,
        time: datetime = A_MORNING,
        chain: str | None = None,
        stream: str | None = None,
        address: Address = KIOSK,
        key: bytes = RECEIPTS,
        refused: Sequence[int] = (),
    ) -> Path:
        """Put a receipt on the stick."""
        self.outbox.settle(1, self.outbox.standing().highest, a_reading())
        receipt = Receipt(
            stream=stream or self.outbox.stream,
            stored_up_to=stored_up_to,
            chain=self.chain(stored_up_to) if chain is None else chain,
            time=time,
            refused=tuple(Refusal(number, "no such survey") for number in refused),
        )
        path = self.folder / receipt_name(address, receipt.stream)
        path.write_bytes(sign_receipt(encode_receipt(address, receipt), key))
        return path


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    folder = tmp_path / "stick"
    folder.mkdir()
    machine = Machine(tmp_path / "state", folder)
    yield machine
    machine.outbox.close()


def opened(path: Path) -> Export:
    sealed = open_export(path.read_bytes(), SERVER)
    assert isinstance(sealed, Opened)
    assert sealed.signer == verify_key(KEYS.signing)
    return decode_export(sealed.content)


def votes_in(path: Path) -> list[Vote]:
    batches = [decode_batch(batch) for batch in opened(path).batches]
    return [entry for batch in batches for entry in batch.entries if isinstance(entry, Vote)]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_every_waiting_vote_is_written_and_stays(machine: Machine) -> None:
    ids = machine.casts(250)
    (file,) = machine.exports()
    assert (file.first, file.last, file.votes) == (1, 250, 250)
    assert names(machine.folder) == [f"sia.quay-1.{machine.outbox.stream[:8]}.1-250.hailong"]
    export = opened(file.path)
    assert (export.address, export.stream, export.first, export.last) == (KIOSK, machine.outbox.stream, 1, 250)
    assert [vote.vote_id for vote in votes_in(file.path)] == ids
    assert tuple(votes_in(file.path)) == machine.outbox.votes(1, 250)
    assert machine.outbox.standing().waiting == 250


def test_nothing_of_a_vote_can_be_read_off_the_stick(machine: Machine) -> None:
    machine.outbox.cast(a_draft(5, case_token="c0de" * 8), a_reading())
    (file,) = machine.exports()
    data = file.path.read_bytes()
    for secret in (b"c0de", b"overall", machine.outbox.votes(1, 1)[0].vote_id.encode(), KEYS.signing.hex().encode()):
        assert secret not in data
        assert secret.decode() not in file.path.name


def test_many_votes_are_several_files_that_continue_each_other(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.stick.MOST_VOTES", 100)
    ids = machine.casts(250)
    files = machine.exports()
    assert [(file.first, file.last) for file in files] == [(1, 100), (101, 200), (201, 250)]
    assert [vote.vote_id for file in files for vote in votes_in(file.path)] == ids


def test_what_the_server_has_is_not_written_again(machine: Machine) -> None:
    machine.casts(10)
    machine.exports()
    machine.receipt(10)
    assert machine.takes() == [Confirmed(votes=10, refused=0, removed=1)]
    assert machine.exports() == []
    machine.casts(3)
    (file,) = machine.exports()
    assert (file.first, file.last) == (11, 13)


def test_hours_are_settled_before_they_are_written_and_stay_so(machine: Machine) -> None:
    unknown = a_reading(max_error=None)
    machine.outbox.cast(a_draft(), unknown)
    (file,) = machine.exports(unknown)
    (vote,) = votes_in(file.path)
    assert vote.latest_hour is not None, "this boot never saw the time"
    (again,) = machine.exports(a_reading())
    assert votes_in(again.path) == [vote]


def test_exporting_twice_replaces_the_file(machine: Machine) -> None:
    machine.casts(3)
    (one,) = machine.exports()
    before = one.path.read_bytes()
    (two,) = machine.exports()
    assert two.path == one.path
    assert two.path.read_bytes() != before
    assert len(names(machine.folder)) == 1


def test_a_full_stick_leaves_the_files_that_are_whole_and_no_other(
    machine: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.stick.MOST_VOTES", 100)
    machine.casts(300)
    with small_disk(tmp_path / "small", kilobytes=40) as machine.folder:
        written = []
        with pytest.raises(StickTrouble, match="is full"):
            for file in machine.exporting(a_reading()):
                written.append(file)
        assert 1 <= len(written) < 3
        assert names(machine.folder) == [file.path.name for file in written]
        for file in written:
            assert len(votes_in(file.path)) == 100
    assert machine.outbox.standing().waiting == 300


def test_a_stick_without_any_room_gets_nothing(machine: Machine, tmp_path: Path) -> None:
    machine.casts(1)
    with small_disk(tmp_path / "small", kilobytes=64) as machine.folder:
        fill(machine.folder)
        with pytest.raises(StickTrouble, match="is full"):
            machine.exports()
        assert names(machine.folder) == ["filler"]


def test_a_stick_that_is_not_there_is_named(machine: Machine) -> None:
    machine.folder = machine.folder / "gone"
    with pytest.raises(StickTrouble, match="there is no such folder"):
        machine.exports()


# --- receipts -------------------------------------------------------------------------------------


def test_a_receipt_confirms_and_settled_files_of_this_stream_go(machine: Machine) -> None:
    machine.casts(10)
    machine.exports()
    machine.casts(5)
    machine.exports()
    (machine.folder / f"sia.quay-2.{machine.outbox.stream[:8]}.1-3.hailong").touch()
    (machine.folder / "holiday.jpg").touch()
    machine.receipt(10, refused=[4, 7])
    assert machine.takes() == [Confirmed(votes=10, refused=2, removed=1)]
    assert machine.outbox.standing().waiting == 5
    stream = machine.outbox.stream[:8]
    assert names(machine.folder) == [
        "holiday.jpg",
        f"sia.quay-1.{stream}.1-15.hailong",
        f"sia.quay-1.{stream}.receipt",
        f"sia.quay-2.{stream}.1-3.hailong",
    ]


def test_a_receipt_that_is_taken_again_changes_nothing(machine: Machine) -> None:
    machine.casts(10)
    machine.receipt(10)
    machine.takes()
    (again,) = machine.takes()
    assert isinstance(again, Passed) and again.reason == "says what this kiosk knows already" and not again.amiss
    assert machine.outbox.standing().stored_up_to == 10


def test_an_older_receipt_than_the_last_one_is_passed(machine: Machine) -> None:
    machine.casts(10)
    path = machine.receipt(4, time=A_MORNING)
    old = path.read_bytes()
    machine.receipt(10, time=A_MORNING + timedelta(hours=1))
    machine.takes()
    path.write_bytes(old)
    (passed,) = machine.takes()
    assert isinstance(passed, Passed) and passed.reason == "is older than what this kiosk knows"
    assert machine.outbox.standing().stored_up_to == 10


def test_an_older_receipt_than_what_the_network_said_is_passed(machine: Machine) -> None:
    machine.casts(10)
    machine.receipt(4, time=A_MORNING)
    machine.outbox.confirm(10, A_MORNING + timedelta(hours=1))
    (passed,) = machine.takes()
    assert isinstance(passed, Passed)
    assert machine.outbox.standing().stored_up_to == 10


def test_a_restored_server_gets_what_it_lacks(machine: Machine) -> None:
    machine.casts(10)
    path = machine.receipt(10, time=A_MORNING)
    first = path.read_bytes()
    machine.takes()
    machine.receipt(3, time=A_MORNING + timedelta(days=1))
    assert machine.takes() == [AskedAgain(7)]
    (file,) = machine.exports()
    assert (file.first, file.last) == (4, 10)
    # The receipt from before the restoration is no good any more.
    path.write_bytes(first)
    (passed,) = machine.takes()
    assert isinstance(passed, Passed)
    assert machine.outbox.standing().waiting == 7


def test_other_votes_at_the_server_lead_to_a_new_stream(machine: Machine) -> None:
    ids = machine.casts(10)
    old = machine.outbox.stream
    machine.receipt(4)
    machine.takes()
    machine.receipt(7, chain="f" * 32, time=A_MORNING + timedelta(days=1))
    assert machine.takes() == [OtherVotes(renewed=True)]
    assert machine.outbox.stream != old
    [replaced] = machine.outbox.replaced
    assert (replaced.stream, replaced.because) == (old, ReplacedBecause.COPIED)
    (file,) = machine.exports()
    assert [vote.vote_id for vote in votes_in(file.path)] == ids
    machine.receipt(10)
    assert Confirmed(votes=10, refused=0, removed=1) in machine.takes()
    assert not machine.outbox.replaced


def test_beside_a_running_kiosk_no_new_stream_is_begun(machine: Machine) -> None:
    machine.casts(10)
    old = machine.outbox.stream
    machine.alone = False
    machine.receipt(7, chain="f" * 32)
    assert machine.takes() == [OtherVotes(renewed=False)]
    assert machine.outbox.stream == old


def test_a_receipt_for_numbers_never_given_is_taken_for_other_votes(machine: Machine) -> None:
    machine.casts(3)
    machine.receipt(4, chain="f" * 32)
    assert machine.takes() == [OtherVotes(renewed=True)]


def test_receipts_that_are_no_good_are_passed_and_the_others_count(machine: Machine) -> None:
    machine.casts(10)
    good = machine.receipt(10)
    whole = good.read_bytes()
    forged = machine.receipt(9, key=STRANGER)
    (machine.folder / "a.receipt").write_bytes(forged.read_bytes())
    (machine.folder / "b.receipt").write_bytes(whole[:-1])
    (machine.folder / "c.receipt").write_bytes(whole.replace(b'"stored_up_to":10', b'"stored_up_to":11'))
    (machine.folder / "d.receipt").write_bytes(sign_receipt(b"{}", RECEIPTS))
    (machine.folder / "e.receipt").write_bytes(bytes(1_000_000))
    machine.receipt(9, stream="9" * 32).rename(machine.folder / "f.receipt")
    machine.receipt(10, address=OTHER)
    good.write_bytes(whole)
    taken = machine.takes()
    assert [(passed.path.name, passed.reason, passed.amiss) for passed in taken if isinstance(passed, Passed)] == [
        ("a.receipt", "belongs to another server", True),
        ("b.receipt", "is cut short", True),
        ("c.receipt", "is damaged or was altered", True),
        ("d.receipt", "is whole but cannot be read by this version of the program", True),
        ("e.receipt", "is larger than such a file can be", True),
        ("f.receipt", "is for an earlier stream of this kiosk", False),
    ]
    assert [confirmed for confirmed in taken if not isinstance(confirmed, Passed)] == [Confirmed(10, 0, 0)]


def test_what_was_noted_of_earlier_receipts_may_be_lost(machine: Machine) -> None:
    machine.casts(10)
    machine.receipt(4)
    machine.takes()
    (machine.state / "stick-receipt.json").write_bytes(b"{")
    machine.receipt(10, time=A_MORNING + timedelta(hours=1))
    assert machine.takes() == [Confirmed(votes=6, refused=0, removed=0)]


def test_a_receipt_that_cannot_be_noted_is_not_taken(machine: Machine) -> None:
    machine.casts(10)
    machine.receipt(10)
    (machine.state / "stick-receipt.json").mkdir()
    with pytest.raises(StorageBroken, match="Is a directory"):
        machine.takes()
    assert machine.outbox.standing().waiting == 10


# --- beside a running kiosk -----------------------------------------------------------------------


def test_a_second_process_s_connection_and_the_first_one_s_see_each_other(machine: Machine) -> None:
    machine.casts(5)
    running = machine.outbox
    machine.outbox = Outbox(machine.state / "outbox.sqlite", mend=False)
    machine.alone = False
    try:
        assert [(file.first, file.last) for file in machine.exports()] == [(1, 5)]
        stored = running.cast(a_draft(), a_reading())
        assert isinstance(stored, Stored)
        assert [(file.first, file.last) for file in machine.exports()] == [(1, 6)]
        machine.receipt(5)
        assert machine.takes() == [Confirmed(votes=5, refused=0, removed=1)]
        assert running.standing().stored_up_to == 5
        running.confirm(6, A_MORNING + timedelta(hours=1))
        assert machine.exports() == []
        assert running.votes(1, 6) == machine.outbox.votes(1, 6)
    finally:
        running.close()


def test_no_vote_of_a_running_kiosk_fails_because_another_process_writes(machine: Machine) -> None:
    running = machine.outbox
    machine.outbox = Outbox(machine.state / "outbox.sqlite", mend=False)
    machine.alone = False
    cast: list[object] = []

    def citizens() -> None:
        cast.extend(running.cast(a_draft(), a_reading()) for _ in range(200))

    citizen = threading.Thread(target=citizens)
    citizen.start()
    try:
        hours = 0
        while citizen.is_alive():
            hours += 1
            for file in machine.exports():
                machine.receipt(file.last, time=A_MORNING + timedelta(hours=hours))
                machine.takes()
    finally:
        citizen.join()
        standing = running.standing()
        running.close()
    assert len(cast) == 200
    assert standing.highest == 200


def test_batches_are_whole_messages(machine: Machine) -> None:
    machine.casts(201)
    (file,) = machine.exports()
    sizes = [len(decode_batch(batch).entries) for batch in opened(file.path).batches]
    assert sizes == [100, 100, 1]
    assert VoteBatch(machine.outbox.stream, machine.outbox.votes(201, 201)).votes[0].number == 201
