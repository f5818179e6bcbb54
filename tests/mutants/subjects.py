"""Which files are tried, each with the tests that are there for it and are fast enough to run hundreds of times."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Subject:
    """One file of the source and its tests, as paths from the root."""

    file: str
    tests: tuple[str, ...]


def _of(folder: str, *names: str) -> tuple[str, ...]:
    return tuple(f"{folder}/test_{name}.py" for name in names)


_INGEST = _of("tests/sync_server", "ingest", "intake", "telling_kiosks", "metrics", "several_workers")
_STORE = _of("tests/sync_server/store", "ledger", "orders", "presence")
_OUTBOX = _of("tests/kiosk/outbox", "outbox", "records", "receipts", "renewal", "room", "times")
_DAMAGE = (*_OUTBOX, *_of("tests/kiosk/outbox", "remains", "salvage"))

SUBJECTS = (
    Subject("protocol/chain.py", ("tests/protocol/test_chain.py",)),
    Subject("protocol/backoff.py", ("tests/protocol/test_backoff.py",)),
    Subject("sync_server/core/acceptance.py", ("tests/sync_server/core/test_acceptance.py",)),
    Subject("sync_server/core/completeness.py", ("tests/sync_server/core/test_completeness.py",)),
    Subject("sync_server/core/lanes.py", ("tests/sync_server/core/test_lanes.py",)),
    Subject("sync_server/reading.py", ("tests/sync_server/test_ingest.py",)),
    Subject("kiosk/core/time_truth.py", ("tests/kiosk/core/test_time_truth.py",)),
    Subject("kiosk/core/sending.py", ("tests/kiosk/core/test_sending.py",)),
    Subject("kiosk/core/delays.py", ("tests/kiosk/core/test_delays.py",)),
    Subject("kiosk/core/setups.py", ("tests/kiosk/core/test_setups.py",)),
    Subject("kiosk/core/commands.py", ("tests/kiosk/core/test_commands.py",)),
    Subject("sync_server/store/ledger.py", (*_INGEST, *_STORE, "tests/sync_server/commands/test_completeness.py")),
    Subject("sync_server/taking.py", (*_INGEST, *_STORE)),
    Subject("sync_server/ingest.py", (*_INGEST, *_STORE)),
    *(Subject(f"kiosk/outbox/{name}.py", _OUTBOX) for name in ("outbox", "records", "renewal", "retention", "room")),
    *(Subject(f"kiosk/outbox/{name}.py", _OUTBOX) for name in ("tables", "times")),
    *(Subject(f"kiosk/outbox/{name}.py", _DAMAGE) for name in ("remains", "salvage")),
)
