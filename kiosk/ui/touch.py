"""What screens call when they are touched."""

from collections.abc import Callable
from typing import Protocol

from kiosk.core.events import Touched


class Touch(Protocol):
    """Takes the kind of event, and what of it was touched."""

    def __call__(self, touched: Callable[..., Touched], /, *what: object) -> None: ...
