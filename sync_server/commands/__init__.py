"""The commands of `python -m sync_server`, one module each.

A module has `add_to(commands)`, which adds its parser and sets `run`, a function of the parsed arguments
and the settings that returns the exit code. What the user did wrong is a `CommandMistake`.
"""

import argparse
import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeAlias

from sync_server.settings import Settings
from sync_server.store.database import Database, DatabaseTrouble

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


class CommandMistake(Exception):
    """The command cannot be carried out; the text says what is wrong and what to do."""


@contextmanager
def opened(settings: Settings, *, migrate: bool = True) -> Iterator[Database]:
    """The database, its folder made and its tables brought up to date unless told otherwise."""
    try:
        settings.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise CommandMistake(f"{settings.folder}: cannot be made: {error.strerror}") from None
    try:
        with contextlib.closing(Database(settings.database_url)) as database:
            if migrate:
                database.migrate()
            yield database
    except DatabaseTrouble as error:
        raise CommandMistake(str(error)) from None
