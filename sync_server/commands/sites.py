"""Which site a command is about."""

from sync_server.commands import CommandMistake
from sync_server.store.database import Database
from sync_server.store.figures import offices


def chosen_site(database: Database, site: str | None) -> str:
    """Return the site asked for, or the only one there is; CommandMistake names the sites otherwise."""
    known = [office.site for office in offices(database)]
    if not known:
        raise CommandMistake("no office data yet; run: python -m sync_server office import FOLDER")
    if site is None and len(known) == 1:
        return known[0]
    if site is None:
        raise CommandMistake(f"there are several sites; say which with --site: {', '.join(known)}")
    if site not in known:
        raise CommandMistake(f"there is no site {site!r}; known sites: {', '.join(known)}")
    return site
