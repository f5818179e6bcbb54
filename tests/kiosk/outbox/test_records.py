"""A vote's row and what it says, and what a kiosk asks the server: to the last field, in every version alike."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk import VERSION
from kiosk.core.time_truth import Reading
from kiosk.outbox.records import Standing, VoteRow, checksum, settled_row
from protocol.chain import EMPTY
from protocol.messages import Hello, Replaced, ReplacedBecause, Vote
from tests.fakes.votes import THE_HOUR, a_vote

NONCE, CHAIN, STREAM = "0123456789abcdef", "c1" * 16, "5" * 32
GIVEN_UP = tuple(Replaced(f"{number:032x}", ReplacedBecause.COPIED, number) for number in range(3))
WALL = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ROW = VoteRow(7, "ab" * 16, "{}", 2, 5, WALL.isoformat(), 1_500_000, CHAIN, None, None, None)


# --- where the stream is -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_up", "replaces", "before"),
    [((), None, ()), (GIVEN_UP[:1], GIVEN_UP[0], ()), (GIVEN_UP, GIVEN_UP[2], GIVEN_UP[:2])],
)
def test_a_hello_says_all_of_where_the_stream_is(
    given_up: tuple[Replaced, ...], replaces: Replaced | None, before: tuple[Replaced, ...]
) -> None:
    standing = Standing(9, 4, kept_from=3, chain_before=CHAIN, stream=STREAM, replaced=given_up)
    assert standing.hello(6, NONCE, 8) == Hello(
        stream=STREAM,
        highest=9,
        kept_from=3,
        chain_before=CHAIN,
        boot=6,
        nonce=NONCE,
        version=VERSION,
        setup=8,
        replaces=replaces,
        replaced_before=before,
    )
    assert standing.hello(6, NONCE).setup == 0, "who names none has none"


# --- the row of a vote ---------------------------------------------------------------------------------


def test_a_row_tells_the_clocks_of_its_moment() -> None:
    assert ROW.reading() == Reading("", 5, WALL, timedelta(seconds=1.5))
    assert ROW._replace(max_error_us=None, boottime_ns=None).reading() == Reading("", 0, WALL, None)


@given(
    number=st.integers(1, 2**40),
    level=st.integers(1, 5),
    counter=st.none() | st.integers(1, 999),
    case_token=st.none() | st.just("cd" * 16),
)
def test_a_vote_of_the_first_release_travels_as_it_was_cast(
    number: int, level: int, counter: int | None, case_token: str | None
) -> None:
    vote = a_vote(number, level=level, counter=counter, case_token=case_token)
    row = settled_row(vote)
    assert row.vote() == vote
    assert (row.boot, row.boottime_ns, row.wall, row.max_error_us, row.chain) == (None, None, None, None, EMPTY)
    later = THE_HOUR + timedelta(hours=3)
    assert row._replace(latest_hour=later.isoformat()).vote() == _with_latest(vote, later)


def _with_latest(vote: Vote, latest: datetime) -> Vote:
    return a_vote(
        vote.number,
        level=vote.answers["overall"],
        vote_id=vote.vote_id,
        counter=vote.counter,
        case_token=vote.case_token,
        latest_hour=latest,
    )


# --- checksums -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "sum_"), [((1, "a", None, 2), 221863629), (("ế",), 311790506), ((None,), 0), (ROW, 4232967875)]
)
def test_a_checksum_is_the_same_in_every_version_for_votes_lie_on_cards_for_weeks(
    columns: tuple[str | int | None, ...], sum_: int
) -> None:
    assert checksum(*columns) == sum_


def test_a_checksum_tells_apart_what_moves_from_one_column_into_another() -> None:
    assert len({checksum("ab", "c"), checksum("a", "bc"), checksum("abc"), checksum("abc", None)}) == 4
