"""`python -m tests.journeys.torture`: break everything, let it heal, and compare thank-yous with what is stored."""

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.journeys.torture import enclosure, loss, scene
from tests.journeys.torture.scene import DEPLOYMENTS, Broker, Deployment, Store
from tests.journeys.torture.summary import summary
from tests.journeys.torture.surroundings import Surroundings, look
from tests.journeys.torture.trial import Order, Outcome, try_office

MOST_AT_ONE_OFFICE = 300  # a kiosk may begin a hundred streams, and every changed card is one


def main(arguments: Sequence[str] | None = None) -> int:
    """Torture from the command line; 1 when anything was lost, doubled or wrong."""
    chosen = _parser().parse_args(arguments)
    if enclosure.enclosed():
        enclosure.furnish()
    elif not chosen.open and enclosure.possible():
        return enclosure.run_inside("tests.journeys.torture", sys.argv[1:] if arguments is None else arguments)
    surroundings = look()
    if surroundings.packet_loss:
        loss.prepare()
    seed: int = chosen.seed if chosen.seed is not None else random.SystemRandom().randrange(2**32)
    deployments = _possible(chosen.deployment or [str(each) for each in DEPLOYMENTS], surroundings)
    folder = Path(tempfile.mkdtemp(prefix="torture-"))
    folder.chmod(0o755)  # PostgreSQL's user must get through
    _tell(f"seed {seed}, {chosen.faults} faults on {', '.join(map(str, deployments))}, {datetime.now(UTC):%Y-%m-%d}")
    outcomes: list[Outcome] = []
    try:
        for order in _orders(deployments, chosen.faults, seed, chosen.minutes):
            place = folder / f"{len(outcomes)}-{order.deployment.broker}-{order.deployment.store}"  # no + in a URL
            outcomes.append(try_office(place, order, surroundings, _tell))
            if outcomes[-1].whole:
                scene.remove(place)
    except KeyboardInterrupt:
        scene.remove(folder)
        _tell("stopped; every process has ended")
        return 130
    except BaseException:
        _tell(f"files: {folder}")
        raise
    _tell(summary(seed, outcomes, surroundings))
    if all(each.whole for each in outcomes):
        scene.remove(folder)
        return 0
    _tell(f"files: {folder}")
    return 1


def _orders(deployments: Sequence[Deployment], faults: int, seed: int, minutes: float) -> Iterator[Order]:
    """Split the faults over the deployments, and each share over offices that are not too old."""
    shares = [faults // len(deployments) + (place < faults % len(deployments)) for place in range(len(deployments))]
    for place, (deployment, share) in enumerate(zip(deployments, shares, strict=True)):
        for number, first in enumerate(range(0, share, MOST_AT_ONE_OFFICE)):
            part = min(MOST_AT_ONE_OFFICE, share - first)
            yield Order(deployment, part, f"{seed} {place} {number}", minutes * 60 * part / faults)


def _possible(names: Sequence[str], surroundings: Surroundings) -> list[Deployment]:
    wanted = [each for each in DEPLOYMENTS if str(each) in names]
    lacking = {
        Store.POSTGRESQL: surroundings.postgres,
        Broker.MOSQUITTO: None if surroundings.mosquitto else "needs Mosquitto: apt-get install mosquitto",
    }
    for part, reason in lacking.items():
        if reason is not None:
            _tell(f"left out: every office with {part}: {reason}")
            wanted = [each for each in wanted if part not in (each.store, each.broker)]
    if not wanted:
        raise SystemExit("torture: no office is left to break")
    return wanted


def _tell(text: str) -> None:
    print(text, flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.journeys.torture", description=__doc__)
    parser.add_argument("--faults", type=int, default=1000, help="faults in all (default: %(default)s)")
    parser.add_argument("--seed", type=int, help="repeat the choices of an earlier run (default: a new seed)")
    parser.add_argument(
        "--deployment",
        action="append",
        choices=[str(each) for each in DEPLOYMENTS],
        help="only this one; may be repeated (default: all)",
    )
    parser.add_argument(
        "--minutes",
        type=float,
        default=24 * 60,
        help="of storm at most; faults beyond are left (default: a day)",
    )
    parser.add_argument(
        "--open", action="store_true", help="stay out of namespaces, as a machine without root would (fewer faults)"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
