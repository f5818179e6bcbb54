"""`python -m sync_server`: the server and every command of it."""

import argparse
import logging
import os
import sys
from pathlib import Path

from protocol.settings_file import SettingsMistake
from sync_server.commands import (
    CommandMistake,
    admin,
    audit,
    backup,
    broker,
    cases,
    clock,
    completeness,
    decision,
    export,
    figures,
    fold,
    inbox,
    ingest,
    key,
    kiosk,
    labels,
    metrics,
    migrate,
    office,
    paper,
    quarantine,
    report,
    serve,
    setup,
    stick,
    tell,
    verify,
    web,
)
from sync_server.keys import KeyTrouble
from sync_server.settings import load
from sync_server.store.database import DatabaseTrouble

MODULES = (
    serve,
    ingest,
    web,
    figures,
    report,
    decision,
    export,
    verify,
    key,
    fold,
    inbox,
    labels,
    audit,
    completeness,
    kiosk,
    tell,
    setup,
    office,
    cases,
    paper,
    stick,
    quarantine,
    clock,
    broker,
    metrics,
    admin,
    migrate,
    backup,
)


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code; 2 for a mistake of the user, named in one sentence."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    os.umask(0o077)  # votes and keys are nobody else's
    logging.basicConfig(
        level=logging.DEBUG if chosen.verbose else logging.INFO,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    try:
        return int(chosen.run(chosen, load(chosen.settings)))
    except (CommandMistake, SettingsMistake, DatabaseTrouble, KeyTrouble) as error:
        print(f"sync_server: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sync_server",
        description="Takes the votes of the kiosks in and shows the figures. Without a command, it serves.",
    )
    parser.add_argument("--settings", type=Path, metavar="FILE", help="settings file (TOML); without, the defaults")
    parser.add_argument("--verbose", action="store_true", help="log more")
    parser.set_defaults(run=serve.run)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    for module in MODULES:
        module.add_to(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
