"""A supervisor on a real pseudo-terminal, and what it has told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic

from hardware.driver import Driver
from hardware.ports import Opener, Transport
from hardware.scans import Scan
from hardware.supervisor import PortState, ScannerSupervisor

TODAY = date(2026, 11, 20)
DEADLINE = 10.0  # seconds; reached only when something is broken


class Listener:
    """Collects what a supervisor tells, and waits for it."""

    def __init__(self) -> None:
        self.scans: SimpleQueue[Scan] = SimpleQueue()
        self.states: SimpleQueue[PortState] = SimpleQueue()

    def next_scan(self) -> Scan:
        return self.scans.get(timeout=DEADLINE)

    def next_state(self) -> PortState:
        return self.states.get(timeout=DEADLINE)

    def wait_until(self, wanted: Callable[[PortState], bool]) -> PortState:
        while True:
            state = self.next_state()
            if wanted(state):
                return state

    def wait_until_up(self) -> PortState:
        return self.wait_until(lambda state: state.up)

    def wait_until_down(self) -> PortState:
        return self.wait_until(lambda state: not state.up)

    def nothing_more(self) -> bool:
        """Whether no scan is left; meant for after the supervisor was stopped."""
        try:
            self.scans.get_nowait()
        except Empty:
            return True
        return False


@contextmanager
def supervised(
    port: Path,
    listener: Listener,
    on_scan: Callable[[Scan], None] | None = None,
    on_state: Callable[[PortState], None] | None = None,
    today: Callable[[], date] = lambda: TODAY,
    driver: Driver | None = None,
    opens: Opener = Transport,
) -> Iterator[ScannerSupervisor]:
    supervisor = ScannerSupervisor(
        *(str(port), 9600, on_scan or listener.scans.put, on_state or listener.states.put, today),
        driver=driver,
        opens=opens,
    )
    supervisor.start()
    try:
        yield supervisor
    finally:
        supervisor.stop()


def read(transport: Transport, length: int) -> bytes:
    """The next bytes of a port; fewer when they do not come."""
    got = b""
    until = monotonic() + DEADLINE
    while len(got) < length and monotonic() < until:
        got += transport.read()
    return got


def open_files() -> int:
    """How many files this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def case(number: int) -> str:
    """A case code as it is printed, one for each number."""
    return f"000.00.12.H57-261119-{number:04}"
