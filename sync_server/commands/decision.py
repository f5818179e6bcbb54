"""`decision …`: the Decision of a quarter, from what it still lacks to what was issued."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sync_server.commands import CommandMistake, Commands, decision_views, opened, times
from sync_server.commands.person import tidy_text
from sync_server.commands.printing import print_text
from sync_server.commands.progress import Progress
from sync_server.commands.sites import chosen_site
from sync_server.core.decisions.readiness import Lack, lacking
from sync_server.core.decisions.states import Change, Kind, NotNow, Step
from sync_server.core.quarter import local_day
from sync_server.core.spans import Span
from sync_server.deciding import DecidingTrouble, Desk, Paper, amend, close, discard, draft, give_number, issue, review
from sync_server.decision_parts import parts_of
from sync_server.settings import Settings
from sync_server.store.database import Database
from sync_server.store.decision_overview import blank, overview, rules_of, time_view
from sync_server.store.decisions import Doing, Kept
from sync_server.store.forgetting import forget, to_be_forgotten
from sync_server.store.readiness import look
from sync_server.store.records import book

INCOMPLETE = 1
REMIND_DAYS = 5

_ORDER = """\
The way of a quarter: close -> draft -> review -> issue. Each step stands in the record ('audit list') with who took it.
  decision list                                       every quarter, when it is due, how far it has come
  decision close 2026-Q4 --by "Hà"                    says what is lacking and what to do about it
  decision draft 2026-Q4 --by "Hà"                    DOCX and PDF to read; as often as needed
  decision review 2026-Q4 --by "Lan"                  somebody has looked it through
  decision issue 2026-Q4 --by "Lan"                   freezes documents, figures and votes in an archive
  decision number 2026-Q4 --number 05 --day 2027-01-06 --by "văn thư"
