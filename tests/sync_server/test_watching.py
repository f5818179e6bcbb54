"""What is new is acted on once more than needed, and trouble ends nothing."""

import logging
import threading
from collections.abc import Iterator
from queue import SimpleQueue

import pytest
from sqlalchemy import text

from sync_server import watching
from sync_server.store.changes import Subject, bump
from sync_server.store.database import Database
from sync_server.watching import Watch

DEADLINE = 10.0  # seconds; reached only when something is broken


class Refused(Exception):
    """What the watcher is told to expect."""


class Desk:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.acted: SimpleQueue[int] = SimpleQueue()
        self.troubles: list[Exception] = []
        self.watch = Watch(database, Subject.RIGHTS, self.act, (Refused,))

    def act(self) -> None:
        self.acted.put(1)
        if self.troubles:
            raise self.troubles.pop(0)

    def change(self, subject: Subject = Subject.RIGHTS) -> None:
        with self.database.writing() as connection:
            bump(connection, subject)

    def looks(self, times: int) -> int:
        """Look so many times; return how often it acted."""
        for _ in range(times):
            self.watch.look()
        return self.taken()

    def taken(self) -> int:
        count = 0
        while not self.acted.empty():
            count += self.acted.get()
        return count


@pytest.fixture
def desk(database: Database) -> Iterator[Desk]:
    yield Desk(database)


def test_it_acts_at_the_start_and_once_more(desk: Desk) -> None:
    assert desk.looks(1) == 1
    assert desk.looks(1) == 1
    assert desk.looks(5) == 0


def test_it_acts_on_a_change_and_once_more_for_what_was_decided_meanwhile(desk: Desk) -> None:
    desk.looks(2)
    desk.change()
    desk.change()
    assert desk.looks(1) == 1
    desk.change()
    assert desk.looks(1) == 1
    assert desk.looks(5) == 1


def test_what_is_new_about_something_else_is_nothing_to_it(desk: Desk) -> None:
    desk.looks(2)
    desk.change(Subject.FIGURES)
    desk.change(Subject.ORDERS)
    assert desk.looks(3) == 0


def test_what_could_not_be_done_is_tried_at_every_look_and_named_once(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    desk.troubles = [Refused("the disk is full")] * 3
    assert desk.looks(3) == 3
    assert [record.levelname for record in caplog.records if "the disk is full" in record.getMessage()] == [
        *("ERROR", "DEBUG", "DEBUG")
    ]
    assert desk.looks(3) == 2
    assert "follows again" in caplog.text


def test_a_database_that_is_away_is_waited_for(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.looks(2)
    with desk.database.writing() as connection:
        connection.execute(text("ALTER TABLE changes RENAME TO gone"))
    assert desk.looks(2) == 0
    assert "cannot follow" in caplog.text
    with desk.database.writing() as connection:
        connection.execute(text("ALTER TABLE gone RENAME TO changes"))
    desk.change()
    assert desk.looks(3) == 2


def test_in_a_thread_of_its_own_it_follows_until_it_is_stopped(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "LOOK_SECONDS", 0.01)
    before = set(threading.enumerate())
    desk.watch.start()
    for _ in range(2):
        desk.acted.get(timeout=DEADLINE)
    desk.change()
    for _ in range(2):
        desk.acted.get(timeout=DEADLINE)
    desk.watch.stop()
    desk.change()
    assert desk.taken() == 0
    assert set(threading.enumerate()) == before


def test_one_that_never_began_can_be_stopped(desk: Desk) -> None:
    desk.watch.stop()
    assert desk.taken() == 0
