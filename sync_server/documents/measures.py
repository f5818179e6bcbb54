"""Sizes and distances of an administrative document (NĐ 30/2020/NĐ-CP, Phụ lục I), the same for DOCX and PDF. Pure.

Where the decree leaves a range, this says what was chosen.
"""

from dataclasses import asdict, dataclass
from decimal import Decimal

# The first is preferred; a smaller one is taken so that a signature does not stand alone on a page.
SIZES = (Decimal(14), Decimal("13.5"), Decimal(13))
# Times New Roman is named in every DOCX. Where it is not installed a PDF takes a font of the same widths, or else one
# that comes with typst and has every Vietnamese letter.
WORD_FONT = "Times New Roman"
FONTS = (WORD_FONT, "Liberation Serif", "Tinos", "Libertinus Serif")

PAGE = (210.0, 297.0)  # mm
TOP, BOTTOM, LEFT, RIGHT = 20.0, 20.0, 30.0, 15.0  # mm, whichever way the page lies
HEADER = 10.0  # mm from the edge to the page number
INDENT = 12.7  # mm, of a paragraph's first line
ABOUT_INSET = 5.0  # mm either side of the trích yếu
GAP = 8.0  # points before the signature and below the head of an annex
SIGNATURE_ROOM = 24.0  # mm between title and name, where the signing software puts its pictures
HEAD_SHARE = 0.4  # of the text's width: the issuer's side; the nation's has the rest
RECIPIENTS_SHARE = 0.5  # the recipients' side; the signature's has the rest
RULE_SHARE = 0.4  # of the line above it; the decree says a third to a half
LINE = 1.15  # em from line to line: a single one of Times New Roman
LEADING = 1.05  # lines from line to line
ASCENT, DESCENT = 0.891, 0.216  # em, of Times New Roman
CHART = (165.0, 75.0)  # mm
CODE = 30.0  # mm, either way


@dataclass(frozen=True)
class TextSizes:
    """Points. What has a range follows the size of the running text."""

    text: float  # 13–14: the running text, the motto, the place, titles, the signature
    capitals: float  # 12–13: the nation and the issuer, always one point below the motto
    number: float = 13.0
    page_number: float = 13.0
    recipients_title: float = 12.0
    recipients: float = 11.0
    annex_label: float = 14.0
    table: float = 12.0
    wide_table: float = 11.0  # of many columns
    note: float = 12.0


MOST_COLUMNS = 8  # of an upright page's table in its usual size


def text_sizes(size: Decimal) -> TextSizes:
    """Return what a document is set in whose running text has one of the SIZES; ValueError for another."""
    if size not in SIZES:
        raise ValueError(f"{size} pt: expected one of {', '.join(map(str, SIZES))}")
    return TextSizes(text=float(size), capitals=float(size - 1))


def text_width(*, landscape: bool) -> float:
    """Return how wide the text of a page is, in mm."""
    return PAGE[1 if landscape else 0] - LEFT - RIGHT


def table_size(sizes: TextSizes, columns: int, *, landscape: bool) -> float:
    """Return in what size a table is set."""
    return sizes.wide_table if columns > MOST_COLUMNS and not landscape else sizes.table


def measures() -> dict[str, object]:
    """Return the distances by name, for a template."""
    return {
        **{"page": PAGE, "top": TOP, "bottom": BOTTOM, "left": LEFT, "right": RIGHT, "header": HEADER},
        **{"indent": INDENT, "signature_room": SIGNATURE_ROOM, "head_share": HEAD_SHARE, "code": CODE},
        **{"recipients_share": RECIPIENTS_SHARE, "rule_share": RULE_SHARE, "ascent": ASCENT, "descent": DESCENT},
        **{"leading": LINE * LEADING - ASCENT - DESCENT, "chart": CHART, "fonts": FONTS},
        **{"about_inset": ABOUT_INSET, "gap": GAP},
    }


def sizes_by_name(sizes: TextSizes) -> dict[str, float]:
    """Return the sizes by name, for a template."""
    return asdict(sizes)
