"""A list of cases over HTTP, as one-stop shops' programs serve it: pages, a token, ETags, and what changed since.

`GET /cases?page=2&since=2026-11-27T08:00:00Z` answers {"data": {"items": […], "next": "/cases?page=3…"}}; an item is
what it was given, and `changed`. It can be told to fail as real servers do.
"""

import hashlib
import hmac
import json
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

BREAK_OFF = 0  # instead of a status: the connection ends without an answer


@dataclass
class StandIn:
    """What is served, and how; may be changed while it is served."""

    token: str = ""
    page_size: int = 50
    with_etags: bool = True
    fail_each: int = 0  # of so many requests one is answered with 503; 0: none
    failures: deque[int] = field(default_factory=deque)  # what the next requests are answered with
    retry_after: int | None = None  # seconds, said with each failure
    requests: deque[str] = field(default_factory=lambda: deque(maxlen=1000))  # paths and statuses, in their order
    answered: int = 0
    _items: dict[str, dict[str, Any]] = field(default_factory=dict)

    def put(self, items: Iterable[Mapping[str, Any]], key: str, now: datetime | None = None) -> None:
        """Serve these too; an item whose *key* is there already replaces it, and has changed if it differs."""
        changed = (now or datetime.now(UTC)).isoformat(timespec="microseconds")
        for item in items:
            before = self._items.get(str(item[key]), {})
            if {**before, "changed": None} != {**item, "changed": None}:
                self._items[str(item[key])] = {**item, "changed": changed}

    def page(self, number: int, since: str | None) -> bytes:
        """Return a page as it is sent, its number from 1."""
        items = [item for item in self._items.values() if since is None or _moment(item["changed"]) >= _moment(since)]
        first = (number - 1) * self.page_size
        asked = {"page": number + 1} | ({} if since is None else {"since": since})
        following = f"/cases?{urlencode(asked)}" if first + self.page_size < len(items) else None
        content = {"data": {"items": items[first : first + self.page_size], "next": following}}
        return json.dumps(content, ensure_ascii=False).encode()


def serve(stand_in: StandIn, port: int = 0) -> ThreadingHTTPServer:
    """Return a server on this machine that has still to be run; OSError when the port is taken."""

    class Handler(_Handler):
        office = stand_in

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    return server


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    office: StandIn
    _lock = threading.Lock()

    def do_GET(self) -> None:
        office = self.office
        with self._lock:
            failure = office.failures.popleft() if office.failures else None
            if failure is None and office.fail_each and (office.answered + 1) % office.fail_each == 0:
                failure = 503
            status, body, headers = (failure, b"", {}) if failure is not None else self._answer()
            office.answered += 1
            office.requests.append(f"{self.path} {status}")
        if status == BREAK_OFF:
            self.close_connection = True
            return
        if failure is not None and office.retry_after is not None:
            headers["Retry-After"] = str(office.retry_after)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _answer(self) -> tuple[int, bytes, dict[str, str]]:
        office, parts = self.office, urlsplit(self.path)
        if parts.path != "/cases":
            return 404, b"", {}
        given = self.headers.get("Authorization", "")
        if office.token and not hmac.compare_digest(given.encode(), f"Bearer {office.token}".encode()):
            return 401, b"", {}
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        try:
            body = office.page(max(1, int(asked.get("page", "1"))), asked.get("since"))
        except ValueError:
            return 400, b"", {}
        if not office.with_etags:
            return 200, body, {"Content-Type": "application/json"}
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        if self.headers.get("If-None-Match") == etag:
            return 304, b"", {"ETag": etag}
        return 200, body, {"Content-Type": "application/json", "ETag": etag}

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the account of requests is kept by the office."""


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("expected a moment with its zone")
    return moment
