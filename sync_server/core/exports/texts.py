"""Texts as the cells of spreadsheets bear them. Pure."""

import unicodedata

from sync_server.core.renderings import harmless

LONGEST_CELL = 32_767  # of XLSX, in UTF-16 code units
CUT = "…"
_NOT_SHOWN = frozenset({"Cc", "Cs", "Zl", "Zp"})


def one_line(text: str) -> str:
    """Return a text without line breaks, control characters and halves of pairs: a space for each."""
    if text.isprintable():
        return text
    return "".join(" " if unicodedata.category(sign) in _NOT_SHOWN else sign for sign in text)


def csv_cell(text: str) -> str:
    """Return a text as a CSV file may hold it: no spreadsheet runs it as a formula, no program breaks a line in it."""
    return one_line(harmless(text))


def xlsx_cell(text: str) -> str:
    """Return a text as a cell of XLSX can hold it; of a longer one the beginning and "…"."""
    line = one_line(text)
    if is_too_long(line):
        units = line.encode("utf-16-le")[: 2 * (LONGEST_CELL - len(CUT))]
        return units.decode("utf-16-le", "ignore") + CUT
    return line


def is_too_long(text: str) -> bool:
    """Say whether a cell of XLSX cannot hold all of a text."""
    return len(text) > LONGEST_CELL // 2 and len(text.encode("utf-16-le", "surrogatepass")) > 2 * LONGEST_CELL
