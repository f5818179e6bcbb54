"""`python -m sync_server.stand_in cases.csv`: serves the cases of a CSV file, and again whenever it is saved."""

import argparse
import signal
import sys
from pathlib import Path

from sync_server.csv_files import UnreadableFile, csv_lines
from sync_server.stand_in.feed import StandIn, serve

LOOK_AGAIN = 1.0  # seconds


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m sync_server.stand_in",
        description="Another program's server of cases, for trying 'cases fetch': on this machine only.",
    )
    parser.add_argument("file", type=Path, help="CSV file; the names of its heading are those of the JSON fields")
    parser.add_argument("--key", default="case_code", help="which column names a case (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8090, help="TCP port (default: %(default)s)")
    parser.add_argument("--token", default="", help="what has to be shown; without it, nothing")
    parser.add_argument("--page-size", type=int, default=50, help="cases of a page (default: %(default)s)")
    parser.add_argument("--fail-each", type=int, default=0, metavar="NUMBER", help="fail one request of so many")
    chosen = parser.parse_args(arguments)
    stand_in = StandIn(chosen.token, max(1, chosen.page_size), fail_each=max(0, chosen.fail_each))
    try:
        _read(stand_in, chosen.file, chosen.key)
        server = serve(stand_in, chosen.port)
    except UnreadableFile as error:
        print(f"stand_in: {error}", file=sys.stderr)
        return 2
    except (OSError, OverflowError) as error:
        print(f"stand_in: port {chosen.port}: {getattr(error, 'strerror', None) or error}", file=sys.stderr)
        return 2
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell starts what runs in the background deaf to the first
        signal.signal(number, signal.default_int_handler)
    print(f"http://127.0.0.1:{server.server_address[1]}/cases", flush=True)
    server.timeout = LOOK_AGAIN
    saved = 0
    with server:
        try:
            while True:
                server.handle_request()
                saved = _read_again(stand_in, chosen.file, chosen.key, saved)
        except KeyboardInterrupt:
            return 130


def _read(stand_in: StandIn, file: Path, key: str) -> None:
    lines = csv_lines(file)
    _, heading = next(lines, (1, []))
    names = [name.strip() for name in heading]
    if key not in names:
        raise UnreadableFile(f"{file}: line 1: the heading lacks {key}")
    stand_in.put((dict(zip(names, cells, strict=False)) for _, cells in lines if len(cells) == len(names)), key)


def _read_again(stand_in: StandIn, file: Path, key: str, saved: int) -> int:
    """Read the file if it was saved meanwhile; return when it was."""
    try:
        now = file.stat().st_mtime_ns
        if now != saved:
            _read(stand_in, file, key)
    except (OSError, UnreadableFile) as error:
        print(f"stand_in: {error}; the cases stay as they were", file=sys.stderr)
        return saved
    return now


if __name__ == "__main__":
    sys.exit(main())
