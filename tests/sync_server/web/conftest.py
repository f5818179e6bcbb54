"""The pages over a small office, and a client that is signed in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from litestar.testing import TestClient

from sync_server.store.database import Database
from sync_server.store.people import create_link
from sync_server.web.app import Pages, create_app
from tests.fakes.small_office import NOW, seed_kiosk, seed_office

ADDRESS = "http://testserver.local"
NAME = "Trần Thu Hà"


@dataclass
class SettableClock:
    """A clock that stands until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, by: timedelta) -> None:
        self.now += by


Client = TestClient[Pages]
SignIn = Callable[[Client], None]


@pytest.fixture
def kind() -> str:
    """One database: what the pages ask of it is tested on both where it is written."""
    return "sqlite"


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
def office(database: Database) -> Database:
    """The database with an office and a kiosk in it."""
    seed_office(database)
    seed_kiosk(database)
    return database


@pytest.fixture
def stranger(office: Database, clock: SettableClock) -> Iterator[Client]:
    """A client without a session."""
    with TestClient(create_app(office, ADDRESS, clock), base_url=ADDRESS) as client:
        client.follow_redirects = False
        yield client


@pytest.fixture
def admin(stranger: Client, office: Database, clock: SettableClock) -> Client:
    """The same client with a session."""
    stranger.post(f"/sign-in/{create_link(office, NAME, clock())}")
    return stranger
