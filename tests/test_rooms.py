"""The walls between the rooms: who may import whom. `docs/architecture.md` draws them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("protocol", "hardware", "kiosk", "sync_server", "deploy")

# Which other rooms a room may import.
NEIGHBOURS: dict[str, set[str]] = {
    "protocol": set(),
    "hardware": {"protocol"},
    "kiosk": {"hardware", "protocol"},
    "sync_server": {"protocol"},
    "deploy": set(),
}

# Outside libraries that stand in one place only: a file, or a folder and all below it.
ONE_PLACE = {
    "serial": ["hardware/ports.py"],
    "paho": ["kiosk/connection.py", "sync_server/broker/outside.py"],  # one file a side
    "sqlite_utils": ["kiosk/outbox/tables.py", "sync_server/exports/sqlite_files.py"],  # one file a side
    "xlsxwriter": ["sync_server/exports/xlsx_files.py"],
    "nacl": ["protocol/sealing.py"],
    "kivy": ["kiosk/ui/"],
    "sqlalchemy": ["sync_server/store/"],
    "alembic": ["sync_server/store/"],
    "psycopg": ["sync_server/store/"],
    "amqtt": ["sync_server/broker/hardened.py"],
    # The verifier travels in archives, and imports nothing of the server.
    "cryptography": [
        *("sync_server/broker/certificates.py", "sync_server/archives/keys.py", "sync_server/verifier/verify.py"),
    ],
    "prometheus_client": ["sync_server/metrics.py"],
    "litestar": ["sync_server/web/"],
    "jinja2": ["sync_server/web/"],
    "uvicorn": ["sync_server/web/"],
    "requests": ["sync_server/case_source.py"],  # enrolment and updates are not built yet
    "openpyxl": ["sync_server/xlsx_files.py"],
    "docx": [f"sync_server/documents/docx_{part}.py" for part in ("file", "styles", "pieces", "package")],
    "typst": ["sync_server/documents/typesetter.py"],  # a process of its own
    "segno": ["sync_server/documents/codes.py"],
}

# Pure: time is an argument, and nothing is read, written or waited for.
PURE = (
    "protocol/messages.py",
    "protocol/chain.py",
    "protocol/topics.py",
    "protocol/codec.py",
    "protocol/codes.py",
    "protocol/port_troubles.py",
    "protocol/units.py",
    "protocol/identity_cards.py",
    "protocol/other_papers.py",
    "protocol/tickets.py",
    "protocol/badges.py",
    "protocol/enrolment.py",
    "protocol/stick.py",
    "protocol/tokens.py",
    "hardware/bursts.py",
    "hardware/commissioning.py",
    "hardware/conversation.py",
    "hardware/directions.py",
    "hardware/driver.py",
    "hardware/known.py",
    "hardware/line.py",
    "hardware/checksums.py",
    "hardware/packets.py",
    "hardware/gm65.py",
    "hardware/ssi.py",
    "hardware/ssi_module.py",
    "hardware/gm65_module.py",
    "hardware/speech.py",
    "hardware/watching.py",
    "hardware/wedge.py",
    "hardware/queue_line.py",
    "hardware/ft12.py",
    "hardware/modbus.py",
    "hardware/modbus_unit.py",
    "hardware/decoder.py",
    "hardware/scans.py",
    "kiosk/core/",
    "kiosk/outbox/missing.py",
    "kiosk/outbox/pages.py",
    "sync_server/core/",
    "sync_server/reading.py",
    "sync_server/documents/chart.py",
    "sync_server/documents/checking.py",
    "sync_server/documents/columns.py",
    "sync_server/documents/letters.py",
    "sync_server/documents/measures.py",
    "sync_server/documents/wording.py",
    "sync_server/broker/rights.py",
    "sync_server/broker/packets.py",
    "sync_server/broker/mosquitto_files.py",
)
IMPURE = {"asyncio", "logging", "os", "pathlib", "queue", "select", "socket", "sqlite3", "subprocess"} | {
    *("sys", "tempfile", "threading", "time"),
}

# Inside a program: what lies lower never imports what lies higher.
NEVER_IMPORTS = {
    "kiosk/core/": {"kiosk.controller", "kiosk.outbox", "kiosk.uplink", "kiosk.writer", "kiosk.parts", "kiosk.ui"},
    "kiosk/outbox/": {"kiosk.uplink", "kiosk.writer", "kiosk.parts", "kiosk.ui"},
    "kiosk/controller.py": {"kiosk.outbox", "kiosk.uplink", "kiosk.writer", "kiosk.orders", "kiosk.parts", "kiosk.ui"},
    "kiosk/connection.py": {"kiosk.conversation", "kiosk.uplink", "kiosk.outbox", "kiosk.parts", "kiosk.ui"},
    "kiosk/conversation.py": {"kiosk.connection", "kiosk.uplink", "kiosk.writer", "kiosk.parts", "kiosk.ui"},
    "kiosk/service_desk.py": {"kiosk.uplink", "kiosk.writer", "kiosk.parts", "kiosk.ui"},
    "kiosk/exporting.py": {"kiosk.uplink", "kiosk.writer", "kiosk.parts", "kiosk.ui", "kiosk.commands"},
    "kiosk/stick_visit.py": {"kiosk.uplink", "kiosk.writer", "kiosk.parts", "kiosk.ui", "kiosk.commands"},
    "kiosk/stick.py": {"kiosk.uplink", "kiosk.writer", "kiosk.parts", "kiosk.ui", "kiosk.commands"},
    "sync_server/stick.py": {"sync_server.broker", "sync_server.web", "sync_server.commands"},
    "kiosk/uplink.py": {"kiosk.writer", "kiosk.parts", "kiosk.ui"},
    "kiosk/ui/": {"kiosk.outbox", "kiosk.uplink", "kiosk.writer", "kiosk.parts"},
    "sync_server/core/": {
        *("sync_server.store", "sync_server.exports", "sync_server.ingest", "sync_server.broker", "sync_server.web"),
        "sync_server.commands",
    },
    "sync_server/store/": {
        *("sync_server.exports", "sync_server.ingest", "sync_server.broker", "sync_server.web", "sync_server.commands"),
        "sync_server.archives",
    },
    "sync_server/verifier/": {"sync_server", "protocol", "msgspec", "sqlalchemy"},
    "sync_server/archives/": {
        *("sync_server.store", "sync_server.ingest", "sync_server.broker", "sync_server.web", "sync_server.commands"),
    },
    "sync_server/exports/": {"sync_server.ingest", "sync_server.broker", "sync_server.web", "sync_server.commands"},
    "sync_server/documents/": {
        *("sync_server.store", "sync_server.ingest", "sync_server.broker", "sync_server.web", "sync_server.commands"),
    },
    "sync_server/deciding.py": {"sync_server.broker", "sync_server.web", "sync_server.commands"},
    "sync_server/ingest.py": {"sync_server.broker", "sync_server.web", "sync_server.commands"},
    "sync_server/broker/": {
        *("sync_server.store", "sync_server.ingest", "sync_server.service", "sync_server.web", "sync_server.commands"),
    },
    "sync_server/service.py": {"sync_server.web", "sync_server.commands"},
    "sync_server/web/": {"sync_server.ingest", "sync_server.service", "sync_server.broker", "sync_server.commands"},
}


def files() -> Iterator[str]:
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix()


def imports_of(file: str) -> set[str]:
    """Return the full names of everything a file imports, wherever in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {str(node.module)}
    return found


