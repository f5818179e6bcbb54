"""Kill everything, everywhere, for as long as asked; then compare what was thanked for with what is stored.

`python -m tests.journeys.torture --kills 1000` is `make torture`; a slice of it is a test.
"""

import argparse
import random
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

from tests.journeys.citizens import Citizens
from tests.journeys.office import Office, make_office
from tests.journeys.processes import Program, eventually
from tests.journeys.proxy import Proxy

KIOSKS = ("quay-1", "quay-2")
RECOVERY_SECONDS = 180.0


@dataclass(frozen=True)
class Summary:
    """What was done and what came of it."""

    seed: int
    seconds: float
    faults: dict[str, int]
    thanked: int
    stored: int
    unthanked: int
    lost: list[str]
    doubled: list[str]
    wrong: list[str]

    @property
    def kills(self) -> int:
        return sum(count for fault, count in self.faults.items() if fault.startswith("kill"))

    @property
    def whole(self) -> bool:
        return not (self.lost or self.doubled or self.wrong)

    def __str__(self) -> str:
        faults = ", ".join(f"{count} {fault}" for fault, count in sorted(self.faults.items()))
        return (
            f"seed {self.seed}: {self.kills} SIGKILLs in {self.seconds:.0f} s ({faults})\n"
            f"{self.thanked} votes thanked for, {self.stored} stored, of these {self.unthanked} whose thank-you"
            f" a kill swallowed\n{len(self.lost)} lost, {len(self.doubled)} doubled, {len(self.wrong)} wrong"
        )


class Torture:
    """One server, two kiosks with people at them, a network between; and a hand that breaks things."""

    def __init__(self, folder: Path, seed: int, database_url: str | None = None) -> None:
        self._chance = random.Random(seed)
        self._seed = seed
        self._log = folder / "errors.log"
        self._office: Office = make_office(folder, KIOSKS, database_url)
        self._proxy = Proxy(self._office.broker_port)
        self._faults: Counter[str] = Counter()

    def run(self, kills: int, *, tell: Callable[[str], None]) -> Summary:
        """Break until the number of kills is reached, let everything heal, and compare."""
        began = monotonic()
        self._proxy.start()
        self._office.register_kiosks(self._proxy.port)
        self._server = self._start_server()
        self._citizens = [
            Citizens(
                name,
                self._office.kiosk_settings(name),
                self._office.scanner(name),
                self._log,
                random.Random(f"{self._seed} {name}"),
            )
            for name in KIOSKS
        ]
        for citizens in self._citizens:
            citizens.start()
        try:
            self._break(kills, tell)
            tell("healing")
            self._heal()
            return self._compare(monotonic() - began)
        finally:
            for citizens in self._citizens:
                citizens.abandon()
            self._server.abandon()
            self._proxy.stop()

    def _start_server(self) -> Program:
        return Program("sync_server", "--settings", str(self._office.server_settings), "serve", log=self._log)

    def _break(self, kills: int, tell: Callable[[str], None]) -> None:
        pause = threading.Event()
        killed = 0
        told = monotonic()
        while killed < kills:
            pause.wait(self._chance.uniform(0.05, 1.2))
            fault = self._chance.choices(["kill kiosk", "kill server", "cut network", "hang network"], [45, 35, 12, 8])[
                0
            ]
            self._faults[fault] += 1
            match fault:
                case "kill kiosk":
                    self._chance.choice(self._citizens).kill()
                    killed += 1
                case "kill server":
                    self._server.kill()
                    killed += 1
                    self._server = self._start_server()
                case "cut network":
                    self._proxy.cut()
                    pause.wait(self._chance.uniform(0.0, 1.5))
                    self._proxy.heal()
                case "hang network":
                    self._proxy.hang()
                    pause.wait(self._chance.uniform(0.0, 1.5))
                    self._proxy.heal()
            for citizens in self._citizens:
                if citizens.failure is not None:
                    raise citizens.failure
            if monotonic() - told > 10:
                told = monotonic()
                tell(f"{killed} of {kills} kills, {self._thanked()} votes thanked for")

    def _thanked(self) -> int:
        return sum(len(citizens.thanked) for citizens in self._citizens)

    def _heal(self) -> None:
        for citizens in self._citizens:
            citizens.leave()
        self._proxy.heal()
        eventually("every vote confirmed", self._all_confirmed, RECOVERY_SECONDS)
        for citizens in self._citizens:
            citizens.end()
        assert self._server.end() == 0

    def _all_confirmed(self) -> bool:
        return all(self._office.waiting(name) == 0 for name in KIOSKS)

    def _compare(self, seconds: float) -> Summary:
        stored = self._office.stored_votes()
        thanked = {vote: level for citizens in self._citizens for vote, level in citizens.thanked.items()}
        times = Counter(vote for vote, _ in stored)
        levels = dict(stored)
        cast = {vote for name in KIOSKS for vote in self._office.cast_votes(name)}
        return Summary(
            seed=self._seed,
            seconds=seconds,
            faults=dict(self._faults),
            thanked=len(thanked),
            stored=len(stored),
            unthanked=len(levels.keys() - thanked.keys()),
            lost=sorted((thanked.keys() | cast) - levels.keys()),
            doubled=sorted(vote for vote, count in times.items() if count > 1) + self._office.doubled_cases(),
            wrong=sorted(
                [vote for vote, level in thanked.items() if vote in levels and levels[vote] != level]
                + list(levels.keys() - cast)
                + self._office.figures_that_differ(len(stored))
            ),
        )


def main() -> int:
    """Torture from the command line; 1 when a vote was lost or doubled."""
    parser = argparse.ArgumentParser(prog="python -m tests.journeys.torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000, help="SIGKILLs in all (default: %(default)s)")
    parser.add_argument("--seed", type=int, help="repeat the choices of an earlier run (default: a new seed)")
    chosen = parser.parse_args()
    seed = chosen.seed if chosen.seed is not None else random.SystemRandom().randrange(2**32)
    print(f"seed {seed}, {chosen.kills} kills, {len(KIOSKS)} kiosks, {datetime.now(UTC):%Y-%m-%d}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="torture-"))
    try:
        summary = Torture(folder, seed).run(chosen.kills, tell=lambda text: print(text, flush=True))
    except KeyboardInterrupt:
        return 130
    print(summary)
    print(f"files: {folder}")
    return 0 if summary.whole else 1


if __name__ == "__main__":
    sys.exit(main())
