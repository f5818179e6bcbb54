"""Votes from sticks are stored once, in whatever order they come and whatever else brings them; the rest is refused."""

import itertools
import random
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text, update

from protocol.chain import EMPTY, extend
from protocol.messages import Hello, Receipt, Vote, VoteBatch
from protocol.sealing import open_receipt, seal_export, sealing_key, verify_key
from protocol.stick import LARGEST_EXPORT, Flaw, decode_receipt, encode_export, receipt_name
from protocol.topics import Address, Channel, topic
from sync_server.ingest import Incoming, Ingest
from sync_server.stick import NOT_KNOWN, NOT_TAKEN, OTHER_NAME, OTHER_STREAM, StickImport, Taken, Useless
from sync_server.store.database import Database
from sync_server.store.export_keys import give_export_key
from sync_server.store.fleet import add_kiosk
from sync_server.store.schema import kiosks, streams
from tests.fakes.databases import new_database
from tests.fakes.small_office import NOW, SITE, seed_office
from tests.fakes.sticks import SERVER, Exporter
from tests.fakes.votes import a_vote, batch, some_votes

ONE, TWO = Exporter(Address(SITE, "quay-1")), Exporter(Address(SITE, "quay-2"), "6" * 32, b"l" * 32)


def with_two_kiosks(database: Database) -> Database:
    seed_office(database)
    with database.writing() as connection:
        for kiosk in (ONE, TWO):
            add_kiosk(connection, kiosk.address, NOW)
            give_export_key(connection, kiosk.address, kiosk.key, NOW)
    return database


@pytest.fixture
def database(database: Database) -> Database:
    """Each kind of database, with an office and two kiosks."""
    return with_two_kiosks(database)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


