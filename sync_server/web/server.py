"""Serving the pages with uvicorn."""

import socket

import uvicorn

from sync_server.web.app import Pages

SHUTDOWN_SECONDS = 2


class PageServer(uvicorn.Server):
    """A uvicorn server that ends the event streams when it is told to stop; it would wait for them otherwise."""

    def __init__(self, pages: Pages) -> None:
        super().__init__(
            uvicorn.Config(
                pages,
                log_config=None,
                log_level="warning",
                access_log=False,  # sign-in links have their secret in the path
                server_header=False,
                ws="none",
                timeout_graceful_shutdown=SHUTDOWN_SECONDS,
            )
        )
        self._pages = pages

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop as uvicorn does, the streams first."""
        self._pages.end_streams()
        await super().shutdown(sockets)
