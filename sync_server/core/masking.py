"""Comments as others may read them: numbers that lead to a person, addresses and abuse are covered. Pure."""

import re
import unicodedata

COVER = "•"
# As many digits as a telephone (9 to 11), an identity card (9 or 12), a tax code (10 or 13) or an account has, however
# they are grouped. Years, prices and house numbers have fewer.
FEWEST_DIGITS = 8

_NUMBERS = re.compile(rf"\+?\d(?:[ .\-/()]{{0,2}}\d){{{FEWEST_DIGITS - 1},}}")
_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{4}")  # has eight digits and leads to nobody
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|(?:https?://|www\.)\S+", re.IGNORECASE)
_CASE = re.compile(r"\b(?:[0-9A-Z]{2,3}\.)*[A-Y][0-9]{2}(?:\.[0-9A-Z]{1,4})*[-.]\d{6,8}[-.]\d{4,14}\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")

# Whole words with their tones only: without them most are usual words.
_ABUSE = frozenset({"đụ", "địt", "lồn", "cặc", "buồi", "đĩ", "đm", "đmm", "vcl", "vkl", "clgt", "đcm", "dcm", "vãi"})


def masked(text: str) -> str:
    """Return a comment in which long numbers, addresses, case codes and abuse are covered, sign by sign."""
    text = unicodedata.normalize("NFC", text)
    text = _CASE.sub(_covered, text)
    text = _ADDRESS.sub(_covered, text)
    text = _NUMBERS.sub(lambda match: match[0] if _DATE.fullmatch(match[0]) else _covered(match), text)
    return _WORD.sub(lambda match: _mild(match[0]), text)


def folded(text: str) -> str:
    """Return a text as it is searched: small letters without marks, đ as d, each space one."""
    plain = "".join(sign for sign in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(sign))
    return " ".join(plain.replace("đ", "d").split())


def finds(wanted: str, text: str) -> bool:
    """Whether each word of what is wanted stands in a text, with or without its marks."""
    where = folded(text)
    return all(word in where for word in folded(wanted).split())


def _covered(match: "re.Match[str]") -> str:
    return "".join(sign if sign.isspace() else COVER for sign in match[0])


def _mild(word: str) -> str:
    return word[0] + COVER * (len(word) - 1) if word.casefold() in _ABUSE else word
