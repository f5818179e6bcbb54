"""What the ingest has done, added up."""

from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync_server.store.counts import count, ingest_totals
from sync_server.store.database import Database


def totals(database: Database) -> dict[str, int]:
    with database.reading() as connection:
        return ingest_totals(connection)


def test_counts_add_up_and_what_never_happened_is_not_there(database: Database) -> None:
    assert totals(database) == {}
    for more in ({"b": 2, "a": 1, "nothing": 0}, {"a": 5}, {}):
        with database.writing() as connection:
            count(connection, more)
    assert list(totals(database).items()) == [("a", 6), ("b", 2)]


def test_what_is_rolled_back_is_not_counted(database: Database) -> None:
    try:
        with database.writing() as connection:
            count(connection, {"a": 1})
            raise KeyError
    except KeyError:
        pass
    assert totals(database) == {}


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(0, 10**9)), max_size=5))
def test_the_sum_is_the_sum(database: Database, history: list[dict[str, int]]) -> None:
    before = Counter(totals(database))
    for more in history:
        with database.writing() as connection:
            count(connection, more)
    expected = before + sum(map(Counter, history), Counter())
    assert totals(database) == dict(expected)
