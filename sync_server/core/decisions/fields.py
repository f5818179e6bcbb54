"""Named fields in texts: `{votes}` stands for a value, `{{` and `}}` for a brace. Pure.

A template of an office and the document that is drafted from it are filled the same way, so that whoever has the values
and the template has the text.
"""

import re
from collections.abc import Callable, Iterator, Mapping

_PIECE = re.compile(r"\{\{|\}\}|\{(?P<name>[^{}\n]+)\}|[{}]|[^{}]+")


class UnknownField(ValueError):
    """A text names a field that there is none of."""

    def __init__(self, name: str) -> None:
        super().__init__(f"there is no field {{{name}}}")
        self.name = name


def names_in(text: str) -> tuple[str, ...]:
    """Return the fields that a text names, in order; ValueError where a brace stands alone."""
    return tuple(name for _, name in _pieces(text) if name is not None)


def literal(text: str) -> str:
    """Return a text so that it stands for itself, whatever it holds."""
    return text.replace("{", "{{").replace("}", "}}")


def renamed(text: str, name_of: Callable[[str], str]) -> str:
    """Return a text with other names for its fields; ValueError where a brace stands alone."""
    return "".join(literal(plain) if name is None else f"{{{name_of(name)}}}" for plain, name in _pieces(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put values in the place of fields; UnknownField, and ValueError where a brace stands alone."""
    filled = []
    pieces = tuple(_pieces(text))  # the whole text is read first: a lone brace is wrong whatever values there are
    for plain, name in pieces:
        if name is None:
            filled.append(plain)
        elif name in values:
            filled.append(values[name])
        else:
            raise UnknownField(name)
    return "".join(filled)


def _pieces(text: str) -> Iterator[tuple[str, str | None]]:
    for match in _PIECE.finditer(text):
        piece, name = match[0], match["name"]
        if name is not None:
            yield "", name
        elif piece in ("{{", "}}"):
            yield piece[0], None
        elif piece in "{}":
            raise ValueError(f"{piece!r} stands alone: write it twice, or a name between braces")
        else:
            yield piece, None
