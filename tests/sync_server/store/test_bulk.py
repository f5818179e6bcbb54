"""Rows in bulk are the rows that were given, and read back like any others."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, insert, select, text

from sync_server.store.bulk import bulk_insert
from sync_server.store.database import CannotBeStored, Connection, Database
from sync_server.store.schema import answers, ingest_counts, kiosk_status, quarantine, votes
from tests.fakes.small_office import NOW, SITE, STREAM, seed_kiosk, seed_office

COLUMNS = [column.name for column in votes.columns]
VIETNAM = timezone(timedelta(hours=7))
MODES = pytest.mark.parametrize("all_new", [False, True])


@pytest.fixture
def office(database: Database) -> Database:
    seed_office(database)
    seed_kiosk(database, heard=None)
    return database


def a_row(number: int, hour: datetime = NOW, **other: object) -> tuple[object, ...]:
    row: dict[str, object] = {
        "vote_id": f"{number:032x}",
        "stream": STREAM,
        "number": number,
        "site": SITE,
        "kiosk": "kiosk-1",
        "hour": hour,
        "until_hour": hour + timedelta(hours=1),
        "day": date(2026, 11, 20),
        "until_day": date(2026, 11, 21),
        "survey": 1,
        "counter": None,
        "case_token": None,
        "officer": "hương",
        "field": None,
        "procedure": "1.001193",
        "received_hour": hour,
        "outcome": "answered",
        "best_first": 0,
    }
    return tuple((row | other).values())


def stored(connection: Connection) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(select(votes).order_by(votes.c.number))]


@MODES
def test_rows_read_back_as_they_were_given(office: Database, all_new: bool) -> None:
    rows = [a_row(1), a_row(2, hour=NOW.replace(microsecond=0), counter=7), a_row(3, NOW.astimezone(VIETNAM))]
    with office.writing() as connection:
        assert bulk_insert(connection, votes, COLUMNS, rows, all_new=all_new) == 3
    with office.reading() as connection:
        assert stored(connection) == rows
        assert stored(connection)[2][COLUMNS.index("hour")].tzinfo is UTC


moments = st.datetimes(
    datetime(1, 1, 3),  # noqa: DTZ001
    datetime(9999, 12, 29),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, VIETNAM, timezone(-timedelta(hours=9, minutes=30))]),
)
names = st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=32)
rows_of_any_kind = st.builds(
    lambda number, hour, day, officer, counter, survey: a_row(
        number, hour, day=day, officer=officer, counter=counter, survey=survey
    ),
    st.integers(1, 2**53 - 1),
    moments,
    st.dates(),
    names,
    st.none() | st.integers(-(2**31), 2**31 - 1),
    st.integers(0, 2**31 - 1),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(rows_of_any_kind, max_size=8, unique_by=lambda row: row[0]), all_new=st.booleans())
def test_in_bulk_or_one_by_one_is_the_same_to_the_last_byte(
    office: Database, rows: list[tuple[object, ...]], all_new: bool
) -> None:
    def kept() -> list[tuple[object, ...]]:
        written = [f"CAST({name} AS TEXT)" for name in COLUMNS]
        found = connection.execute(text(f"SELECT {', '.join(written)} FROM votes ORDER BY number"))
        return [tuple(row) for row in found]

    with office.writing() as connection:
        connection.execute(delete(votes))
        bulk_insert(connection, votes, COLUMNS, rows, all_new=all_new)
        in_bulk, read_back = kept(), stored(connection)
        connection.execute(delete(votes))
        for row in rows:
            connection.execute(insert(votes).values(dict(zip(COLUMNS, row, strict=True))))
        assert in_bulk == kept()
        assert read_back == stored(connection) == sorted(rows, key=lambda row: str(row[0]))


@MODES
def test_bytes_and_structures_too(office: Database, all_new: bool) -> None:
    payloads = [b"", b"\0\xff\\x41", bytes(range(256))]
    report = {"đ": [1, None, {"x\0": "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16")}]}
    with office.writing() as connection:
        columns = ["received_at", "topic", "reason", "size", "payload"]
        rows = [(NOW, "a\tb\nc\\N", "x", 1, payload) for payload in payloads]
        assert bulk_insert(connection, quarantine, columns, rows, all_new=all_new) == 3
        columns = [column.name for column in kiosk_status.columns]
        given_ = (SITE, "kiosk-1", STREAM, 1, 2, 3, 4, "v", "up", "ok", {"a": 1}, NOW, 1, None, report)
        assert bulk_insert(connection, kiosk_status, columns, [given_], all_new=all_new) == 1
    with office.reading() as connection:
        kept = connection.execute(select(quarantine.c.payload, quarantine.c.topic).order_by(quarantine.c.id)).all()
        assert [tuple(row) for row in kept] == [(payload, "a\tb\nc\\N") for payload in payloads]
        assert tuple(connection.execute(select(kiosk_status)).one()) == given_


def test_what_is_there_is_passed_over_and_not_counted(office: Database) -> None:
    with office.writing() as connection:
        assert bulk_insert(connection, votes, COLUMNS, [a_row(1), a_row(2)]) == 2
        again = [a_row(2, counter=9), a_row(3), a_row(3, counter=9), a_row(9, vote_id=f"{1:032x}"), a_row(4)]
        assert bulk_insert(connection, votes, COLUMNS, again) == 2
        assert bulk_insert(connection, votes, COLUMNS, again) == 0
    with office.writing() as connection:  # another transaction, the same connection
        assert bulk_insert(connection, votes, COLUMNS, [a_row(4), a_row(5)]) == 1
        assert stored(connection) == [a_row(number) for number in range(1, 6)]


def test_no_rows_are_no_trouble(office: Database) -> None:
    with office.writing() as connection:
        assert bulk_insert(connection, votes, COLUMNS, []) == 0


def test_only_some_of_the_columns_and_in_any_order(office: Database) -> None:
    with office.writing() as connection:
        assert bulk_insert(connection, ingest_counts, ["count", "name"], [(7, "a")]) == 1
        assert bulk_insert(connection, ingest_counts, ["name", "count"], [("b", 8)]) == 1
        assert dict(connection.execute(select(ingest_counts)).all()) == {"a": 7, "b": 8}


def test_a_key_that_is_there_although_all_were_to_be_new_stores_nothing(office: Database) -> None:
    with office.writing() as connection:
        bulk_insert(connection, votes, COLUMNS, [a_row(1)], all_new=True)
    with pytest.raises(CannotBeStored, match="IntegrityError"), office.writing() as connection:
        bulk_insert(connection, votes, COLUMNS, [a_row(2), a_row(1)], all_new=True)
    with office.reading() as connection:
        assert stored(connection) == [a_row(1)]


@MODES
@pytest.mark.parametrize(
    ("table", "columns", "row"),
    [
        (answers, ["vote_id", "criterion", "level"], ("f" * 32, "overall", 5)),  # of no vote
        (ingest_counts, ["name", "count"], (None, 1)),
        (ingest_counts, ["name", "count"], ("half \ud83d a pair", 1)),
        (ingest_counts, ["name", "count"], ("a", 2**70)),
        (votes, COLUMNS, a_row(1, hour=datetime(2026, 11, 20))),  # noqa: DTZ001
        (votes, COLUMNS, a_row(1, day="no day")),
    ],
)
def test_what_cannot_be_stored_is_refused_as_elsewhere(
    office: Database, table: Any, columns: list[str], row: tuple[object, ...], all_new: bool
) -> None:
    with pytest.raises(CannotBeStored) as caught, office.writing() as connection:
        bulk_insert(connection, table, columns, [row], all_new=all_new)
    assert "half" not in str(caught.value)
    with office.writing() as connection:
        assert connection.scalar(select(func.count()).select_from(table)) == 0
        bulk_insert(connection, votes, COLUMNS, [a_row(1)], all_new=all_new)  # the connection is as good as before


def test_rows_of_uneven_length_are_the_callers_mistake(office: Database) -> None:
    with pytest.raises(ValueError, match="shorter"), office.writing() as connection:
        bulk_insert(connection, ingest_counts, ["name", "count"], [("a", 1), ("b",)])
