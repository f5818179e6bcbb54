"""Numbers as annexes and quarters bear them: I, II, III. Pure."""

_SIGNS = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def roman(number: int) -> str:
    """Return a number from 1 to 39 in Roman signs; ValueError for any other."""
    if not 1 <= number < 40:
        raise ValueError("expected 1 to 39")
    written = ""
    for value, sign in _SIGNS:
        times, number = divmod(number, value)
        written += sign * times
    return written
