"""`python -m tests.bench.hostile`: how much a hostile kiosk slows the others down.

A real server process; twenty kiosks that cast a vote each now and then and wait for the receipt; and one more kiosk,
a process of its own with a valid password, that sends garbage as fast as it can. Rounds without and with it take
turns, so that a busy machine weighs on both alike.
"""

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from time import monotonic, perf_counter

from protocol.topics import Address, Channel, topic
from sync_server.mosquitto import server_password, write_files
from sync_server.settings import load
from sync_server.store.database import Database
from sync_server.store.fleet import add_kiosk
from tests.fakes.mosquitto import Mosquitto
from tests.fakes.ports import free_port
from tests.fakes.raw_kiosk import RawKiosk
from tests.fakes.raw_mqtt import Client, publish
from tests.fakes.small_office import NOW, SITE, migrated, seed_office
from tests.fakes.votes import a_vote
from tests.journeys.processes import Program, eventually

KIOSKS = 20
PAUSE_SECONDS = 1.0  # between a receipt and the next vote: as busy as no office is
SECONDS = 30.0
RESEND_SECONDS = 10.0
HOSTILE = Address(SITE, "hostile")
GARBAGE = [b"{" * 300, b"\xff" * 300, b'{"stream":1}', b"[" * 3000, b"", b'{"votes":' + b"9" * 300]


@dataclass
class Round:
    """What the kiosks that behave had of one round."""

    waits: list[float] = field(default_factory=list)  # seconds from a vote to its receipt
    seconds: float = 0.0
    garbage: int = 0


def main(arguments: list[str] | None = None) -> int:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.hostile", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="pairs of rounds (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=6.0, help="of each round (default: %(default)s)")
    parser.add_argument(
        "--broker",
        choices=("embedded", "mosquitto"),
        default="embedded",
        help="default: %(default)s; Mosquitto without a limit may take minutes, for the kiosks send again and again",
    )
    parser.add_argument(
        "--limit",
        type=Path,
        metavar="FILE",
        help="rules for nft, such as deploy/mosquitto/limit.nft, to measure with; run it in a network"
        " namespace of its own: unshare -n sh -c 'ip link set lo up && …'",
    )
    parser.add_argument("--flood", nargs=2, metavar=("PORT", "PASSWORD"), help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.flood:
        return _flood(int(chosen.flood[0]), chosen.flood[1])
    limit = f"; {chosen.limit} in force" if chosen.limit else ""
    print(f"{KIOSKS} kiosks, a vote every {PAUSE_SECONDS:g} s on average{limit}\n")
    print("| broker | hostile kiosk | votes/s | median ms | p95 ms |\n|---|---|---|---|---|")
    alone, beside = _measure(chosen.broker, chosen.rounds, chosen.seconds, chosen.limit)
    garbage = sum(one.garbage for one in beside) / sum(one.seconds for one in beside)
    print(_row(chosen.broker, "none", alone))
    print(_row(chosen.broker, f"{garbage:,.0f} messages/s", beside))
    slower = median(_waits(beside)) / median(_waits(alone)) - 1
    print(f"{chosen.broker}: the median wait is {slower:+.1%}", file=sys.stderr, flush=True)
    return 0


def _row(broker: str, hostile: str, rounds: list[Round]) -> str:
    waits = _waits(rounds)
    rate = len(waits) / sum(r.seconds for r in rounds)
    return (
        f"| {broker} | {hostile} | {rate:.0f} | {median(waits) * 1000:.1f} | {quantiles(waits, n=20)[18] * 1000:.1f} |"
    )


def _waits(rounds: list[Round]) -> list[float]:
    return [wait for one in rounds for wait in one.waits]


def _measure(broker: str, pairs: int, seconds: float, limit: Path | None) -> tuple[list[Round], list[Round]]:
    alone: list[Round] = []
    beside: list[Round] = []
    with _server(broker) as (port, passwords, log):
        if limit is not None:
            rules = limit.read_text(encoding="utf-8").replace("dport 8883", f"dport {port}")
            subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True)
        numbers = dict.fromkeys(passwords, 0)
        for number in range(pairs):
            print(f"{broker}: pair {number + 1} of {pairs} …", file=sys.stderr, flush=True)
            alone.append(_vote(port, passwords, numbers, seconds))
            hostile = Program("tests.bench.hostile", "--flood", str(port), passwords[HOSTILE], log=log)
            try:
                hostile.line(SECONDS)  # it floods
                one = _vote(port, passwords, numbers, seconds)
                hostile.say("how many?")
                one.garbage = int(hostile.line(SECONDS) or 0)
                beside.append(one)
            finally:
                hostile.abandon()
    return alone, beside


