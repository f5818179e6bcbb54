"""The pages served by uvicorn in a thread, on a free port."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sync_server.store.database import Database
from sync_server.web.app import create_app
from sync_server.web.server import PageServer

PATIENCE = 20.0  # seconds


@dataclass
class ServedPages:
    """A running server."""

    address: str
    server: PageServer
    thread: threading.Thread

    def stop(self) -> float:
        """Stop as a signal would; return how many seconds it took."""
        began = time.monotonic()
        self.server.should_exit = True
        self.thread.join(timeout=PATIENCE)
        assert not self.thread.is_alive()
        return time.monotonic() - began


@contextmanager
def served(database: Database, folder: Path | None = None) -> Iterator[ServedPages]:
    """Serve the pages of a database until the end of the block."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()  # from here on connections wait until the server takes them
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = PageServer(create_app(database, address, folder=folder))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        pages = ServedPages(address, server, thread)
        try:
            yield pages
        finally:
            pages.stop()
