"""The headers that every answer carries, errors and static files included."""

from litestar.datastructures import MutableScopeHeaders
from litestar.types import ASGIApp, Message, Receive, Scope, Send

_ALWAYS = {
    "content-security-policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}
_OVER_TLS = {"strict-transport-security": "max-age=31536000"}


def with_headers(app: ASGIApp, *, secure: bool) -> ASGIApp:
    """Wrap an app; a header that the app sets itself is left as it is."""
    # Outside of Litestar, whose response_headers do not reach its own error answers.
    headers = _ALWAYS | (_OVER_TLS if secure else {})

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableScopeHeaders.from_message(message)
                for name, value in headers.items():
                    answer.setdefault(name, value)
            await send(message)

        await app(scope, receive, send_with_headers)

    return wrapped