def _vote(port: int, passwords: dict[Address, str], numbers: dict[Address, int], seconds: float) -> Round:
    began, until = monotonic(), monotonic() + seconds
    found = Round()

    def live(address: Address) -> None:
        chance = random.Random(address.kiosk)
        pause = threading.Event()
        stream = f"{int(address.kiosk.partition('-')[2]):032x}"
        with RawKiosk(port, address, passwords[address]) as kiosk:
            kiosk.client.socket.settimeout(RESEND_SECONDS)
            while monotonic() < until:
                numbers[address] += 1
                vote, asked, stored = a_vote(numbers[address]), perf_counter(), False
                while not stored:  # as kiosks do when nothing is confirmed
                    kiosk.cast(stream, [vote])
                    with suppress(TimeoutError):
                        kiosk.until_stored(stream, vote.number)
                        stored = True
                found.waits.append(perf_counter() - asked)
                pause.wait(chance.uniform(0, 2 * PAUSE_SECONDS))

    threads = [threading.Thread(target=live, args=(address,)) for address in passwords if address != HOSTILE]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.seconds = monotonic() - began
    return found


def _flood(port: int, password: str) -> int:
    """Send garbage until a line comes in; then say how much it was."""
    sent = [0]

    def swallow(client: Client) -> None:
        with suppress(OSError):
            while client.socket.recv(65536):
                pass

    def flood() -> None:
        while True:
            with suppress(OSError, AssertionError), Client(port, source="127.0.0.2") as client:
                assert client.login(f"{HOSTILE.site}.{HOSTILE.kiosk}", password) == 0
                client.socket.settimeout(None)
                threading.Thread(target=swallow, args=(client,), daemon=True).start()
                while True:
                    client.send(publish(topic(HOSTILE, Channel.VOTES), GARBAGE[sent[0] % len(GARBAGE)]))
                    sent[0] += 1

    threading.Thread(target=flood, daemon=True).start()
    print("flooding", flush=True)
    sys.stdin.readline()
    print(sent[0], flush=True)
    return 0


@contextmanager
def _server(broker: str) -> Iterator[tuple[int, dict[Address, str], Path]]:
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        (folder / "server").mkdir()
        database = migrated(folder / "server")
        stack.callback(database.close)
        seed_office(database)
        passwords = _register(database)
        port = free_port()
        settings = folder / "server.toml"
        text = f'[storage]\nfolder = "server"\n[web]\nport = {free_port()}\n[mqtt]\nport = {port}\n'
        if broker == "mosquitto":
            text += 'embedded = false\npassword_file = "ingest.password"\n'
        settings.write_text(text)
        if broker == "mosquitto":
            mqtt = load(settings).mqtt
            write_files(database, folder, mqtt.users, server_password(Path(mqtt.password_file)))
            mosquitto = Mosquitto(folder, port, tls=False)
            mosquitto.start()
            stack.callback(mosquitto.kill)
        log = folder / "server.log"
        server = Program("sync_server", "--settings", str(settings), "serve", log=log)
        stack.callback(server.abandon)
        ready = "connected to the broker" if broker == "mosquitto" else "pages on"
        eventually("the server", lambda: ready in log.read_text(), SECONDS)
        yield port, passwords, log


def _register(database: Database) -> dict[Address, str]:
    passwords = {}
    with database.writing() as connection:
        for address in (*(Address(SITE, f"quay-{number}") for number in range(1, KIOSKS + 1)), HOSTILE):
            passwords[address] = add_kiosk(connection, address, NOW) or ""
    return passwords


if __name__ == "__main__":
    sys.exit(main())
