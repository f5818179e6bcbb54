"""What an identity card looks like to a scanner. Pure; says yes or no, and keeps nothing.

A chip card's QR holds `number|old number|name|born|sex|address|issued` (dates ddMMyyyy; the 2024 card may hold more,
some readers send fewer); a card's back has three lines for machines (ICAO 9303, TD1), a passport two (TD3). A number
has 12 digits, on older cards 9.
"""

import re

MOST_BARS = 3  # of a text that is no card

_NUMBER_ALONE = re.compile(r"(?:[0-9]{12}|[0-9]{9})")
_GROUPING = str.maketrans("", "", " .-")
# A number that a bar follows, wherever it stands; a digit, dot or dash before it makes it part of something else.
_NUMBER_AND_BAR = re.compile(r"(?<![0-9.\-])[0-9]{9,12}[ ]{0,3}\|")
_MACHINE_LINES = re.compile(
    r"(?:^|[\r\n])[ ]{0,3}[IPAC][A-Z<]?VNM[0-9A-Z<]"  # the document, and who issued it
    r"|[0-9]{7}[MFX<][0-9]{7}VNM[0-9A-Z<]"  # born, sex, valid until, nationality
    r"|[A-Z]<<[A-Z<]"  # the name
)

_PROVINCE_NUMBER = re.compile(r"(?<![0-9])0[0-9]{11}(?![0-9])")  # provinces are 001 to 096
_NUMBER_IN_A_LINE = re.compile(r"(?:^|[\r\n|])[ ]{0,3}(?:[0-9]{12}|[0-9]{9})[ ]{0,3}(?:$|[\r\n|])")
_DAY_IN_BARS = re.compile(
    r"(?:^|\|)[ ]{0,3}(?:0[1-9]|[12][0-9]|3[01])[/.\-]?(?:0[1-9]|1[0-2])[/.\-]?(?:19|20)[0-9]{2}[ ]{0,3}(?:$|\|)"
)


def is_identity_card(text: str) -> bool:
    """Whether *text*, in capitals, can be a card as it is, whatever else it holds."""
    return (
        text.count("|") > MOST_BARS
        or _NUMBER_ALONE.fullmatch(text.translate(_GROUPING)) is not None
        or _NUMBER_AND_BAR.search(text) is not None
        or _MACHINE_LINES.search(text) is not None
    )


def resembles_identity_card(text: str) -> bool:
    """Whether *text*, in capitals and without a case code, holds what is on a card: a number, or a day between bars."""
    return (
        _PROVINCE_NUMBER.search(text) is not None
        or _NUMBER_IN_A_LINE.search(text) is not None
        or ("|" in text and _DAY_IN_BARS.search(text) is not None)
    )
