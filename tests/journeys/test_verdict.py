"""The harness that tortures is itself tested: what it must find, it finds."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from protocol.chain import extend
from protocol.visits import VisitOutcome
from sync_server.core.quarter import Quarter
from tests.journeys.torture.citizens import Thanks
from tests.journeys.torture.evidence import LedgerLine, SetApart, StoredVote, Tables
from tests.journeys.torture.faults.damage import TABLE_LEAF, choose
from tests.journeys.torture.published import expected_figures, open_question_troubles
from tests.journeys.torture.verdict import Excused, compare

TOUCHED = datetime(2026, 11, 20, 3, 59, 59, tzinfo=UTC)
HOUR = TOUCHED.replace(minute=0, second=0)
STREAM, OTHER = "5" * 32, "6" * 32
IDS = tuple(f"{number:032x}" for number in (1, 2, 3))


def a_vote(number: int, **changes: object) -> StoredVote:
    vote = StoredVote(
        vote_id=IDS[number - 1],
        stream=STREAM,
        number=number,
        kiosk="quay-1",
        hour=HOUR,
        until_hour=HOUR,
        day=date(2026, 11, 20),
        until_day=date(2026, 11, 20),
        case_token=f"token {number}",
        level=4,
    )
    return replace(vote, **changes)  # type: ignore[arg-type]


def a_line(held: int = 3, ids: tuple[str, ...] = IDS, **changes: object) -> LedgerLine:
    line = LedgerLine(STREAM, "quay-1", held, extend("0" * 32, ids[:held]), closed=False)
    return replace(line, **changes)  # type: ignore[arg-type]


def tables(*votes: StoredVote, ledger: tuple[LedgerLine, ...] = (), apart: tuple[SetApart, ...] = ()) -> Tables:
    return Tables(votes, apart, ledger or (a_line(),), 0)


THANKED = {vote: Thanks("quay-1", 4, TOUCHED, TOUCHED + timedelta(milliseconds=300)) for vote in IDS}
WHOLE = (a_vote(1), a_vote(2), a_vote(3))


def test_three_votes_thanked_for_and_stored_are_whole() -> None:
    verdict = compare(THANKED, IDS, Excused(), tables(*WHOLE))
    assert verdict.whole
    assert (verdict.thanked, verdict.stored, verdict.unthanked, verdict.intervals) == (3, 3, 0, 0)


def test_a_missing_vote_is_lost() -> None:
    verdict = compare(THANKED, (), Excused(), tables(*WHOLE[:2], ledger=(a_line(2),)))
    assert verdict.lost == (f"vote {IDS[2]} was thanked for at quay-1 at 03:59:59, and is not stored",)
    assert not verdict.whole


def test_a_vote_on_a_card_is_lost_too_when_nobody_was_thanked() -> None:
    verdict = compare({}, IDS, Excused(), tables(*WHOLE[:2], ledger=(a_line(2),)))
    assert verdict.lost == (f"vote {IDS[2]} was kept on a card, and is not stored",)


def test_a_vote_whose_only_place_was_destroyed_is_counted_apart() -> None:
    held = tables(*WHOLE[:1], ledger=(a_line(1),))
    verdict = compare(THANKED, IDS, Excused(frozenset({IDS[1]}), frozenset({IDS[2], IDS[0]})), held)
    assert verdict.whole
    assert (verdict.lost_with_cards, verdict.lost_on_pages) == (1, 1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"level": 5}, "another level"),
        ({"hour": HOUR - timedelta(hours=1), "until_hour": HOUR - timedelta(hours=1)}, "is dated"),
        ({"hour": HOUR + timedelta(hours=1), "until_hour": HOUR + timedelta(hours=1)}, "is dated"),
        ({"hour": HOUR + timedelta(hours=1), "until_hour": HOUR + timedelta(hours=9)}, "is dated"),
    ],
)
def test_a_wrong_level_or_hour_is_wrong(change: dict[str, object], words: str) -> None:
    [text] = compare(THANKED, IDS, Excused(), tables(a_vote(1, **change), *WHOLE[1:])).wrong
    assert words in text


def test_an_interval_that_contains_the_hour_is_honest() -> None:
    wide = a_vote(1, hour=HOUR - timedelta(days=900), until_hour=HOUR)
    verdict = compare(THANKED, IDS, Excused(), tables(wide, *WHOLE[1:]))
    assert verdict.whole
    assert verdict.intervals == 1


def test_a_touch_on_the_stroke_of_the_hour_may_be_dated_by_either() -> None:
    thanks = {IDS[0]: Thanks("quay-1", 4, TOUCHED, TOUCHED + timedelta(seconds=2))}
    for hour in (HOUR, HOUR + timedelta(hours=1)):
        vote = a_vote(1, hour=hour, until_hour=hour)
        assert compare(thanks, IDS[:1], Excused(), tables(vote, ledger=(a_line(1),))).whole


def test_a_vote_that_nobody_cast_is_wrong() -> None:
    thanked = {vote: THANKED[vote] for vote in IDS[:2]}
    [text] = compare(thanked, (), Excused(), tables(*WHOLE)).wrong
    assert text == f"vote {IDS[2]} is stored, and nobody cast it"


def test_two_votes_for_one_case_are_doubled() -> None:
    verdict = compare(THANKED, IDS, Excused(), tables(a_vote(1), a_vote(2, case_token="token 1"), a_vote(3)))
    assert verdict.doubled == ("2 votes for the case under token token 1 at quay-1",)


def test_a_case_may_be_rated_after_a_visit_that_was_no_vote() -> None:
    left = a_vote(2, case_token="token 1", outcome=VisitOutcome.ABANDONED)
    assert compare(THANKED, IDS, Excused(), tables(a_vote(1), left, a_vote(3))).whole


def test_a_vote_stored_twice_is_doubled() -> None:
    again = a_vote(3, vote_id=IDS[0], case_token=None)
    ledger = a_line(3, (IDS[0], IDS[1], IDS[0]))
    verdict = compare(THANKED, IDS[:2], Excused(), tables(a_vote(1), a_vote(2), again, ledger=(ledger,)))
    assert verdict.doubled == (f"vote {IDS[0]} is stored 2 times",)


def test_a_refused_vote_keeps_its_place_in_the_chain() -> None:
    apart = SetApart(STREAM, 2, "its id is stored already", IDS[1])
    thanked = {vote: THANKED[vote] for vote in (IDS[0], IDS[2])}
    assert compare(thanked, thanked, Excused(), tables(a_vote(1), a_vote(3), apart=(apart,))).whole


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (tables(*WHOLE, ledger=(a_line(2),)), "do not hold the numbers 1 to 2"),
        (tables(*WHOLE, ledger=(a_line(3, closed=True, chain="ab" * 16),)), "its chain is not that of its votes"),
        (tables(*WHOLE, ledger=(a_line(0, stream=OTHER),)), f"stream {STREAM} is not in the ledger"),
        (tables(*WHOLE, apart=(SetApart(STREAM, 3, "x", IDS[2]),)), "both counted and set apart"),
        (tables(*WHOLE[:2], apart=(SetApart(STREAM, 3, "x", None),)), "has no id"),
        (replace(tables(*WHOLE), gaps=1), "1 gaps are on record"),
    ],
)
def test_a_ledger_that_disagrees_is_found_out(held: Tables, words: str) -> None:
    verdict = compare({}, IDS, Excused(), held)
    assert any(words in text for text in verdict.ledger)
    assert not verdict.whole


SAID = """sia: UBND, votes up to 2026-11-24
  quay-1: NOT COMPLETE; 50 held
    - stream 29394577 continues 11515b10, with 3 votes carried over
    ! stream 55555555 ended on 2026-11-24 23:29 without being closed; when its card was replaced, close it
  quay-2: complete; 3 held
