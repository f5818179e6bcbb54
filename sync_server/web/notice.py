"""Pages that only say what is the matter, and what to do about it."""

from dataclasses import dataclass, field


@dataclass(eq=False)  # exceptions are told apart by identity
class Notice(Exception):
    """Answer the request with a page of words instead; raised by handlers and guards."""

    status: int
    title: str
    text: str
    command: str = ""  # what to run on the server, if that is the way out
    links: list[tuple[str, str]] = field(default_factory=list)  # address and words