"""


def add_to(commands: Commands) -> None:
    """Add the commands."""
    parser = commands.add_parser(
        "decision",
        help="the quarterly Decision: what it lacks, drafting, reviewing, issuing, amending it",
        description=_ORDER,
        formatter_class=RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: Callable[[Namespace, Settings], int], what: str, *, long: str = "") -> ArgumentParser:
        added = actions.add_parser(name, help=what, description=long or what[0].upper() + what[1:] + ".")
        added.set_defaults(run=run)
        added.add_argument("--site", help="which office; needed when there are several")
        return added

    add("list", _list, "print every quarter since the first vote: state, day it is due, on time or late, late votes")
    remind = add(
        "remind",
        _remind,
        "print what is due soon or late; nothing when nothing is",
        long="Prints what is due soon or late, and nothing when nothing is, so that cron mails only what matters.",
    )
    remind.add_argument(
        "--within", type=_number, default=REMIND_DAYS, metavar="DAYS", help="due in so many days (default: %(default)s)"
    )
    show = add("show", _show, "print one time: versions, files, who did what, what has come since")
    done = add(
        "close",
        _close,
        "say what a time still lacks; when nothing does, close it",
        long="Lists what the time still lacks and what to do about each; exit code 1 then, and nothing is closed. A"
        " leader may go on all the same: --because then stands in the record and in the document.",
    )
    done.add_argument("--because", type=tidy_text, metavar="REASON", help="go on all the same, and why")
    done.add_argument("--report", action="store_true", help="it becomes a report (Báo cáo) instead of a Decision")
    writes = add("draft", _draft, "write DOCX and PDF of a closed time; again, after something was put right")
    look_through = add("review", _review, "put on record that the draft was looked through and may be issued")
    freeze = add(
        "issue",
        _issue,
        "freeze what was reviewed: DOCX, PDF and the archive that proves it",
        long="Freezes what was reviewed, in an archive that is verified first. Refused when a figure has changed since"
        " the review. Number and day are the clerk's (văn thư): left blank on the paper, unless given here.",
    )
    numbers = add("number", _give_number, "note number and day that the clerk gave the signed paper")
    numbers.add_argument("--version", type=_number, metavar="N", help="of this version (default: the one in force)")
    numbers.add_argument(
        "--because", type=tidy_text, metavar="REASON", help="puts right what was noted before by mistake, and why"
    )
    changes = add(
        "amend",
        _amend,
        "begin a version that amends the one that was issued",
        long="Begins a version that amends the one in force, or with --replace replaces it, say because of votes that"
        " came afterwards. It goes its own way: close, draft, review, issue. Until then the other stays in force.",
    )
    changes.add_argument("--replace", action="store_true", help="replace it as a whole (Quyết định thay thế)")
    drops = add("discard", _discard, "give up the version that was not issued yet; it stays on record")
    for each in (changes, drops):
        each.add_argument("--because", type=tidy_text, required=True, metavar="REASON", help="why, for the record")
    forgets = add(
        "forget",
        _forget,
        "have votes forget their cases where nobody may complain any more; 'serve' does it by itself",
        long="Erases the case from every vote of quarters that were issued so long ago that nobody may complain any"
        " more ('complaint_days' in rules.toml). Figures do not change, and no case can be rated again.",
    )
    forgets.add_argument("--dry-run", action="store_true", help="only say which quarters that would be")
    for each in (show, done, writes, look_through, freeze, numbers, changes, drops):
        each.add_argument("time", type=times.span, help="like 2026-Q4, 2026-H2 (half-year), 2026-11 or 2026")
    for each in (done, writes, look_through, freeze, numbers, changes, drops):
        each.add_argument("--by", type=tidy_text, required=True, metavar="NAME", help="who does that, for the record")
    for each, needed in ((freeze, False), (numbers, True)):
        each.add_argument("--number", type=tidy_text, required=needed, metavar="NO", help='like "05", as on the paper')
        each.add_argument("--day", type=times.day, required=needed, help="the day on the paper, like 2027-01-06")


def _list(arguments: Namespace, settings: Settings) -> int:
    now = datetime.now(UTC)
    with opened(settings) as database:
        site = chosen_site(database, arguments.site)
        print_text(decision_views.as_list(overview(database, site, now), local_day(now)))
    return 0


def _remind(arguments: Namespace, settings: Settings) -> int:
    now = datetime.now(UTC)
    with opened(settings) as database:
        site = chosen_site(database, arguments.site)
        print_text(decision_views.as_reminders(overview(database, site, now), local_day(now), arguments.within))
    return 0


def _show(arguments: Namespace, settings: Settings) -> int:
    now = datetime.now(UTC)
    with opened(settings) as database:
        site = chosen_site(database, arguments.site)
        view = time_view(database, site, arguments.time, now)
        print_text(decision_views.as_text(view, local_day(now), settings.folder))
    return 0


def _close(arguments: Namespace, settings: Settings) -> int:
    span: Span = arguments.time
    now = datetime.now(UTC)
    with _refusing(), opened(settings) as database:
        site = chosen_site(database, arguments.site)
        begins, lacks = _looked(database, site, span, Kind.REPORT if arguments.report else Kind.DECISION, now)
        print_text(decision_views.as_lacking(lacks))
        if lacks and arguments.because is None:
            print(f'{span} is not closed; a leader may go on all the same: --because "REASON"')
            return INCOMPLETE
        because = arguments.because or ""
        words = [lack.words for lack in lacks]
        kept = close(database, begins, words, because, Doing(Step.CLOSE, arguments.by, now, because))
    print(f"{span} is closed, version {kept.version.number}; next: decision draft {span}")
    return 0


def _looked(database: Database, site: str, span: Span, kind: Kind, now: datetime) -> tuple[Kept, tuple[Lack, ...]]:
    with database.reading() as connection:
        said = book(connection, site)
        begins = blank(said, span, kind)
        if local_day(now) <= begins.last:
            raise NotNow(f"{span} lasts until {begins.last}; it can be closed afterwards")
        looked = look(connection, site, str(span), (begins.first, begins.last), rules_of(said, span))
    return begins, lacking(looked, now)


def _draft(arguments: Namespace, settings: Settings) -> int:
    return _with_a_desk(arguments, settings, Step.DRAFT)


def _issue(arguments: Namespace, settings: Settings) -> int:
    return _with_a_desk(arguments, settings, Step.ISSUE)


def _with_a_desk(arguments: Namespace, settings: Settings, step: Step) -> int:
    span: Span = arguments.time
    with _refusing(), opened(settings) as database:
        site = chosen_site(database, arguments.site)
        desk = Desk(database, settings.folder, parts_of(settings), Progress())
        doing = Doing(step, arguments.by, datetime.now(UTC))
        if step is Step.DRAFT:
            kept = draft(desk, site, span, doing)
        else:
            kept = issue(desk, site, span, Paper(arguments.number, arguments.day), doing)
    print(f"{span}, version {kept.version.number}: {kept.state}")
    print_text(decision_views.files_of(kept, settings.folder))
    if step is Step.DRAFT:
        print(f"read it, then: decision review {span}")
    elif kept.number is None or kept.day is None:
        print(f"once the clerk has given number and day: decision number {span} --number NO --day DAY")
    return 0


def _review(arguments: Namespace, settings: Settings) -> int:
    span: Span = arguments.time
    with _refusing(), opened(settings) as database:
        site = chosen_site(database, arguments.site)
        review(database, site, span, Doing(Step.REVIEW, arguments.by, datetime.now(UTC)))
    print(f"{span} is reviewed; next: decision issue {span}")
    return 0


def _give_number(arguments: Namespace, settings: Settings) -> int:
    span: Span = arguments.time
    with _refusing(), opened(settings) as database:
        site = chosen_site(database, arguments.site)
        paper = Paper(arguments.number, arguments.day)
        note = ", ".join(filter(None, (paper.number, f"{paper.day}", arguments.because)))
        doing = Doing(Step.NUMBER, arguments.by, datetime.now(UTC), note)
        correcting = arguments.because is not None
        give_number(database, site, span, arguments.version, paper, doing, correcting=correcting)
    print(f"{span} has number {arguments.number} of {arguments.day}")
    return 0


def _amend(arguments: Namespace, settings: Settings) -> int:
    span: Span = arguments.time
    with _refusing(), opened(settings) as database:
        site = chosen_site(database, arguments.site)
        with database.reading() as connection:
            begins = blank(book(connection, site), span)
        change = Change.REPLACES if arguments.replace else Change.AMENDS
        doing = Doing(Step.AMEND, arguments.by, datetime.now(UTC), arguments.because)
        kept = amend(database, begins, change, doing)
    print(f"{span}, version {kept.version.number} {change} version {kept.version.amends}; next: decision close {span}")
    return 0


def _discard(arguments: Namespace, settings: Settings) -> int:
    span: Span = arguments.time
    with _refusing(), opened(settings) as database:
        site = chosen_site(database, arguments.site)
        discard(database, site, span, Doing(Step.DISCARD, arguments.by, datetime.now(UTC), arguments.because))
    print(f"the version of {span} in hand is discarded; it stays on record")
    return 0


def _forget(arguments: Namespace, settings: Settings) -> int:
    progress = Progress()
    now = datetime.now(UTC)
    with opened(settings) as database:
        site = chosen_site(database, arguments.site)
        with database.reading() as connection:
            due = to_be_forgotten(connection, now, site)
        for kept in due:
            print(f"{kept.span}: issued on {kept.issued_on}")
        if not due:
            print("no quarter is due")
        if not arguments.dry_run:
            days = votes = 0
            for done in forget(database, now, site):
                days, votes = days + 1, votes + done.votes
                progress("days", days)
            print(f"{votes:,} votes of {days:,} days have forgotten their cases")
    return 0


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except (NotNow, DecidingTrouble) as refusal:
        raise CommandMistake(str(refusal)) from None
    except OSError as error:
        raise CommandMistake(f"{error.filename}: cannot be written: {error.strerror}; nothing was changed") from None


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 1000:
        raise ArgumentTypeError("expected a number up to 1000")
    return int(text)
