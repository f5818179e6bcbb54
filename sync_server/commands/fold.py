"""`fold`: adding votes up for figures, and finding out whether what was added up is right."""

from argparse import Namespace
from datetime import UTC, datetime

from sync_server.commands import Commands, opened
from sync_server.commands.progress import Progress
from sync_server.core.names import counted
from sync_server.settings import Settings
from sync_server.store.folding import fold, fold_anew, waiting

WAS_WRONG = 1


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "fold",
        help="add votes up by half months, which makes figures of long times fast; 'serve' does it by itself",
        description="Figures are exact whether or not votes are added up. With --anew everything is added up from the "
        "votes again, and what was wrong is put right: then the exit code is 1.",
    )
    parser.add_argument("--anew", action="store_true", help="all of it, from the votes")
    parser.set_defaults(run=_run)


def _run(arguments: Namespace, settings: Settings) -> int:
    progress = Progress()
    done = repaired = 0
    with opened(settings) as database:
        with database.reading() as connection:
            stale = waiting(connection)
        for folded in (fold_anew if arguments.anew else fold)(database, datetime.now(UTC)):
            done += 1
            repaired += folded.repaired
            progress("half months", done, max(done, stale))
        with database.reading() as connection:
            left = waiting(connection)
    print(f"{counted(done, 'half month')} added up; {left:,} in which votes arrive are counted vote by vote")
    if repaired:
        print(f"{counted(repaired, 'half month')} had been added up wrongly and was put right")
    return WAS_WRONG if repaired else 0
