"""Which site a command is about."""

from sync_server.commands import CommandMistake
from sync_server.core.figures.quarterly import Office
from sync_server.store.database import Database
from sync_server.store.figures import offices
from sync_server.store.records import known_sites

NO_OFFICE = "no office is known yet; run: python -m sync_server office import FOLDER"


def check_for_an_office(database: Database) -> None:
    """CommandMistake when there is none; asks for nothing that tables of an earlier version did not have."""
    with database.reading() as connection:
        if not known_sites(connection):
            raise CommandMistake(NO_OFFICE)


def known_offices(database: Database, site: str | None = None) -> tuple[Office, ...]:
    """Return every office, or only that of the site asked for; CommandMistake when there is none."""
    known = offices(database)
    if not known:
        raise CommandMistake(NO_OFFICE)
    asked = tuple(office for office in known if site in (None, office.site))
    if not asked:
        raise CommandMistake(f"there is no site {site!r}; known sites: {', '.join(office.site for office in known)}")
    return asked


def chosen_site(database: Database, site: str | None) -> str:
    """Return the site asked for, or the only one there is; CommandMistake names the sites otherwise."""
    known = [office.site for office in known_offices(database, site)]
    if len(known) > 1:
        raise CommandMistake(f"there are several sites; say which with --site: {', '.join(known)}")
    return known[0]
