"""How wide the columns of a table are: by their shares, but none narrower than its longest word if possible. Pure."""

from sync_server.core.decisions.document import Table
from sync_server.documents.letters import line_width

MARGIN = 3.5  # points between a text and the border, either side
_POINT = 25.4 / 72
_SPARE = 1.03  # letters are measured roughly
_WIDEST = 0.5  # of the table: what the longest word may claim for its column


def column_widths(table: Table, size: float, whole: float) -> list[float]:
    """Return the widths in mm, together *whole*, of a table in a size in points."""
    total = sum(column.width for column in table.columns)
    shares = [whole * column.width / total for column in table.columns]
    least = [min(needed, whole * _WIDEST) for needed in _needed(table, size)]
    if sum(least) >= whole:
        return shares
    widths = [max(share, needed) for share, needed in zip(shares, least, strict=True)]
    too_much = sum(widths) - whole
    slack = [width - needed for width, needed in zip(widths, least, strict=True)]
    if too_much <= 0:
        return widths
    return [width - too_much * spare / sum(slack) for width, spare in zip(widths, slack, strict=True)]


def lines(text: str, width: float, size: float) -> float:
    """Return about how many lines a text takes in a column."""
    return sum(line_width(line) * size * _POINT / width + 1 for line in text.split("\n"))


def _needed(table: Table, size: float) -> list[float]:
    """Return how wide each column has to be for its longest word."""
    longest = []
    for number, column in enumerate(table.columns):
        texts = [column.title, *(row.cells[number] for row in table.rows)]
        words = {word for text in texts for word in text.split()}
        longest.append(max(map(line_width, words), default=0.0))
    return [(words * size * _SPARE + 2 * MARGIN + 1) * _POINT for words in longest]
