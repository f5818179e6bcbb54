"""Another program's server of cases, running in a thread."""

import random
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sync_server.stand_in.feed import StandIn, serve


@contextmanager
def running(stand_in: StandIn) -> Iterator[str]:
    """Serve until the end of the block; gives the address of the cases."""
    server = serve(stand_in)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/cases"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def item(number: int, **about: object) -> Mapping[str, object]:
    """Return a case as that program writes it."""
    usual = {"thuTuc": "1.001193", "canBo": {"ma": "huong"}, "ngayNhan": "02/10/2026 08:00", "hanTra": "2026-10-09"}
    return {"maHoSo": f"H57.14-261002-{number:04}", **usual, **about}


class Calm(random.Random):
    """Chance that always takes the longest pause, so that pauses can be told."""

    def uniform(self, a: float, b: float) -> float:
        return b
