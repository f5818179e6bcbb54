"""`office`: what the server knows of an office, out of a folder, and from which day on it holds."""

from argparse import ArgumentTypeError, Namespace
from datetime import UTC, date, datetime
from pathlib import Path

from protocol.codec import MalformedMessage
from sync_server.commands import CommandMistake, Commands, opened
from sync_server.commands.person import add_by
from sync_server.commands.printing import print_text
from sync_server.commands.sites import chosen_site
from sync_server.core.book_text import as_text
from sync_server.core.dated import ALWAYS
from sync_server.core.quarter import local_day
from sync_server.core.setup_draft import draft
from sync_server.keys import KeyTrouble, decision_key, site_key
from sync_server.office_files import OfficeMistakes, read_folder
from sync_server.settings import Settings
from sync_server.store.cases import register_cases
from sync_server.store.changes import bump
from sync_server.store.database import CannotBeStored
from sync_server.store.orders import put_in_force, setups_in_force
from sync_server.store.published import told_to_kiosks
from sync_server.store.records import add_site, book, write_records
from sync_server.store.unjudged import mark_days_since


def add_to(commands: Commands) -> None:
    """Add the commands."""
    parser = commands.add_parser("office", help="tell the server about an office, and see what it was told")
    actions = parser.add_subparsers(required=True, metavar="COMMAND")
    read = actions.add_parser(
        "import",
        help="read a folder with office.toml, procedures.csv and perhaps survey, rules, decision (.toml), cases.csv",
        description="What the folder says differently from what is known holds from a day on; before it, and in the "
        "figures of earlier quarters, what was known stays. What the folder no longer names ends that day.",
    )
    read.add_argument("folder", type=Path, help="the folder; deploy/sample_office shows what it holds")
    read.add_argument(
        "--from",
        dest="since",
        type=_day,
        metavar="DAY",
        help='since when it holds, like 2025-07-01, or "always" (default: today; of a new office: always)',
    )
    add_by(read)
    read.set_defaults(run=_import)
    show = actions.add_parser("show", help="print what holds for an office on a day")
    show.add_argument("--site", help="which office; needed when there are several")
    show.add_argument("--on", type=_day, metavar="DAY", help="like 2025-07-01 (default: today)")
    show.set_defaults(run=_show)


def _import(arguments: Namespace, settings: Settings) -> int:
    now = datetime.now(UTC)
    today = local_day(now)
    try:
        told = read_folder(arguments.folder, today)
    except OfficeMistakes as error:
        raise CommandMistake("\n".join(["nothing was imported:", *error.mistakes])) from None
    office = told.wanted.office
    with opened(settings, making=True) as database:
        try:
            key = site_key(settings.folder, office.site)
            decision_key(settings.folder, office.site)  # made now, so that its public half can be published in time
        except KeyTrouble as error:
            raise CommandMistake(str(error)) from None
        try:
            with database.writing() as connection:
                add_site(connection, office.site)
                before = book(connection, office.site)
                since: date = arguments.since or (ALWAYS if before.is_blank else today)
                said = list(before.to_become(told.wanted, since))
                write_records(connection, office.site, said, arguments.by, now)
                if said:
                    mark_days_since(connection, office.site, since)
                register_cases(connection, office.site, key, told.cases, now)
                published = told_to_kiosks(connection, office.site)
                setup = draft(book(connection, office.site), today, published)
                made = None if setup is None else put_in_force(connection, office.site, setup, arguments.by, now)
                in_force = made or setups_in_force(connection, [office.site])[office.site]
                bump(connection)
        except MalformedMessage as error:
            raise CommandMistake(f"nothing was imported: what kiosks would be told is {error}") from None
        except CannotBeStored:
            raise CommandMistake("nothing was imported: the office was changed meanwhile; try again") from None
    print(
        f"{office.site}: {len(office.fields)} fields, {len(office.officers)} officers, "
        f"{len(office.counters)} counters, {len(told.wanted.procedures)} procedures, {len(told.cases)} cases"
    )
    print(_changes(len(said), since))
    if since > today:
        print(f"kiosks are told on that day; setup revision {in_force.revision} stays in force until then")
    else:
        news = "stays in force: kiosks have nothing new to know" if made is None else "is in force; kiosks are told"
        print(f"setup revision {in_force.revision} {news}")
    return 0


def _show(arguments: Namespace, settings: Settings) -> int:
    day: date = arguments.on or local_day(datetime.now(UTC))
    with opened(settings) as database:
        site = chosen_site(database, arguments.site)
        with database.reading() as connection:
            text = as_text(book(connection, site), day)
    print_text(text)
    return 0


def _changes(number: int, since: date) -> str:
    if not number:
        return "nothing differs from what is known"
    when = "from the beginning" if since == ALWAYS else f"from {since:%d/%m/%Y}"
    if number == 1:
        return f"1 entry differs from what was known, and holds {when}"
    return f"{number:,} entries differ from what was known, and hold {when}"


def _day(text: str) -> date:
    if text == "always":
        return ALWAYS
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError('expected a day like 2025-07-01, or "always"') from None
