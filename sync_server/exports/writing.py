"""Writing the votes of a time into a file, and reading it back before it takes its place."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from sync_server.core.exports import wording
from sync_server.core.exports.beside import tables_beside
from sync_server.core.exports.lines import CsvLines, JsonLines
from sync_server.core.exports.tables import Row, Table
from sync_server.core.exports.texts import is_too_long, xlsx_cell
from sync_server.exports.drafts import ExportTrouble, check_place, drafting
from sync_server.exports.line_files import Lines, count_csv, count_json, write_lines
from sync_server.exports.sqlite_files import count_sqlite, write_sqlite
from sync_server.exports.xlsx_files import count_xlsx, write_xlsx
from sync_server.store.export import Votes

Progress = Callable[[str, int, int], None]
Each = TypeVar("Each")


class Form(StrEnum):
    """What kind of file an export is."""

    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"
    SQLITE = "sqlite"


@dataclass
class Written:
    """What was written, and read back."""

    votes: int = 0
    comments: int = 0
    cut: int = 0  # comments longer than a cell of XLSX
    files: list[Path] = field(default_factory=list)


def comments_file(path: Path) -> Path:
    """Return where the comments go of a form whose files hold one table."""
    return path.with_name(f"{path.stem}.comments{path.suffix}")


def files_of(path: Path, form: Form, *, comments: bool) -> list[Path]:
    """Return the files that an export makes."""
    apart = comments and form in (Form.CSV, Form.JSON)
    return [path, comments_file(path)] if apart else [path]


def write_export(
    votes: Votes, path: Path, form: Form, span: str, progress: Progress, *, comments: bool, replace: bool
) -> Written:
    """Write the votes, and the comments if wanted, and read them back; ExportTrouble, and then nothing has changed."""
    written = Written(files=files_of(path, form, comments=comments))
    for file in written.files:
        check_place(file, replace=replace)
    with ExitStack() as stack:
        drafts = [stack.enter_context(drafting(file, replace=replace)) for file in written.files]
        if form in (Form.CSV, Form.JSON):
            _write_lines(votes, drafts, CsvLines if form is Form.CSV else JsonLines, written, progress)
        else:
            _write_tables(votes, drafts[0], form, span, written, progress, comments=comments)
        _compare("votes", written.votes, votes.total)
        if comments:
            _compare("comments", written.comments, votes.comments)
    return written


def _write_lines(votes: Votes, drafts: list[Path], form: Lines, written: Written, progress: Progress) -> None:
    count = count_csv if form is CsvLines else count_json
    columns = votes.layout.columns
    parts = _counted(votes.parts(form.text, form.part), "votes", votes.total, progress)
    write_lines(drafts[0], form, columns, parts)
    progress("reading back", 0, votes.total)
    written.votes = count(drafts[0], len(columns))
    for draft in drafts[1:]:
        rows = ((form.part(wording.COMMENTS, row),) for row in votes.comment_rows(form.text))
        write_lines(draft, form, wording.COMMENTS, _counted(rows, "comments", votes.comments, progress))
        written.comments = count(draft, len(wording.COMMENTS))


def _write_tables(
    votes: Votes, draft: Path, form: Form, span: str, written: Written, progress: Progress, *, comments: bool
) -> None:
    def as_it_is(text: str) -> str:
        return text

    def fitting(text: str) -> str:
        written.cut += is_too_long(text)
        return xlsx_cell(text)

    write, count, text = (
        (write_xlsx, count_xlsx, fitting) if form is Form.XLSX else (write_sqlite, count_sqlite, as_it_is)
    )
    main = [Table("votes", wording.VOTES_TITLE, votes.layout.columns, votes.rows(text))]
    if comments:
        main.append(Table("comments", wording.COMMENTS_TITLE, wording.COMMENTS, votes.comment_rows(text)))
    beside = tables_beside(
        votes.book,
        votes.names,
        votes.rules,
        span,
        (votes.first, votes.last),
        votes.content.surveys,
        votes.used_names(),
        main,
    )
    totals = {"votes": votes.total, "comments": votes.comments if comments else 0}
    rows_of = dict.fromkeys([table.name for table in (*main, *beside)], 0)

    def tallied(table: Table) -> Table:
        def rows() -> Iterator[Row]:
            for row in _counted(table.rows, table.name, totals.get(table.name, 0), progress):
                rows_of[table.name] += 1
                yield row

        return Table(table.name, table.title, table.columns, rows())

    write(draft, map(tallied, (*main, *beside)))
    progress("reading back", 0, votes.total)
    _compare("rows", count(draft), sum(rows_of.values()))
    written.votes, written.comments = rows_of["votes"], rows_of.get("comments", 0)


def _counted(rows: Iterable[Each], what: str, total: int, progress: Progress) -> Iterator[Each]:
    for done, row in enumerate(rows):
        if not done % 1000:
            progress(what, done, total)
        yield row


def _compare(what: str, found: int, wanted: int) -> None:
    if found != wanted:
        raise ExportTrouble(f"nothing was written: {found:,} {what} were read back of {wanted:,}")
