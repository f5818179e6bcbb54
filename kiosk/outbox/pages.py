"""What is written on single pages of an SQLite file, whatever has become of the pages round them.

Pure. Knows as much of the file format as rows need that lie on one page each (sqlite.org/fileformat2.html, §1.6 b-tree
pages, §2.1 records, §4 the log). Nothing is believed for being here: a row counts only if its checksum is right.
"""

import struct
from collections.abc import Iterator

Value = str | int | bytes | float | None
Row = tuple[Value, ...]

PAGE_BYTES = 4096
FILE_HEADER_BYTES = 100
LOG_HEADER_BYTES = 32
FRAME_HEADER_BYTES = 24
LONGEST_PAYLOAD = PAGE_BYTES - 35  # what is longer spills over to other pages; no row of ours is

CHILD_BYTES = 4  # before each cell of an inner page: the number of the page below
SMALLEST_CELL = 4  # bytes that a cell takes at least

_TABLE_LEAF, _INDEX_LEAF, _INDEX_INTERIOR = 0x0D, 0x0A, 0x02
_INTEGER_BYTES = (0, 1, 2, 3, 4, 6, 8)  # of the serial types 0 to 6
_REAL, _ZERO, _ONE, _FIRST_TEXT = 7, 8, 9, 12
_MOST_COLUMNS = 32
_ORDER_OF_MAGIC = {0x377F0682: "<", 0x377F0683: ">"}  # of the words that are summed up
_LOG_VERSION = 3007000


class _Malformed(Exception):
    """There is no cell here."""


def pages_believed(log: bytes) -> int:
    """How many pages of a log SQLite reads: up to the last commit before the first that is not as it was written."""
    head = _head_of_log(log)
    if head is None:
        return 0
    order, salts, sums = head
    believed = 0
    frame = FRAME_HEADER_BYTES + PAGE_BYTES
    for count, start in enumerate(range(LOG_HEADER_BYTES, len(log) - frame + 1, frame), start=1):
        number, pages_after_commit, of, *written = struct.unpack_from(">2I8s2I", log, start)
        sums = _summed(log[start : start + 8], order, sums)
        sums = _summed(log[start + FRAME_HEADER_BYTES : start + frame], order, sums)
        if number == 0 or of != salts or list(sums) != written:
            break
        if pages_after_commit:
            believed = count
    return believed


def _head_of_log(log: bytes) -> tuple[str, bytes, tuple[int, int]] | None:
    """Return the order of bytes, the salts and the sums with which the frames go on; None unless it is sound."""
    if len(log) < LOG_HEADER_BYTES:
        return None
    magic, version, page_bytes, _, salts, *written = struct.unpack_from(">4I8s2I", log)
    order = _ORDER_OF_MAGIC.get(magic)
    if order is None or (version, page_bytes) != (_LOG_VERSION, PAGE_BYTES):
        return None
    sums = _summed(log[: LOG_HEADER_BYTES - 8], order, (0, 0))
    return (order, salts, sums) if list(sums) == written else None


def _summed(content: bytes, order: str, sums: tuple[int, int]) -> tuple[int, int]:
    words = struct.unpack(f"{order}{len(content) // 4}I", content)
    first, second = sums
    for even, odd in zip(words[::2], words[1::2], strict=True):
        first = first + even + second & 0xFFFFFFFF
        second = second + odd + first & 0xFFFFFFFF
    return first, second


def pages_of_log(log: bytes, after: int = 0) -> Iterator[bytes]:
    """Return the pages in a log that were written since it was last begun anew, in order, torn ones included.

    *after* so many of them.
    """
    head = _head_of_log(log)
    # Every page has them too; the first one is the first that is written when the log is begun anew.
    salts = log[LOG_HEADER_BYTES + 8 : LOG_HEADER_BYTES + 16] if head is None else head[1]
    frame = FRAME_HEADER_BYTES + PAGE_BYTES
    for start in range(LOG_HEADER_BYTES + after * frame, len(log) - FRAME_HEADER_BYTES, frame):
        page = start + FRAME_HEADER_BYTES
        if log[start + 8 : start + 16] == salts:
            yield log[page : page + PAGE_BYTES]


