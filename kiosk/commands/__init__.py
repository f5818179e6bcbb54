"""The commands of `python -m kiosk`, one module each; without one, the kiosk runs.

A module has `add_to(commands)`, which adds its parsers and sets `run`, a function of the parsed arguments and the
settings that returns the exit code. What the user did wrong is a `CommandMistake`.
"""

import argparse
from typing import TypeAlias

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


class CommandMistake(Exception):
    """The command cannot be carried out; the text says what is wrong and what to do."""
