"""An office with everything in it that can break: kiosks with people at them, roads, server, broker, database."""

import random
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from threading import Event, Lock

from sync_server.core.quarter import VIETNAM
from tests.fakes.proxy import Proxy
from tests.journeys.office import Office, make_office
from tests.journeys.processes import eventually
from tests.journeys.torture import card, disk
from tests.journeys.torture.citizens import Citizens, Thanks
from tests.journeys.torture.house import House, PostgresHouse, SqliteHouse
from tests.journeys.torture.machine import Machine
from tests.journeys.torture.servers import Servers, all_in_one, outside_settings, split
from tests.journeys.torture.service import Keeper, Service
from tests.journeys.torture.surroundings import Surroundings

KIOSKS = ("quay-1", "quay-2", "quay-3")
CARD_MEGABYTES = 48
SERVER_MEGABYTES = 160
POSTGRES_MEGABYTES = 512


class Broker(StrEnum):
    """Which broker an office has."""

    EMBEDDED = "embedded"
    MOSQUITTO = "mosquitto"


class Store(StrEnum):
    """Which database an office has."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


@dataclass(frozen=True)
class Deployment:
    """How an office is set up."""

    broker: Broker
    store: Store

    def __str__(self) -> str:
        return f"{self.broker}+{self.store}"


DEPLOYMENTS = tuple(Deployment(broker, store) for broker in Broker for store in Store)


@dataclass(frozen=True, eq=False)
class Kiosk:
    """A machine, the people at it and the road to the broker."""

    machine: Machine
    citizens: Citizens
    road: Proxy

    @property
    def name(self) -> str:
        return self.machine.name


class Abandoned(Exception):
    """The office is closed before its time."""


@dataclass
class Apart:
    """What the promise does not cover, by definition, noted while it happens."""

    retired: list[tuple[str, card.Card]] = field(default_factory=list)  # kiosk, and the card as it was taken away
    on_broken_pages: set[str] = field(default_factory=set)  # votes that waited on bytes that were destroyed
    seen: set[str] = field(default_factory=set)  # every vote that ever lay on a card that was changed
    thanked: dict[str, Thanks] = field(default_factory=dict)  # of people at machines that are gone


class Scene:
    """A running office of one deployment; built, started, and closed whatever happened in it."""

    def __init__(self, folder: Path, deployment: Deployment, surroundings: Surroundings, seed: str) -> None:
        self.folder = folder
        self.deployment = deployment
        self.surroundings = surroundings
        self.apart = Apart()
        self.keeper = Keeper()
        self.log = folder / "errors.log"
        self._chance = random.Random(seed)
        self._today = datetime.now(VIETNAM).date()
        self._mounted: list[Path] = []
        self._groups_of_cases = iter(range(1, 1000))
        self._lock = Lock()
        self._closing = Event()
        self._cards = 0
        folder.mkdir(parents=True)
        self.server_folder = self._small(folder / "server", SERVER_MEGABYTES)
        self.house = self._house()
        self.office = self._office()
        self.roads = {name: Proxy(self.office.broker_port, self._own_chance(f"road {name}")) for name in KIOSKS}
        for road in self.roads.values():
            road.start()
        with ThreadPoolExecutor() as clerks:  # a command a kiosk; most of each is its start
            list(clerks.map(lambda name: self.office.register(name, self.roads[name].port), KIOSKS))
        self.servers = self._servers()
        for service in (*self.servers.services, self.servers.second):
            self.keeper.keep(service)
        self.kiosks = tuple(self._kiosk(name) for name in KIOSKS)

    def start(self) -> None:
        """Switch everything on and let people come."""
        if self.servers.broker is not None:
            self.servers.broker.start()
        for service in self.server:
            service.on()
        for kiosk in self.kiosks:
            kiosk.machine.power.on()
            kiosk.citizens.come()
        self.keeper.start()

    def eventually(self, what: str, holds: Callable[[], bool], seconds: float) -> None:
        """Wait until something holds; Overdue when it does not in time, Abandoned when the office is closed first."""

        def holds_or_is_over() -> bool:
            if self._closing.is_set():
                raise Abandoned
            return holds()

        eventually(what, holds_or_is_over, seconds)

    def close(self) -> None:
        """End every process, whatever state it is in."""
        self._closing.set()
        self.keeper.stop()
        for service in self.keeper.services:
            service.close()
        for kiosk in self.kiosks:
            kiosk.citizens.close()
        for road in self.roads.values():
            road.stop()
        if self.servers.broker is not None:
            self.servers.broker.kill()
        self.house.close()
        for folder in self._mounted:
            disk.unmount(folder)

    def keep(self) -> None:
        """Copy what lies on small disks of our namespace, which go with it, to where it stays: for whoever looks."""
        kept = self.folder / "kept"
        for folder in self._mounted:
            shutil.copytree(folder, kept / folder.name, ignore=shutil.ignore_patterns(card.FILLER, ".s.PGSQL*"))

    @property
    def server(self) -> tuple[Service, ...]:
        """The server's processes."""
        return self.servers.services

    @property
    def database_url(self) -> str:
        """Where the tables lie."""
        return self.house.url or f"sqlite:///{self.server_folder / 'server.sqlite'}"

    # --- cards ---

    def new_place(self, name: str) -> Path:
        """Return a path for a copy of a card that nothing else has."""
        with self._lock:
            self._cards += 1
            place = self.folder / "cards"
            place.mkdir(exist_ok=True)
            return place / f"{name}-{self._cards}"

    def note_card(self, machine: Machine) -> card.Card | None:
        """Remember which votes lie on a card before it is changed; its machine is off."""
        held = card.read(machine.card)
        if held is not None:
            self.apart.seen |= held.ids
        return held

    def retire(self, machine: Machine) -> None:
        """Remember a card that is taken away now; its machine is off."""
        held = self.note_card(machine)
        if held is not None:
            self.apart.retired.append((_kiosk_of(machine), held))
        machine.cards += 1

    def twin(self, kiosk: Kiosk) -> Kiosk:
        """Return a second machine with a copy of a kiosk's card, which is off; same identity, same road."""
        place = self.new_place(f"{kiosk.name}-twin")
        card.copy(kiosk.machine.card, place)
        settings = place.with_suffix(".toml")
        scanner = place.with_suffix(".scanner")
        text = kiosk.machine.settings.read_text(encoding="utf-8")
        for old, new in ((kiosk.machine.card.name, place), (self.office.scanner(kiosk.name), scanner)):
            text = text.replace(f'"{old}"', f'"{new}"')
        settings.write_text(text, encoding="utf-8")
        machine = Machine(f"{kiosk.name} twin", settings, place, self.log, self.surroundings)
        machine.new_boot(self._chance)
        self.keeper.keep(machine.power)
        return Kiosk(machine, self._people(machine, scanner), kiosk.road)

    def dissolve(self, twin: Kiosk) -> None:
        """Take a second machine away; who was thanked at it is remembered."""
        twin.machine.power.off()
        twin.citizens.close()
        self.apart.thanked |= twin.citizens.thanked
        self.retire(twin.machine)

    # --- building ---

    def _house(self) -> House:
        match self.deployment.store:
            case Store.SQLITE:
                return SqliteHouse(self.server_folder)
            case Store.POSTGRESQL:
                return PostgresHouse(self._small(self.folder / "postgres", POSTGRES_MEGABYTES))

    def _office(self) -> Office:
        storage = f'database = "{self.house.url}"\n' if self.house.url else ""
        mqtt = outside_settings(self.server_folder) if self.deployment.broker is Broker.MOSQUITTO else ""
        return make_office(self.folder, KIOSKS, storage=storage, mqtt=mqtt)

    def _servers(self) -> Servers:
        match self.deployment.broker:
            case Broker.EMBEDDED:
                return all_in_one(self.office, self.log)
            case Broker.MOSQUITTO:
                return split(self.office, self.log)

    def _kiosk(self, name: str) -> Kiosk:
        place = self._small(self.folder / f"{name}.state", CARD_MEGABYTES)
        machine = Machine(name, self.office.kiosk_settings(name), place, self.log, self.surroundings)
        machine.new_boot(self._own_chance(f"first boot of {name}"))
        self.keeper.keep(machine.power)
        return Kiosk(machine, self._people(machine, self.office.scanner(name)), self.roads[name])

    def _people(self, machine: Machine, scanner: Path) -> Citizens:
        with self._lock:
            group = next(self._groups_of_cases)
        return Citizens(machine, scanner, group, self._own_chance(f"people {group}"), self._today)

    def _small(self, folder: Path, megabytes: int) -> Path:
        if self.surroundings.enclosed:
            disk.mount(folder, megabytes)
            self._mounted.append(folder)
        else:
            folder.mkdir()
        return folder

    def _own_chance(self, name: str) -> random.Random:
        return random.Random(f"{self._chance.random()} {name}")


def _kiosk_of(machine: Machine) -> str:
    return machine.name.partition(" ")[0]


def remove(folder: Path) -> None:
    """Remove the files of offices that have closed, or whose building was interrupted."""
    for line in Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines():
        if Path(mounted := line.split()[1]).is_relative_to(folder):
            disk.unmount(Path(mounted))
    shutil.rmtree(folder, ignore_errors=True)
