"""`export`: the votes of a time in a file for others, a row a vote."""

from argparse import Namespace
from pathlib import Path

from sync_server.commands import CommandMistake, Commands, opened, times
from sync_server.commands.places import is_needed
from sync_server.commands.progress import Progress
from sync_server.commands.sites import chosen_site
from sync_server.core.exports.rare import NAMED
from sync_server.core.exports.texts import LONGEST_CELL
from sync_server.core.names import counted
from sync_server.core.spans import Span
from sync_server.exports.drafts import ExportTrouble, draft_of
from sync_server.exports.writing import Form, Written, files_of, write_export
from sync_server.settings import Settings
from sync_server.store.export import Votes, reading_votes


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "export",
        help="write the votes of a month, quarter, half-year or year to a file: XLSX, CSV, JSON or SQLite",
        description="One row a vote, with the hour but no case, no id and no order of arrival; what too few votes are"
        " about is left blank. XLSX and SQLite also hold the wording of the surveys, the rules, the names and what"
        " each column means. The file is read back before it takes its place.",
    )
    parser.add_argument("time", type=times.span, help="like 2026-Q4, 2026-H2 (half-year), 2026-11 or 2026")
    parser.add_argument("--to", type=Path, required=True, metavar="FILE", help="where to")
    parser.add_argument("--format", choices=[str(form) for form in Form], help="default: what FILE ends in")
    parser.add_argument("--site", help="whose votes; needed when there are several sites")
    parser.add_argument(
        "--comments",
        action="store_true",
        help="also what was written, apart from the votes and with no more than the day; of CSV and JSON in a file of"
        " its own, FILE.comments.csv",
    )
    parser.add_argument("--replace", action="store_true", help="in the place of a file that is there")
    parser.set_defaults(run=_run)


def _run(arguments: Namespace, settings: Settings) -> int:
    path: Path = arguments.to
    form = _form(path, arguments.format)
    for file in files_of(path, form, comments=arguments.comments):
        for place in (file, draft_of(file)):
            if is_needed(place, arguments.settings, settings):
                raise CommandMistake(f"{place}: is the place of a file that the server needs: name another one")
    span: Span = arguments.time
    with opened(settings) as database, reading_votes(database, chosen_site(database, arguments.site), span) as votes:
        try:
            written = write_export(
                *(votes, path, form, str(span), Progress()), comments=arguments.comments, replace=arguments.replace
            )
        except ExportTrouble as error:
            raise CommandMistake(str(error)) from None
        print("\n".join(_said(written, votes, comments=arguments.comments)))
    return 0


def _said(written: Written, votes: Votes, *, comments: bool) -> list[str]:
    files = ", ".join(str(file) for file in written.files)
    days = f"{votes.first:%d/%m/%Y} – {votes.last:%d/%m/%Y}"
    with_comments = f" and {counted(written.comments, 'comment')}" if comments else ""
    lines = [f"{files}: {counted(written.votes, 'row')}{with_comments} of {days}; read back and found whole"]
    if votes.content.undated:
        lines.append(
            f"{counted(votes.content.undated, 'visit')} may lie before or after this time, and is in no row of it"
        )
    for kind in NAMED:
        if keys := votes.content.rare[kind] - {None}:
            lines.append(f"left blank, because of few votes, or for the sake of those: {counted(len(keys), str(kind))}")
    if blurred := sum(map(bool, votes.content.left_out.values())):
        lines.append(
            f"{counted(blurred, 'combination')} of officer, procedure, field, counter and kiosk name less than is"
            f" known: no row's stands for fewer than {counted(votes.rules.least_shown, 'vote')}"
        )
    if written.cut:
        lines.append(
            f"{counted(written.cut, 'comment')} did not fit: a cell of XLSX holds {LONGEST_CELL:,} characters;"
            " --format csv has the whole"
        )
    return lines


def _form(path: Path, asked: str | None) -> Form:
    try:
        return Form(asked or path.suffix.removeprefix(".").lower())
    except ValueError:
        raise CommandMistake(f"{path}: says no form by its end: say --format {'|'.join(Form)}") from None
