"""What a receipt does: it is believed only with its proof, blanks, raises the known time, and lets votes grow old."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.outbox import Limits, Outbox, Proof
from kiosk.outbox.times import SEEN_NS
from protocol.chain import EMPTY
from protocol.messages import ReplacedBecause
from tests.fakes.clock import A_MORNING, FakeClock
from tests.fakes.drafts import a_reading
from tests.fakes.outboxes import an_outbox, cast, chain_at, numbers, raw, settled

DAY = timedelta(days=1)
EXACT = "boot IS NOT NULL OR boottime_ns IS NOT NULL OR wall IS NOT NULL OR max_error_us IS NOT NULL"
SOME = 5  # votes that one step treats here


@pytest.fixture(autouse=True)
def short_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.outbox.retention.SOME", SOME)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.sqlite"


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    with an_outbox(path) as opened:
        yield opened


def cast_many(outbox: Outbox, count: int) -> None:
    for _ in range(count):
        cast(outbox)


# --- proof -----------------------------------------------------------------------------------------


def test_a_receipt_is_proven_by_the_chain_of_the_very_votes(outbox: Outbox) -> None:
    cast_many(outbox, 3)
    for number in range(4):
        assert outbox.proof(number, chain_at(outbox, number)) is Proof.MATCHES
        assert outbox.proof(number, "ab" * 16) is Proof.OTHER_VOTES
    assert outbox.proof(2, chain_at(outbox, 3)) is Proof.OTHER_VOTES
    assert outbox.proof(4, chain_at(outbox, 3)) is Proof.OTHER_VOTES


def test_where_votes_were_erased_only_the_edge_can_be_proven(outbox: Outbox) -> None:
    cast_many(outbox, 4)
    chains = [chain_at(outbox, number) for number in range(5)]
    outbox.confirm(2, A_MORNING)
    outbox.forget(A_MORNING + 36 * DAY)
    assert [outbox.proof(number, chains[number]) for number in range(5)] == [
        *(Proof.UNKNOWN, Proof.UNKNOWN, Proof.MATCHES, Proof.MATCHES, Proof.MATCHES)
    ]
    assert outbox.proof(2, EMPTY) is Proof.OTHER_VOTES
    standing = outbox.standing()
    assert (standing.kept_from, standing.chain_before) == (3, chains[2])


# --- blanking --------------------------------------------------------------------------------------


def test_confirmed_votes_are_kept_and_their_exact_times_blanked(outbox: Outbox, path: Path) -> None:
    cast_many(outbox, 3)
    before = settled(outbox)
    outbox.confirm(2, A_MORNING)
    standing = outbox.standing()
    assert (standing.highest, standing.stored_up_to, standing.waiting) == (3, 2, 1)
    assert settled(outbox) == before
    assert raw(path, f"SELECT number, {EXACT} FROM votes ORDER BY number") == [(1, 0), (2, 0), (3, 1)]


def test_a_receipt_of_a_stream_that_was_replaced_since_confirms_nothing(outbox: Outbox, path: Path) -> None:
    cast_many(outbox, 3)
    before = outbox.stream
    outbox.renew(ReplacedBecause.DAMAGED)
    outbox.confirm(3, A_MORNING, before)
    assert outbox.standing().waiting == 3
    assert len(raw(path, f"SELECT 1 FROM votes WHERE {EXACT}")) == 3
    outbox.confirm(3, A_MORNING, outbox.stream)
    assert outbox.standing().waiting == 0


def test_of_each_vote_the_outbox_can_say_when_the_server_confirmed_it(outbox: Outbox) -> None:
    for _ in range(3):
        cast(outbox)
    assert outbox.confirmed_at(1) is None
    outbox.confirm(2, A_MORNING)
    assert [outbox.confirmed_at(number) for number in range(5)] == [None, A_MORNING, A_MORNING, None, None]
    outbox.forget(A_MORNING + timedelta(days=9999))
    assert outbox.confirmed_at(1) is None


def test_the_exact_time_is_kept_apart_from_the_vote(outbox: Outbox, path: Path) -> None:
    cast(outbox)
    settled(outbox)
    [(draft, hour)] = raw(path, "SELECT draft, hour FROM votes")
    assert hour == "2026-11-23T02:00:00+00:00"
    assert ":17:" not in str(draft)


def test_when_a_vote_was_confirmed_is_known_while_it_is_kept(outbox: Outbox) -> None:
    cast_many(outbox, 2)
    settled(outbox)
    outbox.confirm(1, A_MORNING)
    assert [outbox.confirmed_at(number) for number in (1, 2, 3)] == [A_MORNING, None, None]


def test_a_backlog_of_any_length_is_confirmed_and_forgotten_at_once(outbox: Outbox) -> None:
    cast_many(outbox, 2 * SOME + 1)
    settled(outbox)
    outbox.confirm(2 * SOME + 1, A_MORNING)
    assert outbox.standing().waiting == 0
    outbox.forget(A_MORNING + 36 * DAY)
    assert outbox.standing().kept_from == 2 * SOME + 2


def test_a_long_backlog_is_confirmed_in_short_steps_that_survive_a_kill_between_them(path: Path) -> None:
    with an_outbox(path) as outbox:
        cast_many(outbox, 2 * SOME + 1)
        settled(outbox)
        steps = outbox.confirming(2 * SOME + 1, A_MORNING)
        next(steps)
        assert raw(path, f"SELECT count(*) FROM votes WHERE {EXACT}") == [(SOME + 1,)]
        cast(outbox)
    with an_outbox(path) as outbox:
        assert outbox.standing().waiting == 1
        outbox.confirm(2 * SOME + 1, A_MORNING)
        assert raw(path, f"SELECT count(*) FROM votes WHERE {EXACT}") == [(1,)]
        assert outbox.salvaged is None


def test_a_restored_server_takes_the_confirmed_number_back(outbox: Outbox) -> None:
    cast_many(outbox, 3)
    before = settled(outbox)
    outbox.confirm(3, A_MORNING)
    outbox.confirm(1, A_MORNING)
    standing = outbox.standing()
    assert (standing.highest, standing.stored_up_to, standing.waiting) == (3, 1, 2)
    assert outbox.votes(2, 3) == before[1:], "what is sent again is what was sent"
    outbox.forget(A_MORNING + 36 * DAY)
    assert numbers(outbox) == [2, 3], "what the server lost is not a copy"


def test_a_vote_that_reached_the_server_unsettled_is_settled_before_its_time_is_blanked(outbox: Outbox) -> None:
    cast(outbox)
    outbox.confirm(1, A_MORNING)
    [vote] = outbox.votes(1, 1)
    assert vote.hour.hour == A_MORNING.hour


def test_the_servers_time_is_known_from_then_on(path: Path) -> None:
    with an_outbox(path) as outbox:
        cast(outbox)
        outbox.confirm(1, A_MORNING + DAY)
    with an_outbox(path) as outbox:
        unsynchronised = a_reading(A_MORNING, boot_id="another", boottime_ns=0, max_error=None)
        outbox.begin_boot(unsynchronised)
        assert outbox.known_time(unsynchronised) == A_MORNING + DAY


# --- growing old -----------------------------------------------------------------------------------


def test_confirmed_votes_are_erased_when_they_are_old_by_the_time_that_is_known(outbox: Outbox) -> None:
    cast_many(outbox, 3)
    outbox.confirm(1, A_MORNING)
    outbox.confirm(2, A_MORNING + DAY)
    outbox.forget(A_MORNING + 35 * DAY)
    assert numbers(outbox) == [1, 2, 3]
    outbox.forget(A_MORNING + 35 * DAY + timedelta(seconds=1))
    assert numbers(outbox) == [2, 3]
    outbox.forget(A_MORNING + 3650 * DAY)
    assert numbers(outbox) == [3], "what waits is never erased"


def test_a_server_whose_clock_is_behind_makes_no_copy_old(outbox: Outbox) -> None:
    cast(outbox)
    outbox.know_at_least(A_MORNING)
    outbox.confirm(1, A_MORNING - 60 * DAY)
    outbox.forget(A_MORNING + 34 * DAY)
    assert numbers(outbox) == [1]
    assert outbox.confirmed_at(1) == A_MORNING


def test_the_retention_can_be_chosen(path: Path) -> None:
    with an_outbox(path, Limits(retention=DAY)) as outbox:
        cast(outbox)
        outbox.confirm(1, A_MORNING)
        outbox.forget(A_MORNING + 2 * DAY)
        assert numbers(outbox) == []


def test_old_votes_go_in_short_steps(outbox: Outbox, path: Path) -> None:
    cast_many(outbox, SOME + 2)
    outbox.confirm(SOME + 1, A_MORNING)
    steps = outbox.forgetting(A_MORNING + 36 * DAY)
    next(steps)
    assert raw(path, "SELECT min(number) FROM votes") == [(SOME + 1,)]
    for _ in steps:
        pass
    assert raw(path, "SELECT number FROM votes") == [(SOME + 2,)]


def test_a_blanked_time_and_an_erased_vote_are_gone_from_the_file(path: Path) -> None:
    with an_outbox(path) as outbox:
        clock = FakeClock()
        outbox.begin_boot(clock.reading())
        clock.synchronise()
        clock.advance(60)
        cast(outbox, clock=clock)
        exact = clock.true.isoformat().encode()
        clock.advance(60)
        vote_id = settled(outbox, clock)[0].vote_id.encode()
        outbox.confirm(1, A_MORNING + DAY)
    assert exact not in path.read_bytes()
    assert vote_id in path.read_bytes()
    with an_outbox(path) as outbox:
        outbox.forget(A_MORNING + 40 * DAY)
    assert vote_id not in path.read_bytes()


def test_what_a_restored_server_asks_for_again_is_no_damage_and_is_confirmed_anew(path: Path) -> None:
    with an_outbox(path) as outbox:
        cast_many(outbox, 3)
        settled(outbox)
        outbox.confirm(3, A_MORNING)
        outbox.confirm(1, A_MORNING)
    with an_outbox(path) as outbox:
        assert outbox.salvaged is None
        assert [outbox.confirmed_at(number) for number in (1, 2, 3)] == [A_MORNING, None, None]
        outbox.confirm(3, A_MORNING + DAY)
        assert outbox.confirmed_at(3) == A_MORNING + DAY


def test_how_long_a_boot_lasted_is_kept_when_its_only_vote_is_blanked(outbox: Outbox, path: Path) -> None:
    clock = FakeClock()
    outbox.begin_boot(clock.reading())
    clock.advance(3 * 3600)
    cast(outbox, clock=clock)
    settled(outbox, clock)
    outbox.confirm(1, A_MORNING)
    assert raw(path, "SELECT seen_ns FROM boots") == [(clock.boottime_ns() // SEEN_NS * SEEN_NS,)]
