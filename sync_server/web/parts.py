"""What the pages are built from, handed to each of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from jinja2 import Environment
from litestar import Response
from litestar.di import NamedDependency
from litestar.enums import MediaType

from sync_server.store.database import Database
from sync_server.web.assets import Assets
from sync_server.web.live import Changes


@dataclass(frozen=True)
class Parts:
    """The database, the clock and the rest of what a page needs."""

    database: Database
    public_address: str
    now: Callable[[], datetime]
    templates: Environment
    assets: Assets
    changes: Changes
    folder: Path | None = None  # the server's, in which Decisions lie
    metrics_token: str = ""  # empty: nobody may read the metrics
    api_token: str = ""  # empty: no program may ask or tell anything

    @property
    def secure(self) -> bool:
        """Whether browsers reach the pages over TLS."""
        return self.public_address.startswith("https://")

    @property
    def cookie(self) -> str:
        """The name of the session cookie; browsers accept __Host- only over TLS, and then from this host alone."""
        return "__Host-hailong-session" if self.secure else "hailong-session"

    def page(self, template: str, status: int = 200, **values: object) -> Response[str]:
        """Return a page."""
        html = self.templates.get_template(template).render(values)
        return Response(html, status_code=status, media_type=MediaType.HTML)


# How a handler asks for the parts.
GivenParts: TypeAlias = NamedDependency[Parts]