class Clerk:
    """Imports what lies on a stick."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.last: StickImport | None = None

    def imports(
        self, paths: Sequence[Path], *, former_keys: bool = False, give_up_missing: bool = False
    ) -> list[Taken | Useless]:
        self.last = StickImport(
            self.database, lambda: NOW, SERVER, former_keys=former_keys, give_up_missing=give_up_missing
        )
        return list(self.last.take(paths))

    def stored(self, stream: str = ONE.stream) -> list[int]:
        query = f"SELECT number FROM votes WHERE stream = '{stream}' ORDER BY number"
        with self.database.reading() as connection:
            return list(connection.execute(text(query)).scalars())

    def receipts(self) -> dict[str, Receipt]:
        assert self.last is not None
        receipts = {}
        for file in self.last.receipts():
            content = open_receipt(file.data, verify_key(SERVER.receipts))
            assert isinstance(content, bytes)
            receipts[file.name] = decode_receipt(content).receipt
        return receipts

    def network(self, votes: Sequence[Vote], kiosk: Exporter = ONE) -> None:
        """Send votes over the network instead."""
        message = Incoming(topic(kiosk.address, Channel.VOTES), batch(kiosk.stream, *votes))
        Ingest(self.database, lambda: NOW).take([message])


@pytest.fixture
def clerk(database: Database) -> Clerk:
    return Clerk(database)


def reasons(outcomes: Sequence[Taken | Useless]) -> list[str]:
    return [outcome.reason if isinstance(outcome, Useless) else "taken" for outcome in outcomes]


def counted(outcomes: Sequence[Taken | Useless]) -> list[tuple[int, int]]:
    """How many were stored and how many were there, of each file."""
    return [(outcome.account.stored, outcome.account.had) for outcome in outcomes if isinstance(outcome, Taken)]


def test_votes_are_stored_and_receipted(clerk: Clerk, stick: Path) -> None:
    votes = some_votes(1, 250)
    assert counted(clerk.imports([ONE.file(stick, votes)])) == [(250, 0)]
    assert clerk.stored() == list(range(1, 251))
    (receipt,) = clerk.receipts().values()
    assert (receipt.stream, receipt.stored_up_to) == (ONE.stream, 250)
    assert receipt.chain == extend(EMPTY, [vote.vote_id for vote in votes])
    assert (receipt.time, receipt.answers, receipt.pace) == (NOW, None, 0)
    assert list(clerk.receipts()) == [receipt_name(ONE.address, ONE.stream)]


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_sticks_that_overlap_store_each_vote_once_in_any_order(order: tuple[int, ...], tmp_path: Path) -> None:
    with new_database("sqlite", tmp_path) as url, closing(Database(url)) as database:
        clerk = Clerk(with_two_kiosks(database))
        votes = some_votes(1, 40)
        files = [ONE.file(tmp_path, votes[a:b], together=7) for a, b in ((0, 20), (10, 30), (29, 40), (0, 40))]
        clerk.imports([files[place] for place in order])
        assert clerk.stored() == list(range(1, 41))
        for place in order:
            assert counted(clerk.imports([files[place]]))[0][0] == 0
        assert clerk.stored() == list(range(1, 41))


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_sticks_that_come_one_by_one_are_whole_once_each_came_after_what_it_waits_for(
    order: tuple[int, ...], tmp_path: Path
) -> None:
    with new_database("sqlite", tmp_path) as url, closing(Database(url)) as database:
        clerk = Clerk(with_two_kiosks(database))
        votes = some_votes(1, 40)
        files = [ONE.file(tmp_path, votes[a:b], together=7) for a, b in ((0, 20), (10, 30), (29, 40), (35, 40))]
        for _ in files:
            for place in order:
                clerk.imports([files[place]])
        assert clerk.stored() == list(range(1, 41))


@pytest.mark.parametrize("seed", range(12))
def test_network_and_sticks_together_store_each_vote_once(clerk: Clerk, stick: Path, seed: int) -> None:
    chance = random.Random(seed)
    votes = some_votes(1, 60)
    for _ in range(12):
        first = chance.randint(0, 59)
        part = votes[first : first + chance.randint(1, 25)]
        if chance.random() < 0.5:
            clerk.network(part)
        else:
            clerk.imports([ONE.file(stick, part, together=chance.choice([1, 9, 100]))])
    clerk.network(votes)
    assert counted(clerk.imports([ONE.file(stick, votes)])) == [(0, 60)]
    assert clerk.stored() == list(range(1, 61))


def test_the_network_may_go_on_while_a_file_is_taken_in(
    clerk: Clerk, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    votes = some_votes(1, 30)
    path = ONE.file(stick, votes[:20], together=5)
    take = Ingest.take
    between = iter([votes[:8], votes[:30]])

    def take_with_company(self: Ingest, messages: Sequence[Incoming]) -> object:
        monkeypatch.setattr(Ingest, "take", take)
        for more in between:
            clerk.network(more)
            break
        answers = take(self, messages)
        monkeypatch.setattr(Ingest, "take", take_with_company)
        return answers

    monkeypatch.setattr(Ingest, "take", take_with_company)
    (outcome,) = clerk.imports([path])
    assert isinstance(outcome, Taken)
    assert outcome.account.stored + outcome.account.had == 20
    assert clerk.stored() == list(range(1, 31))


def test_an_old_stick_after_a_newer_changes_nothing(clerk: Clerk, stick: Path) -> None:
    votes = some_votes(1, 30)
    old, new = ONE.file(stick, votes[:10]), ONE.file(stick, votes)
    clerk.imports([new])
    assert counted(clerk.imports([old])) == [(0, 10)]
    assert [receipt.stored_up_to for receipt in clerk.receipts().values()] == [30]


def test_beyond_a_gap_nothing_is_stored_and_the_missing_numbers_are_named(clerk: Clerk, stick: Path) -> None:
    votes = some_votes(1, 30)
    clerk.network(votes[:5])
    (outcome,) = clerk.imports([ONE.file(stick, votes[10:])])
    assert isinstance(outcome, Taken)
    assert (outcome.account.waiting, outcome.account.missing) == (20, range(6, 11))
    assert clerk.stored() == [1, 2, 3, 4, 5]
    assert [receipt.stored_up_to for receipt in clerk.receipts().values()] == [5]


def test_after_an_old_backup_was_restored_the_receipt_asks_for_what_is_missing(clerk: Clerk, stick: Path) -> None:
    votes = some_votes(1, 30)
    clerk.network(votes[:3])  # what the backup knew
    clerk.imports([ONE.file(stick, votes[20:])])
    (receipt,) = clerk.receipts().values()
    assert receipt.stored_up_to == 3
    assert receipt.chain == extend(EMPTY, [vote.vote_id for vote in votes[:3]])
    assert counted(clerk.imports([ONE.file(stick, votes[3:])])) == [(27, 0)]


def test_votes_that_their_kiosk_has_erased_are_given_up_only_when_asked(clerk: Clerk, stick: Path) -> None:
    votes = some_votes(1, 30)
    chain = extend(EMPTY, [vote.vote_id for vote in votes[:10]])
    new = ONE.file(stick, votes[10:], kept_from=11, chain_before=chain)
    (outcome,) = clerk.imports([new])
    assert isinstance(outcome, Taken)
    assert (outcome.account.missing, outcome.account.erased, outcome.account.waiting) == (range(1, 11), True, 20)
    assert [receipt.stored_up_to for receipt in clerk.receipts().values()] == [0]
    # The older stick that has them turns up: nothing is lost.
    old = ONE.file(stick, votes[:15])
    assert counted(clerk.imports([new, old])) == [(15, 0), (15, 5)]
    assert clerk.stored() == list(range(1, 31))


def test_what_is_given_up_is_on_record_and_the_rest_is_stored(clerk: Clerk, stick: Path) -> None:
    votes = some_votes(1, 30)
    new = ONE.file(stick, votes[10:], kept_from=11, chain_before=extend(EMPTY, [vote.vote_id for vote in votes[:10]]))
    assert counted(clerk.imports([new], give_up_missing=True)) == [(20, 0)]
    assert clerk.stored() == list(range(11, 31))
    with clerk.database.reading() as connection:
        assert connection.execute(text("SELECT first, last FROM stream_gaps")).all() == [(1, 10)]
    (receipt,) = clerk.receipts().values()
    assert receipt.chain == extend(EMPTY, [vote.vote_id for vote in votes])


def test_an_old_stick_that_turns_up_fills_the_gap(clerk: Clerk, stick: Path) -> None:
    votes = some_votes(1, 30)
    new = ONE.file(stick, votes[10:], kept_from=11, chain_before=extend(EMPTY, [vote.vote_id for vote in votes[:10]]))
    clerk.imports([new], give_up_missing=True)
    assert counted(clerk.imports([ONE.file(stick, votes[2:12])])) == [(8, 2)]
    assert clerk.stored() == list(range(3, 31))
    with clerk.database.reading() as connection:
        assert connection.execute(text("SELECT first, last FROM stream_gaps")).all() == [(1, 2)]
    assert counted(clerk.imports([ONE.file(stick, votes[:12])])) == [(2, 10)]
    assert clerk.stored() == list(range(1, 31))
    with clerk.database.reading() as connection:
        assert connection.execute(text("SELECT first, last FROM stream_gaps")).all() == []


def test_a_refused_vote_of_a_gap_is_named_and_needs_a_person(clerk: Clerk, stick: Path) -> None:
    votes = [*some_votes(1, 4), a_vote(5, survey=99), *some_votes(6, 30)]
    new = ONE.file(stick, votes[10:], kept_from=11, chain_before=extend(EMPTY, [vote.vote_id for vote in votes[:10]]))
    clerk.imports([new], give_up_missing=True)
    (outcome,) = clerk.imports([ONE.file(stick, votes[2:12])])
    assert isinstance(outcome, Taken)
    account = outcome.account
    assert (account.stored, account.had, account.refused) == (7, 2, {"no such survey": 1})
    assert account.needs_a_person
    assert [refusal.number for receipt in clerk.receipts().values() for refusal in receipt.refused] == [5]


def test_refused_votes_are_counted_by_reason_and_named_in_the_receipt(clerk: Clerk, stick: Path) -> None:
    votes = [*some_votes(1, 3), a_vote(4, survey=99), a_vote(5, criterion="nose"), a_vote(6, survey=98)]
    (outcome,) = clerk.imports([ONE.file(stick, votes)])
    assert isinstance(outcome, Taken)
    assert outcome.account.refused == {
        "no such survey": 2,
        "answers a question that the survey does not ask": 1,
    }
    (receipt,) = clerk.receipts().values()
    assert receipt.stored_up_to == 6
    assert [refusal.number for refusal in receipt.refused] == [4, 5, 6]


def test_a_receipt_names_no_more_refusals_than_it_can_hold(clerk: Clerk, stick: Path) -> None:
    votes = [a_vote(number, survey=99) for number in range(1, 451)]
    clerk.imports([ONE.file(stick, votes)])
    (receipt,) = clerk.receipts().values()
    assert [refusal.number for refusal in receipt.refused] == list(range(251, 451))


def test_votes_that_a_new_stream_carries_over_are_stored_once(clerk: Clerk, stick: Path) -> None:
    old = some_votes(1, 10)
    carried = [a_vote(number, vote_id=vote.vote_id) for number, vote in enumerate(old[4:], start=1)]
    new = replace(ONE, stream="7" * 32)
    for files in ([ONE.file(stick, old)], [new.file(stick, carried)]):
        clerk.imports(files)
    assert len(clerk.stored()) + len(clerk.stored(new.stream)) == 10
    assert counted(clerk.imports([new.file(stick, carried)])) == [(0, 6)]


def test_a_copied_card_is_told_apart(clerk: Clerk, stick: Path) -> None:
    clerk.network(some_votes(1, 10))
    (outcome,) = clerk.imports([ONE.file(stick, some_votes(1, 12))])
    assert isinstance(outcome, Taken)
    assert (outcome.account.had, outcome.account.conflicts) == (10, 10)


def test_what_is_no_good_is_refused_with_a_reason_and_the_others_go_on(clerk: Clerk, stick: Path) -> None:
    votes = some_votes(1, 4)
    good = ONE.file(stick, votes)
    whole = good.read_bytes()
    other_server = replace(ONE, server=replace(SERVER, votes=b"w" * 32))
    files = {
        "0-empty": (b"", Flaw.NOT_OURS),
        "1-cut": (whole[:-1], Flaw.CUT_SHORT),
        "2-longer": (whole + b"\n", Flaw.DAMAGED),
        "3-flipped": (whole[:-1] + bytes([whole[-1] ^ 1]), Flaw.DAMAGED),
        "4-foreign": (other_server.file(stick.parent, votes).read_bytes(), Flaw.ANOTHER_SERVER),
        "5-unsigned": (replace(ONE, signing_key=b"x" * 32).file(stick.parent, votes).read_bytes(), NOT_KNOWN),
        "6-misnamed": (ONE.file(stick.parent, votes, named=TWO.address).read_bytes(), OTHER_NAME),
        "7-stolen": (replace(TWO, stream=ONE.stream).file(stick.parent, votes).read_bytes(), OTHER_STREAM),
        "8-nonsense": (seal_export(b"{}", ONE.signing_key, sealing_key(SERVER.votes)), Flaw.UNREADABLE),
    }
    paths = []
    for name, (data, _) in files.items():
        (stick / name).write_bytes(data)
        paths.append(stick / name)
    clerk.network(votes[:1])
    outcomes = clerk.imports([*paths, good, stick / "gone"])
    told = {outcome.path.name: outcome.reason for outcome in outcomes if isinstance(outcome, Useless)}
    assert told == {name: str(reason) for name, (_, reason) in files.items()} | {
        "gone": "cannot be read: No such file or directory"
    }
    assert clerk.stored() == [1, 2, 3, 4]
    assert list(clerk.receipts()) == [receipt_name(ONE.address, ONE.stream)]


def test_a_file_larger_than_any_of_ours_is_not_read(clerk: Clerk, stick: Path) -> None:
    with (stick / "giant").open("wb") as file:
        file.truncate(LARGEST_EXPORT + 1)
    assert reasons(clerk.imports([stick / "giant"])) == ["is larger than such a file can be"]


def test_messages_that_do_not_fit_together_make_a_file_unreadable(clerk: Clerk, stick: Path) -> None:
    content = encode_export_of(ONE, some_votes(1, 3))
    for wrong in (
        content.replace(b'"first":1', b'"first":2'),
        content.replace(b'"last":3', b'"last":4'),
        content.replace(ONE.stream.encode(), TWO.stream.encode(), 1),
        content.replace(b'"number":2', b'"number":5'),
        content.replace(b'"kept_from":1', b'"kept_from":0'),
    ):
        assert wrong != content
        (stick / "wrong").write_bytes(seal_export(wrong, ONE.signing_key, sealing_key(SERVER.votes)))
        assert reasons(clerk.imports([stick / "wrong"])) == [str(Flaw.UNREADABLE)]
    assert clerk.stored() == []


def encode_export_of(kiosk: Exporter, votes: Sequence[Vote]) -> bytes:
    hello = Hello(kiosk.stream, votes[-1].number, 1, EMPTY, 1, "0" * 16, "0.1")
    return encode_export(kiosk.address, hello, [VoteBatch(kiosk.stream, tuple(votes))])


def test_one_vote_that_cannot_be_read_is_refused_under_its_number(clerk: Clerk, stick: Path) -> None:
    content = encode_export_of(ONE, some_votes(1, 3)).replace(b'"overall":5', b'"overall":9', 1)
    (stick / "a").write_bytes(seal_export(content, ONE.signing_key, sealing_key(SERVER.votes)))
    (outcome,) = clerk.imports([stick / "a"])
    assert isinstance(outcome, Taken)
    assert (outcome.account.stored, sum(outcome.account.refused.values())) == (2, 1)
    assert clerk.stored() == [2, 3]


def test_a_revoked_kiosk_s_stick_is_refused(clerk: Clerk, stick: Path) -> None:
    with clerk.database.writing() as connection:
        connection.execute(update(kiosks).where(kiosks.c.kiosk == "quay-1").values(revoked_at=NOW))
    assert reasons(clerk.imports([ONE.file(stick, some_votes(1, 3))])) == [
        "comes from quay-1, which was revoked on 2026-11-20"
    ]
    assert clerk.stored() == []


def test_a_stick_signed_before_the_settings_were_renewed_is_taken_only_when_asked(clerk: Clerk, stick: Path) -> None:
    path = ONE.file(stick, some_votes(1, 3))
    with clerk.database.writing() as connection:
        give_export_key(connection, ONE.address, b"n" * 32, NOW + timedelta(days=2))
    (told,) = reasons(clerk.imports([path]))
    assert "signed with a key that quay-1 had until 2026-11-22" in told
    assert "--former-keys" in told
    assert clerk.stored() == []
    assert counted(clerk.imports([path], former_keys=True)) == [(3, 0)]


def test_what_the_ingest_sets_apart_as_a_whole_is_said(clerk: Clerk, stick: Path) -> None:
    with clerk.database.writing() as connection:
        row = {"site": SITE, "kiosk": "quay-1", "stored_up_to": 0, "chain": EMPTY, "highest_announced": 0}
        for number in range(100):
            connection.execute(
                streams.insert().values(**row, conflicts=0, first_seen=NOW, last_seen=NOW, stream=f"{number:032x}")
            )
    assert reasons(clerk.imports([ONE.file(stick, some_votes(1, 3))])) == [NOT_TAKEN]


def test_each_stream_gets_its_receipt(clerk: Clerk, stick: Path) -> None:
    other = replace(ONE, stream="7" * 32)
    files = [kiosk.file(stick, some_votes(1, number)) for number, kiosk in enumerate((ONE, TWO, other), start=3)]
    clerk.imports(files)
    assert {name: receipt.stored_up_to for name, receipt in clerk.receipts().items()} == {
        "sia.quay-1.55555555.receipt": 3,
        "sia.quay-2.66666666.receipt": 4,
        "sia.quay-1.77777777.receipt": 5,
    }
