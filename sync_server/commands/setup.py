"""`setup`: what each office tells its kiosks, and which of them follow it."""

from argparse import Namespace

from sync_server.commands import Commands, opened
from sync_server.commands.sites import known_offices
from sync_server.core.quarter import VIETNAM
from sync_server.core.setup_standing import KioskSetup, standing_words
from sync_server.settings import Settings
from sync_server.store.orders import kiosk_setups, setups_in_force


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "setup",
        help="say which setup is in force at each kiosk",
        description="Says which setup is in force at each site since when, and which one each of its kiosks follows."
        " A setup comes from 'office import'; kiosks are told of a new one at once, and again until they follow it.",
    )
    parser.add_argument("--site", help="one site (default: all)")
    parser.set_defaults(run=_run)


def _run(arguments: Namespace, settings: Settings) -> int:
    with opened(settings) as database:
        sites = [office.site for office in known_offices(database, arguments.site)]
        with database.reading() as connection:
            in_force = setups_in_force(connection, sites)
            for site in sites:
                setup = in_force.get(site)
                if setup is None:
                    print(f"{site}: no setup yet; it comes with 'office import'")
                else:
                    since = f"{setup.made_at.astimezone(VIETNAM):%Y-%m-%d %H:%M}"
                    print(f"{site}: setup revision {setup.revision} in force since {since}, by {setup.made_by}")
                _print_kiosks(kiosk_setups(connection, site), 0 if setup is None else setup.revision)
    return 0


def _print_kiosks(kiosks: list[KioskSetup], in_force: int) -> None:
    for kiosk in kiosks:
        print(f"  {kiosk.kiosk}: {standing_words(kiosk, in_force)}")
    if not kiosks:
        print("  no kiosk is registered")
