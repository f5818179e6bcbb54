"""Which words of a text stand in which line. Pure."""

from collections.abc import Callable, Iterator


def wrapped(text: str, fits: Callable[[str], bool]) -> list[str]:
    """Return the lines of a text, at least one; joined they are the text. Blanks at an end take no room.

    *fits* says whether something has room in a line. A word that has none is broken; no line is empty but the only.
    """
    lines = [""]
    for word in _words(text):
        if fits((lines[-1] + word).rstrip()):
            lines[-1] += word
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if lines[-1] and not fits((lines[-1] + letter).rstrip()):
                lines.append("")
            lines[-1] += letter
    return lines


def _words(text: str) -> Iterator[str]:
    """Return each word with the blanks after it."""
    start = 0
    for place in range(1, len(text)):
        if text[place - 1] == " " != text[place]:
            yield text[start:place]
            start = place
    if text:
        yield text[start:]
