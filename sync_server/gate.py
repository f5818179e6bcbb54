"""Who may come in to the embedded broker, and who may stay: the database says."""

import logging

from sync_server.broker.rights import address_of
from sync_server.store.database import Database, DatabaseTrouble
from sync_server.store.fleet import password_fits

log = logging.getLogger(__name__)


class Gate:
    """Checks names and passwords, from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lets_in(self, user: str, password: str) -> bool:
        """Whether this is a registered kiosk with its password; nobody's is while the database cannot be read."""
        try:
            return self._fits(user, password)
        except DatabaseTrouble as error:
            log.error("a password cannot be checked: %s", error)
            return False

    def lets_stay(self, user: str, password: str) -> bool:
        """Whether one who is in may stay; everybody may while the database cannot be read."""
        try:
            return self._fits(user, password)
        except DatabaseTrouble:
            return True

    def _fits(self, user: str, password: str) -> bool:
        address = address_of(user)
        if address is None:
            return False
        with self._database.reading() as connection:
            return password_fits(connection, address, password)
