"""One office's trial: a storm of faults, then everything may heal, then thank-yous are compared with tables."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic

from sync_server.store.database import DatabaseTrouble
from tests.journeys.processes import Overdue, eventually
from tests.journeys.torture import card
from tests.journeys.torture.evidence import read_reports, read_tables
from tests.journeys.torture.faults.kinds import left_out
from tests.journeys.torture.hand import Hand
from tests.journeys.torture.published import completeness_troubles, figure_troubles
from tests.journeys.torture.recovery import Recoveries
from tests.journeys.torture.scene import Deployment, Kiosk, Scene
from tests.journeys.torture.service import Service
from tests.journeys.torture.surroundings import Surroundings
from tests.journeys.torture.verdict import Excused, Verdict, compare

DRAIN_SECONDS = 480.0  # a kiosk waits up to five minutes before it sends again


@dataclass(frozen=True)
class Order:
    """What is to be done to one office."""

    deployment: Deployment
    faults: int
    seed: str
    seconds: float  # of storm: no fault is begun after that


@dataclass(frozen=True)
class Outcome:
    """What was done to one office and what came of it."""

    deployment: Deployment
    seconds: float
    struck: Counter[str]
    recoveries: tuple[tuple[str, float], ...]
    left_out: dict[str, str]
    endings: tuple[str, ...]
    troubles: tuple[str, ...]  # what should have ended, drained or added up, and did not
    verdict: Verdict

    @property
    def whole(self) -> bool:
        return self.verdict.whole and not self.troubles


def try_office(folder: Path, order: Order, surroundings: Surroundings, tell: Callable[[str], None]) -> Outcome:
    """Set an office up, break it, let it heal, compare; everything it has started has ended when this returns."""
    began = monotonic()
    tell(f"{order.deployment}: setting up")
    scene = Scene(folder, order.deployment, surroundings, order.seed)
    recoveries = Recoveries()
    hand = Hand(scene, recoveries, order.seed)
    try:
        scene.start()
        troubles = []
        try:
            hand.strike(order.faults, monotonic() + order.seconds, lambda: tell(_progress(scene, hand, order)))
        except AssertionError as error:  # something did not happen in time; what it means for the votes is seen below
            troubles.append(str(error))
        tell(f"{order.deployment}: {sum(hand.struck.values())} faults; healing")
        troubles += _heal(scene)
        unfinished = recoveries.stop()
        if unfinished:
            troubles.append(f"{unfinished} faults after which not every vote has come")
        tell(f"{order.deployment}: comparing")
        outcome = _compare(scene, hand, recoveries, order, troubles, began)
        if not outcome.whole:
            scene.keep()
        return outcome
    except Exception:
        scene.keep()
        raise
    finally:
        recoveries.stop()
        scene.close()
        hand.close()


def _progress(scene: Scene, hand: Hand, order: Order) -> str:
    thanked = sum(len(kiosk.citizens.thanked) for kiosk in scene.kiosks) + len(scene.apart.thanked)
    return f"{order.deployment}: {sum(hand.struck.values())} of {order.faults} faults, {thanked} votes thanked for"


def _heal(scene: Scene) -> Iterator[str]:
    for kiosk in scene.kiosks:
        kiosk.citizens.leave()
    for kiosk in scene.kiosks:
        try:
            eventually("every vote confirmed", partial(_settled, scene, kiosk), DRAIN_SECONDS)
        except Overdue:
            where = card.standing(kiosk.machine.card)
            waiting = "an unknown number of" if where is None else str(where.highest - where.stored_up_to)
            yield f"{kiosk.name}: {waiting} votes still wait {DRAIN_SECONDS:.0f} s after the last fault"


def _settled(scene: Scene, kiosk: Kiosk) -> bool:
    """Whether a kiosk is up, nothing waits there, and it has told the server so, of the card that it has now."""
    program, where = kiosk.machine.power.program, card.standing(kiosk.machine.card)
    if program is None or not program.has_spoken or where is None or not where.drained:
        return False
    try:
        return read_reports(scene.database_url).get(kiosk.name) == where.stream
    except DatabaseTrouble:
        return False


def _end(service: Service) -> Iterator[str]:
    try:
        code = service.end()
    except Overdue as error:
        yield f"{service.name}: {error}"
    else:
        if code != 0:
            yield f"{service.name} ended with {code}"


def _compare(
    scene: Scene, hand: Hand, recoveries: Recoveries, order: Order, troubles: list[str], began: float
) -> Outcome:
    thanked, seen, live = dict(scene.apart.thanked), set(scene.apart.seen), set[str]()
    for kiosk in scene.kiosks:
        troubles += _end(kiosk.machine.power)
        thanked |= kiosk.citizens.thanked
        held = card.read(kiosk.machine.card)
        if held is None or held.gaps:
            troubles.append(f"{kiosk.name}: its card cannot be read, or its numbers have gaps")
        else:
            seen |= held.ids
            live.add(held.stream)
    tables = read_tables(scene.database_url)
    retired: dict[str, set[str]] = {}
    for name, gone in scene.apart.retired:
        retired.setdefault(name, set()).add(gone.stream)
    troubles += figure_troubles(scene.office, tables.votes)
    troubles += completeness_troubles(scene.office, tables.ledger, retired, live)
    for service in scene.server:
        troubles += _end(service)
    on_lost_cards = frozenset(vote for _, gone in scene.apart.retired for vote in gone.waiting)
    verdict = compare(thanked, seen, Excused(on_lost_cards, frozenset(scene.apart.on_broken_pages)), tables)
    return Outcome(
        deployment=order.deployment,
        seconds=monotonic() - began,
        struck=hand.struck,
        recoveries=tuple(recoveries.seconds),
        left_out=left_out(scene),
        endings=tuple(scene.keeper.endings()),
        troubles=tuple(troubles),
        verdict=verdict,
    )