"""


def test_completeness_must_ask_about_the_cards_that_are_gone_and_about_nothing_else() -> None:
    gone = {"quay-1": {STREAM}}
    assert list(open_question_troubles(SAID, [a_line()], gone, {OTHER})) == []
    [unexplained] = open_question_troubles(SAID, [a_line()], {}, {OTHER})
    assert unexplained.startswith("quay-1: stream 55555555 ended")
    [unexplained] = open_question_troubles(SAID, [a_line()], gone, {STREAM})
    assert unexplained.startswith("quay-1: stream 55555555 ended")
    silent = SAID.replace("    ! ", "    - ")
    [unasked] = open_question_troubles(silent, [a_line()], gone, {OTHER})
    assert unasked == "quay-1: stream 55555555 ended with its card, and completeness does not ask about it"
    assert list(open_question_troubles(silent, [a_line(closed=True)], gone, {OTHER})) == []


def test_a_vote_that_may_belong_to_two_quarters_counts_in_neither() -> None:
    spanning = a_vote(2, day=date(2026, 9, 30))
    assert expected_figures([a_vote(1), spanning], Quarter(2026, 4)) == (1, 1)
    assert expected_figures([a_vote(1), spanning], Quarter(2026, 3)) == (0, 1)
    assert expected_figures([a_vote(1), spanning], Quarter(2026, 2)) == (0, 0)


def test_damage_is_done_where_it_is_said_to_be() -> None:
    size = 512
    head = bytearray(size)
    head[16:18] = size.to_bytes(2, "big")
    page = bytes([TABLE_LEAF]) + b"...".join(vote.encode() for vote in IDS[:2])
    other = bytes([TABLE_LEAF]) + IDS[2].encode()
    data = bytes(head) + page.ljust(size, b"\0") + other.ljust(size, b"\0")
    for seed in range(20):
        one = choose(data, IDS, whole_page=False, chance=random.Random(seed))
        [offset] = one.offsets
        [vote] = one.votes
        assert data.find(vote.encode()) <= offset < data.find(vote.encode()) + len(vote)
        whole = choose(data, IDS, whole_page=True, chance=random.Random(seed))
        assert whole.votes in (frozenset(IDS[:2]), frozenset(IDS[2:]))
        assert whole.offsets[0] == (size if IDS[0] in whole.votes else 2 * size)
    assert choose(bytes(head), IDS, whole_page=True, chance=random.Random(1)).offsets == ()
