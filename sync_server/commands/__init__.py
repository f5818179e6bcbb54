"""The commands of `python -m sync_server`, one module each.

A module has `add_to(commands)`, which adds its parser and sets `run`, a function of the parsed arguments
and the settings that returns the exit code. What the user did wrong is a `CommandMistake`.
"""

import argparse
import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from sync_server.settings import Settings
from sync_server.store.database import Database, DatabaseTrouble

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


_MAKING_ONE = "check --settings and what they say; for a new one, run: python -m sync_server migrate (or serve)"


class CommandMistake(Exception):
    """The command cannot be carried out; the text says what is wrong and what to do."""


@contextmanager
def opened(settings: Settings, *, making: bool = False, migrate: bool = True) -> Iterator[Database]:
    """The database, its tables brought up to date unless told otherwise.

    Where there is none it is made, with its folder, only when *making*: elsewhere the user has named a wrong place.
    """
    try:
        with contextlib.closing(Database(settings.database_url)) as database:
            if making:
                _make_folder(settings.folder)
            elif database.is_missing:
                raise CommandMistake(f"{database.place}: there is no database here: {_MAKING_ONE}")
            elif migrate and database.revision() is None:
                raise CommandMistake(f"{database.place}: this database has no tables yet: {_MAKING_ONE}")
            if migrate:
                database.migrate()
            yield database
    except DatabaseTrouble as error:
        raise CommandMistake(str(error)) from None


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise CommandMistake(f"{folder}: cannot be made: {error.strerror}") from None
