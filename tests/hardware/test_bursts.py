"""Lines that come at once are of one code: what is for us is told at once, the rest only if nothing is."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from hardware.bursts import BURST_SECONDS, Bursts
from hardware.scans import Scan
from protocol.codes import CaseCode, Refused, RefusedReason

LATER = BURST_SECONDS + 0.01
CASE = CaseCode("H57.31", date(2026, 11, 20), "0001")
OTHER = CaseCode("H57.31", date(2026, 11, 20), "0002")
CARD = Refused(RefusedReason.IDENTITY_CARD)
UNKNOWN = Refused(RefusedReason.NOT_RECOGNISED)

scans = st.sampled_from([CASE, OTHER, *map(Refused, RefusedReason)])
comings = st.lists(st.tuples(st.floats(0, 0.5), scans), max_size=20)


def told(*lines: tuple[float, Scan]) -> list[tuple[float, Scan]]:
    """What is told, and when, if the port is looked at every 50 ms."""
    bursts, heard, now = Bursts(), [], 0.0
    for after, scan in lines:
        until = now + after
        while now + 0.05 < until:
            now += 0.05
            heard += [(now, each) for each in bursts.tick(now)]
        now = until
        heard += [(now, each) for each in bursts.take(scan, now)]
    return heard + [(now + LATER, each) for each in bursts.tick(now + LATER)]


def test_a_case_is_told_at_once_and_the_lines_round_it_never() -> None:
    assert told((0.0, UNKNOWN), (0.1, CASE), (0.1, UNKNOWN), (0.1, CARD)) == [(0.1, CASE)]


def test_a_refusal_is_told_when_nothing_has_followed_it() -> None:
    assert told((0.0, UNKNOWN)) == [(LATER, UNKNOWN)]
    (first, second) = told((0.0, CARD), (1.0, CASE))
    assert first[1] == CARD
    assert BURST_SECONDS <= first[0] < 1.0
    assert second == (1.0, CASE)


def test_of_several_refusals_the_one_that_tells_most_is_told() -> None:
    assert [scan for _, scan in told((0.0, UNKNOWN), (0.1, CARD), (0.1, UNKNOWN))] == [CARD]


def test_a_scan_long_after_another_is_a_new_one() -> None:
    assert [scan for _, scan in told((0.0, CASE), (LATER, UNKNOWN))] == [CASE, UNKNOWN]


@given(comings)
def test_nothing_that_is_for_us_is_held_or_dropped(lines: list[tuple[float, Scan]]) -> None:
    heard = told(*lines)
    assert [scan for _, scan in heard if isinstance(scan, CaseCode)] == [
        scan for _, scan in lines if isinstance(scan, CaseCode)
    ]


@given(comings)
def test_where_nothing_is_for_us_something_is_told(lines: list[tuple[float, Scan]]) -> None:
    refused = [(after, scan) for after, scan in lines if isinstance(scan, Refused)]
    heard = [scan for _, scan in told(*refused)]
    assert bool(heard) == bool(refused)
    assert set(heard) <= {scan for _, scan in refused}
