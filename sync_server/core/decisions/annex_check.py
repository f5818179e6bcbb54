"""The last Phụ lục: how to check what is printed, and against what. Pure."""

from collections.abc import Iterator

from sync_server.core.decisions import wording
from sync_server.core.decisions.document import Align, Block, Code, Column, Paragraph, Row, Table
from sync_server.core.decisions.facts import Facts

_NOT_YET = "(ghi khi ban hành)"
_GROUP = 8


def blocks(_facts: Facts) -> Iterator[Block]:
    """Yield the blocks."""
    yield Table(
        (Column(wording.CONTENT, 3, Align.LEFT), Column(wording.STATED, 7, Align.LEFT)),
        (
            Row((wording.ARCHIVED_VOTES, "{raw}")),
            Row((wording.COUNTED_VOTES, "{votes}")),
            Row((wording.ROOT, "{stated.root}")),
            Row((wording.FINGERPRINT, "{stated.fingerprint}")),
        ),
    )
    yield Paragraph(wording.HOW_TO_CHECK)
    yield Code("{stated.check}", wording.CODE_CAPTION)


def stated(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield the values of these fields."""
    root, fingerprint = facts.root or _NOT_YET, facts.fingerprint or _NOT_YET
    yield "stated.root", _in_groups(facts.root) or _NOT_YET
    yield "stated.fingerprint", _in_groups(facts.fingerprint) or _NOT_YET
    yield "stated.check", f"HAILONG 1 {facts.site} {facts.span} {root} {fingerprint}"


def _in_groups(digits: str) -> str:
    """Return digits that people compare, and lines may break."""
    return " ".join(digits[place : place + _GROUP] for place in range(0, len(digits), _GROUP))
