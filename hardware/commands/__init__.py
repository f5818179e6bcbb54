"""The commands of `python -m hardware`, one module each.

A module has `add_to(commands)`, which adds its parser and sets `run`, a function of the parsed arguments. What the user
did wrong is a `CommandMistake`.
"""

import argparse
from datetime import UTC, datetime
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


class CommandMistake(Exception):
    """The command cannot be carried out; the text is one sentence that says why."""


def now() -> datetime:
    """Return the time of day where the machine stands: what its user has in mind."""
    return datetime.now(UTC).astimezone()
