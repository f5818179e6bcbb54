"""`key`: the key that an office signs its Decisions with."""

from argparse import Namespace

from sync_server.archives.keys import public_key_text, signing_key
from sync_server.commands import CommandMistake, Commands, opened
from sync_server.commands.printing import print_text
from sync_server.commands.sites import chosen_site, known_offices
from sync_server.keys import decision_key_file, has_decision_key
from sync_server.settings import Settings


def add_to(commands: Commands) -> None:
    """Add the command."""
    parser = commands.add_parser("key", help="the key that an office signs its Decisions with")
    actions = parser.add_subparsers(required=True, metavar="COMMAND")
    show = actions.add_parser(
        "show",
        help="print the public half, for publishing",
        description="Prints the public key and its fingerprint. Publish both where everybody can see them: whoever"
        " checks an archive compares its signature with this key. What is printed may be kept as a file for --key.",
    )
    make = actions.add_parser(
        "make",
        help="make the key of an office that has none, and print its public half",
        description="'office import' makes it too. A key that is there stays: archives are signed with it.",
    )
    for action, run in ((show, _show), (make, _make)):
        action.add_argument("--site", help="whose key; needed when there are several sites")
        action.set_defaults(run=run)


def _show(arguments: Namespace, settings: Settings) -> int:
    with opened(settings) as database:
        site = chosen_site(database, arguments.site)
        [office] = known_offices(database, site)
    if not has_decision_key(settings.folder, site):
        raise CommandMistake(f"{site}: has no key for Decisions yet; run: python -m sync_server key make --site {site}")
    print_text(public_key_text(signing_key(settings.folder, site).public, office.name))
    return 0


def _make(arguments: Namespace, settings: Settings) -> int:
    with opened(settings) as database:
        site = chosen_site(database, arguments.site)
        [office] = known_offices(database, site)
    if has_decision_key(settings.folder, site):
        path = decision_key_file(settings.folder, site)
        raise CommandMistake(f"{path}: is there already, and archives may be signed with it; see it with: key show")
    print_text(public_key_text(signing_key(settings.folder, site).public, office.name))
    return 0
