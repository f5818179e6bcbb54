"""Rows are read from single pages as SQLite wrote them, and rubbish is neither believed nor a reason to stop."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.outbox.pages import (
    FRAME_HEADER_BYTES,
    LOG_HEADER_BYTES,
    LONGEST_PAYLOAD,
    PAGE_BYTES,
    Row,
    pages_believed,
    pages_of_log,
    rows_of_page,
)

values = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.integers(0, 1),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40),
    st.binary(max_size=40),
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda number: number != int(number)),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file.sqlite"


def write(path: Path, *statements: str, rows: Sequence[tuple[object, ...]] = (), into: str = "") -> bytes:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            connection.execute("BEGIN")
            connection.executemany(f"INSERT INTO {into} VALUES ({marks})", rows)
            connection.execute("COMMIT")
    return path.read_bytes()


def rows_of(content: bytes) -> Iterator[Row]:
    for start in range(0, len(content), PAGE_BYTES):
        yield from rows_of_page(content[start : start + PAGE_BYTES], first=start == 0)


@given(st.lists(st.tuples(values.filter(lambda first: first is not None), values, values), max_size=30))
def test_what_sqlite_wrote_is_read(rows: list[Row]) -> None:
    path = Path(f"/dev/shm/pages-{id(rows)}.sqlite")
    try:
        content = write(path, "CREATE TABLE things (a, b, c)", rows=list(rows), into="things")
        assert [row[1:] for row in rows_of(content) if row[1] != "table"] == rows
    finally:
        path.unlink()


def test_a_row_is_known_by_its_number_and_one_without_a_number_too(path: Path) -> None:
    content = write(
        path,
        "CREATE TABLE numbered (number INTEGER PRIMARY KEY, name TEXT)",
        "CREATE TABLE named (name TEXT PRIMARY KEY) WITHOUT ROWID",
        "INSERT INTO numbered VALUES (300, 'three hundred')",
        "INSERT INTO named VALUES ('a name')",
    )
    assert {(300, "three hundred"), ("a name",)} <= set(rows_of(content))


def test_tables_of_many_pages_are_read_whole(path: Path) -> None:
    names = [(f"{number:040}",) for number in range(2000)]
    content = write(path, "CREATE TABLE named (name TEXT PRIMARY KEY) WITHOUT ROWID", rows=names, into="named")
    assert set(names) <= set(rows_of(content))
    numbered = write(path, "CREATE TABLE numbered (name TEXT)", rows=names, into="numbered")
    assert [row[1:] for row in rows_of(numbered) if len(row) == 2 and isinstance(row[0], int)] == names


def test_a_row_that_spills_over_to_other_pages_is_none_of_ours(path: Path) -> None:
    content = write(path, "CREATE TABLE t (a TEXT)", rows=[("x" * LONGEST_PAYLOAD,), ("y" * 3000,)], into="t")
    assert [row[1] for row in rows_of(content) if row[1] != "table"] == ["y" * 3000]


@pytest.mark.parametrize("damaged", [0, 3, 8], ids=["kind of page", "number of rows", "place of a row"])
def test_rows_are_found_on_a_page_whose_list_of_them_is_damaged(path: Path, damaged: int) -> None:
    content = bytearray(write(path, "CREATE TABLE t (a TEXT)", rows=[("one",), ("two",), ("three",)], into="t"))
    content[PAGE_BYTES + damaged] = 0xEE
    assert {(1, "one"), (2, "two"), (3, "three")} <= set(rows_of(bytes(content)))


@given(st.binary(max_size=300))
def test_rubbish_is_no_reason_to_stop(rubbish: bytes) -> None:
    for row in rows_of_page(rubbish):
        assert isinstance(row, tuple)


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_a_page_with_any_bytes_overwritten_still_reads(data: st.DataObject) -> None:
    page = bytearray(PAGE_BYTES)
    page[:12] = bytes([data.draw(st.sampled_from([0x0D, 0x0A, 0x02, 0x05, 0x00])), 0, 0, 0, 3, 0, 0, 0, 15, 0, 15, 100])
    for _ in range(data.draw(st.integers(0, 5))):
        place = data.draw(st.integers(0, PAGE_BYTES - 1))
        page[place] = data.draw(st.integers(0, 255))
    list(rows_of_page(bytes(page)))
    list(rows_of_page(bytes(page), first=True))


def test_a_page_cut_short_is_no_page() -> None:
    assert list(rows_of_page(b"")) == []
    assert list(rows_of_page(b"\x0d", first=True)) == []
    assert list(rows_of_page(b"\x0d\x00")) == []


def test_the_log_is_read_from_where_it_was_begun_anew(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE t (a TEXT)")
        for number in range(10):
            connection.execute("INSERT INTO t VALUES (?)", [f"before {number}"])
        connection.execute("PRAGMA wal_checkpoint(RESTART)")
        connection.execute("INSERT INTO t VALUES ('after')")
        log = path.with_name(path.name + "-wal").read_bytes()
    frames = (len(log) - LOG_HEADER_BYTES) // (FRAME_HEADER_BYTES + PAGE_BYTES)
    pages = list(pages_of_log(log))
    assert frames > len(pages) == 1
    assert (11, "after") in list(rows_of_page(pages[0]))
    assert list(pages_of_log(log, after=1)) == []
    assert list(pages_of_log(log[:100])) == [log[56:100]]
    assert list(pages_of_log(b"")) == []


def test_a_flipped_bit_in_the_head_of_a_page_hides_none_of_its_rows(path: Path) -> None:
    rows = [(f"a{number}", number, "x" * 90) for number in range(30)]
    statements = ("PRAGMA secure_delete=ON", "CREATE TABLE things (a, b, c)")
    write(path, *statements, rows=rows, into="things")
    page = write(path, "DELETE FROM things WHERE b IN (3, 4, 20)")[PAGE_BYTES:]  # so that there is room between rows
    expected = [row for row in rows if row[1] not in (3, 4, 20)]
    assert [row[1:] for row in rows_of_page(page)] == expected
    free = int.from_bytes(page[1:3])
    assert free, "the list of free room is not empty"
    for bit in (*range(8 * 16), *range(8 * free, 8 * (free + 4))):
        damaged = bytearray(page)
        damaged[bit // 8] ^= 1 << bit % 8
        assert {row[1:] for row in rows_of_page(bytes(damaged))}.issuperset(expected)


def test_a_flipped_bit_in_the_place_of_a_row_hides_none(path: Path) -> None:
    rows = [(f"a{number:02}", "x" * 56) for number in range(50)]  # 64 bytes each, so that a bit leads to another
    page = write(path, "CREATE TABLE things (a, b)", rows=rows, into="things")[PAGE_BYTES:]
    assert len(list(rows_of_page(page))) == len(rows)
    places = range(0, len(rows), 4)  # of which each bit is tried
    for bit in (8 * (8 + 2 * place) + number for place in places for number in range(16)):
        damaged = bytearray(page)
        damaged[bit // 8] ^= 1 << bit % 8
        assert {row[1:] for row in rows_of_page(bytes(damaged))}.issuperset(rows)


def test_of_a_log_is_believed_what_sqlite_believes(path: Path) -> None:
    frame = FRAME_HEADER_BYTES + PAGE_BYTES
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE t (a TEXT)")
        for number in range(4):
            connection.execute("INSERT INTO t VALUES (?)", ["x" * 3000 + str(number)])
        main, log = path.read_bytes(), path.with_name(path.name + "-wal").read_bytes()
    other = path.with_name("other.sqlite")
    for bit in (*range(8 * LOG_HEADER_BYTES), *range(8 * LOG_HEADER_BYTES, 8 * len(log), 8 * 997 + 3)):
        damaged = bytearray(log)
        damaged[bit // 8] ^= 1 << bit % 8
        assert pages_believed(bytes(damaged)) == believed_by_sqlite(other, main, bytes(damaged)), bit
    for size in (*range(0, len(log), 1000), *range(LOG_HEADER_BYTES, len(log) + 1, frame)):
        assert pages_believed(log[:size]) == believed_by_sqlite(other, main, log[:size]), size
    assert pages_believed(log) == (len(log) - LOG_HEADER_BYTES) // frame
    of_the_other_order = b"\x37\x7f\x06\x83" + log[4:]
    assert pages_believed(of_the_other_order) == 0


def believed_by_sqlite(path: Path, main: bytes, log: bytes) -> int:
    path.write_bytes(main)
    path.with_name(path.name + "-wal").write_bytes(log)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        return max(0, int(connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[1]))
