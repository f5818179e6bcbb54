"""Days and times as they are typed."""

from argparse import ArgumentTypeError
from datetime import date

from sync_server.core.spans import Span


def day(text: str) -> date:
    """Read a day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("expected a day like 2026-11-20") from None


def span(text: str) -> Span:
    """Read a month, quarter, half-year or year."""
    try:
        return Span.parse(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from None
