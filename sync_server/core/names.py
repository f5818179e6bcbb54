"""What may stand as a person's or thing's name, how other people's text is shown, and how things are counted."""

import unicodedata

LONGEST_NAME = 300
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def tidy_name(text: str) -> str:
    """Return the name without outer spaces and in one spelling (NFC); ValueError says what is wrong with it."""
    name = unicodedata.normalize("NFC", text.strip())
    if not name:
        raise ValueError("expected a name, found nothing")
    if len(name) > LONGEST_NAME:
        raise ValueError(f"longer than {LONGEST_NAME} characters")
    if any(unicodedata.category(sign) in _INVISIBLE for sign in name):
        raise ValueError("holds a line break or another invisible character")
    return name


def printable(text: str) -> str:
    """Return a stranger's text as a terminal or a page may show it: a question mark for each invisible character."""
    return "".join("?" if unicodedata.category(sign) in _INVISIBLE else sign for sign in text)


def counted(number: int, thing: str) -> str:
    """Return how many there are of a thing whose plural ends in s."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
