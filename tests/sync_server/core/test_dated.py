"""What holds from a day on: an old day keeps what held then, whatever is said later."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.dated import ALWAYS, History, Record

DAY = date(2026, 7, 1)
days = st.integers(-40, 40).map(lambda offset: DAY + timedelta(days=offset)) | st.just(ALWAYS)
keys = st.sampled_from(["a", "b", "c"])
records = st.lists(st.builds(Record[int], keys, days, st.none() | st.integers(0, 3)), max_size=12)
wanted = st.dictionaries(keys, st.integers(0, 3))


def plainly(said: list[Record[int]], key: str, day: date) -> int | None:
    """What holds, looked up in the plainest way."""
    mine = [(record.since, place, record.content) for place, record in enumerate(said) if record.key == key]
    before = [entry for entry in mine if entry[0] <= day]
    return max(before, key=lambda entry: entry[:2])[2] if before else None


@given(records, keys, days)
def test_the_newest_day_counts_and_of_one_day_the_last_said(said: list[Record[int]], key: str, day: date) -> None:
    history = History(said)
    assert history.at(key, day) == plainly(said, key, day)
    assert history.on(day) == {
        each: held for each in sorted(history.keys) if (held := plainly(said, each, day)) is not None
    }


@given(records, wanted, days, st.booleans())
def test_what_is_wanted_holds_from_its_day_on_and_no_day_before_changes(
    said: list[Record[int]], want: dict[str, int], since: date, whole: bool
) -> None:
    before = History(said)
    after = History([*said, *before.to_become(want, since, whole=whole)])
    assert after.on(since) == dict(sorted((want if whole else before.on(since) | want).items()))
    if since != ALWAYS:
        assert after.on(since - timedelta(days=1)) == before.on(since - timedelta(days=1))
    assert list(after.to_become(want, since, whole=whole)) == []


@given(records, wanted, days)
def test_what_is_recorded_for_later_days_stays(said: list[Record[int]], want: dict[str, int], since: date) -> None:
    before = History(said)
    after = History([*said, *before.to_become(want, since, whole=True)])
    for later in before.changes(since, date.max):
        for record in said:
            if record.since == later:
                assert after.at(record.key, later) == before.at(record.key, later)


@given(records, days, st.integers(0, 60))
def test_what_was_there_on_some_day_is_there_in_the_time(said: list[Record[int]], first: date, length: int) -> None:
    history = History(said)
    last = first + timedelta(days=length)
    seen: dict[str, int] = {}
    for number in range(length + 1):
        seen |= history.on(first + timedelta(days=number))
    assert history.during(first, last) == dict(sorted(seen.items()))


@given(records, keys, days)
def test_whatever_ever_was_has_a_nearest(said: list[Record[int]], key: str, day: date) -> None:
    history = History(said)
    contents = {content for record in said if record.key == key and (content := record.content) is not None}
    nearest = history.nearest(key, day)
    held = history.at(key, day)
    if held is not None:
        assert nearest == held
    elif nearest is not None:
        assert nearest in contents


def test_before_it_began_the_nearest_is_the_first_and_after_it_ended_the_last() -> None:
    said = [Record("a", DAY, 1), Record("a", DAY + timedelta(days=5), 2), Record[int]("a", DAY.replace(month=9), None)]
    history = History(said)
    assert history.nearest("a", DAY - timedelta(days=1)) == 1
    assert history.nearest("a", DAY.replace(month=10)) == 2
    assert history.nearest("b", DAY) is None


def test_days_of_change_are_those_after_the_first() -> None:
    history = History([Record("a", DAY, 1), Record("b", DAY + timedelta(days=5), 2), Record("c", ALWAYS, 3)])
    assert history.changes(ALWAYS, date.max) == (DAY, DAY + timedelta(days=5))
    assert history.changes(DAY, date.max) == (DAY + timedelta(days=5),)
    assert history.changes(DAY, DAY) == ()