def rows_of_page(page: bytes, *, first: bool = False) -> Iterator[Row]:
    """Return the rows on a page; of a table's the first value is the row's number. *first*: of the first page.

    If the page's own list of rows is damaged, every place where one might begin is tried.
    """
    begin = FILE_HEADER_BYTES if first else 0
    if not any(page):
        return
    try:
        yield from _listed(page, begin)
    except (_Malformed, IndexError, struct.error):
        yield from _found(page)


def _listed(page: bytes, begin: int) -> list[Row]:
    """Return the rows of the page's own list; _Malformed unless they fill the room that the page says is taken.

    A flipped bit in the kind of the page or in the length of its list would otherwise hide rows without a sign; one in
    the place of a row may lead to another row of the same length, which then is there twice.
    """
    kind, free, count, content, fragments = struct.unpack_from(">BHHHB", page, begin)
    if kind not in (_TABLE_LEAF, _INDEX_LEAF, _INDEX_INTERIOR):
        raise _Malformed
    interior = kind == _INDEX_INTERIOR
    read = _table_row if kind == _TABLE_LEAF else _index_row
    child = CHILD_BYTES if interior else 0
    rows, taken = [], list(_free_blocks(page, free))
    for place in struct.unpack_from(f">{count}H", page, begin + (12 if interior else 8)):
        row, end = read(page, place + child)
        rows.append(row)
        taken.append((place, max(end, place + SMALLEST_CELL)))
    if not _fill(taken, content, len(page) - fragments):
        raise _Malformed
    return rows


def _fill(taken: list[tuple[int, int]], begin: int, end: int) -> bool:
    """Whether these places lie apart, none before *begin*, and are together as long as from there to *end*."""
    at = begin
    for first, last in sorted(taken):
        if first < at:
            return False
        at = last
    return sum(last - first for first, last in taken) == end - begin


def _free_blocks(page: bytes, block: int) -> Iterator[tuple[int, int]]:
    while block:
        following, size = struct.unpack_from(">HH", page, block)
        yield block, block + size
        if 0 < following <= block:  # they stand in order, so this is no list
            raise _Malformed
        block = following


def _found(page: bytes) -> Iterator[Row]:
    for place in range(len(page)):
        for read in (_table_row, _index_row):
            try:
                yield read(page, place)[0]
            except (_Malformed, IndexError, struct.error):
                continue


def _table_row(page: bytes, place: int) -> tuple[Row, int]:
    length, place = _varint(page, place)
    number, place = _varint(page, place)
    values = _record(page, place, length)
    return (number, *values[1:]) if values[0] is None else (number, *values), place + length


def _index_row(page: bytes, place: int) -> tuple[Row, int]:
    length, place = _varint(page, place)
    return _record(page, place, length), place + length


def _record(page: bytes, place: int, length: int) -> Row:
    if not 2 <= length <= LONGEST_PAYLOAD or place + length > len(page):
        raise _Malformed
    end = place + length
    header, at = _varint(page, place)
    body = place + header
    if not 2 <= header <= length:
        raise _Malformed
    values: list[Value] = []
    while at < place + header:
        kind, at = _varint(page, at)
        value, body = _value(page, body, kind, end)
        values.append(value)
        if len(values) > _MOST_COLUMNS:
            raise _Malformed
    if at != place + header or body != end:
        raise _Malformed
    return tuple(values)


def _value(page: bytes, place: int, kind: int, end: int) -> tuple[Value, int]:
    if kind in (_ZERO, _ONE):
        return kind - _ZERO, place
    if kind < _REAL:
        after = place + _INTEGER_BYTES[kind]
        value: Value = int.from_bytes(page[place:after], "big", signed=True) if kind else None
    elif kind == _REAL:
        after = place + 8
        (value,) = struct.unpack_from(">d", page, place)
    elif kind < _FIRST_TEXT:
        raise _Malformed
    else:
        after = place + (kind - _FIRST_TEXT) // 2
        content = page[place:after]
        value = content.decode("utf-8", errors="replace") if kind % 2 else content
    if after > end:
        raise _Malformed
    return value, after


def _varint(page: bytes, place: int) -> tuple[int, int]:
    value = 0
    for length in range(8):
        byte = page[place + length]
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, place + length + 1
    return value << 8 | page[place + 8], place + 9