def lies_in(file: str, places: tuple[str, ...] | list[str]) -> bool:
    return any(file == place or (place.endswith("/") and file.startswith(place)) for place in places)


FILES = list(files())


def test_every_room_has_files() -> None:
    assert {file.split("/")[0] for file in FILES} == set(ROOMS)


@pytest.mark.parametrize("file", FILES)
def test_a_room_imports_only_its_neighbours_and_never_the_tests(file: str) -> None:
    room = file.split("/")[0]
    others = {name.split(".")[0] for name in imports_of(file)} & {*ROOMS, "tests"}
    assert others <= NEIGHBOURS[room] | {room}


@pytest.mark.parametrize("library", ONE_PLACE)
def test_an_outside_library_stands_in_one_place(library: str) -> None:
    users = [file for file in FILES if library in {name.split(".")[0] for name in imports_of(file)}]
    assert [file for file in users if not lies_in(file, ONE_PLACE[library])] == []
    assert bool(users) == bool(ONE_PLACE[library]), "the table says where it is used"


@pytest.mark.parametrize("file", [file for file in FILES if lies_in(file, PURE)])
def test_the_pure_parts_know_no_clock_no_thread_and_no_file(file: str) -> None:
    assert {name.split(".")[0] for name in imports_of(file)} & IMPURE == set()


@pytest.mark.parametrize("place", NEVER_IMPORTS)
def test_nothing_points_up(place: str) -> None:
    higher = NEVER_IMPORTS[place]
    here = [file for file in FILES if lies_in(file, [place])]
    assert here
    for file in here:
        upward = {name for name in imports_of(file) for top in higher if name == top or name.startswith(top + ".")}
        assert upward == set(), file
