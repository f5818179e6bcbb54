"""Marks typed as letters (Telex) or digits (VNI): what a word looks like after a series of keys. Pure.

Every key is taken for a letter until it can be a mark: `nguyeenx` and `nguye6n4` are nguyễn, wherever in the word the
mark was typed. The same mark a second time takes it back and is the letter. A word that cannot become a Vietnamese
syllable (facebook, https, covid19) is what was typed, but for abbreviations of consonants (đc, đt).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from kiosk.core.syllables import ACUTE, DOT, GRAVE, HOOK, PLAIN, TILDE, Syllable, syllable_of


class Method(StrEnum):
    """How marks are typed, besides by their own keys."""

    TELEX = "telex"
    VNI = "vni"
    SIMPLE = "simple"  #: by their own keys only


@dataclass(frozen=True)
class Word:
    """What was typed, as it *looks*, and how it looks once it is *finished*."""

    looks: str
    finished: str


def composed(base: str, keys: str, method: Method) -> Word:
    """Return what *keys* make of the word *base*, which was settled before; both without blanks."""
    draft = _Draft(syllable_of(base), tuple((letter, "") for letter in base))
    for key in keys:
        draft = _after(draft, key, method)
    typed, syllable = draft.typed, _joined(draft.syllable)
    return Word(
        looks=syllable.written if syllable.is_begun or not syllable.has_vowel else typed,
        finished=syllable.written if syllable.is_whole or not syllable.has_vowel else typed,
    )


def marked_by(text: str, tone: str) -> str:
    """Return a word with *tone* on it; without, where it has that tone already."""
    syllable = syllable_of(text)
    return replace(syllable, tone="" if syllable.tone == tone else tone).written


# --- one key after the other -------------------------------------------------------------------------

_HAT = {"a": "â", "ă": "â", "e": "ê", "o": "ô", "ơ": "ô"}
_HORN = {"o": "ơ", "ô": "ơ", "u": "ư"}
_BREVE = {"a": "ă", "â": "ă"}
_BAR = {"d": "đ"}

_TELEX_TONES = {"s": ACUTE, "f": GRAVE, "r": HOOK, "x": TILDE, "j": DOT, "z": ""}
_VNI_TONES = {"1": ACUTE, "2": GRAVE, "3": HOOK, "4": TILDE, "5": DOT, "0": ""}
_TELEX_SHAPES = {
    "a": {"a": "â", "ă": "â"},
    "e": {"e": "ê"},
    "o": {"o": "ô", "ơ": "ô"},
    "w": {**_HORN, **_BREVE},
    "d": _BAR,
}
_VNI_SHAPES = {"6": _HAT, "7": _HORN, "8": _BREVE, "9": _BAR}

_TONES: dict[Method, dict[str, str]] = {Method.TELEX: _TELEX_TONES, Method.VNI: _VNI_TONES, Method.SIMPLE: {}}
_SHAPES: dict[Method, dict[str, dict[str, str]]] = {
    Method.TELEX: _TELEX_SHAPES,
    Method.VNI: _VNI_SHAPES,
    Method.SIMPLE: {},
}
_OPEN_UO = ("h", "kh", "th")  # huơ, khuơ, thuở: with these, uơ can end a syllable


@dataclass(frozen=True)
class _Draft:
    syllable: Syllable
    keys: tuple[tuple[str, str], ...]  # each with the mark that it is, "" for a letter
    spent: frozenset[str] = frozenset()  # marks that were taken back: letters from then on

    @property
    def typed(self) -> str:
        return "".join(key for key, _ in self.keys)

    def with_letter(self, key: str) -> "_Draft":
        letters = self.syllable.letters + key
        return replace(self, syllable=replace(self.syllable, letters=letters), keys=(*self.keys, (key, "")))

    def with_mark(self, key: str, syllable: Syllable) -> "_Draft":
        return replace(self, syllable=syllable, keys=(*self.keys, (key, key.lower())))

    def without(self, key: str, unmarked: Syllable, bare: Callable[[str], str]) -> "_Draft":
        """Take the mark of *key* back, from the keys or from the settled letters, and take *key* for a letter."""
        mark = key.lower()
        keys = tuple((letter if used else bare(letter), used) for letter, used in self.keys if used != mark)
        return _Draft(unmarked, keys, self.spent | {mark}).with_letter(key)


def _after(draft: _Draft, key: str, method: Method) -> _Draft:
    mark = key.lower()
    # Whatever its tone is by now: that may be corrected.
    if mark not in draft.spent and replace(draft.syllable, tone="").is_begun:
        if mark in _TONES[method]:
            return _toned(draft, key, _TONES[method][mark])
        if mark in _SHAPES[method]:
            return _shaped(draft, key, _SHAPES[method][mark])
    return draft.with_letter(key)


def _toned(draft: _Draft, key: str, tone: str) -> _Draft:
    syllable = draft.syllable
    if not syllable.has_vowel or tone == syllable.tone == "":
        return draft.with_letter(key)
    if tone == syllable.tone:
        return draft.without(key, replace(syllable, tone=""), lambda letter: syllable_of(letter).letters)
    return draft.with_mark(key, replace(syllable, tone=tone))


def _shaped(draft: _Draft, key: str, shapes: Mapping[str, str]) -> _Draft:
    syllable = draft.syllable
    for letters in _candidates(syllable, shapes):
        changed = replace(syllable, letters=letters)
        if _joined(changed).is_begun:
            return draft.with_mark(key, changed)
    low = syllable.letters.lower()
    # nhw is như; at the start of a word, w stays: WC, web, wifi.
    if low and key.lower() == "w" and not syllable.has_vowel:
        return draft.with_mark(key, replace(syllable, letters=syllable.letters + ("Ư" if key == "W" else "ư")))
    made = {shape: PLAIN[shape] for shape in shapes.values()}
    if any(letter in made for letter in low):

        def bare(letter: str) -> str:
            part = syllable_of(letter)
            return Syllable(_each(part.letters, made), part.tone).written

        return draft.without(key, replace(syllable, letters=_each(syllable.letters, made)), bare)
    return draft.with_letter(key)


def _candidates(syllable: Syllable, shapes: Mapping[str, str]) -> list[str]:
    """Return the letters with one of them reshaped, the last first; u and o together where both can be."""
    letters, low = syllable.letters, syllable.letters.lower()
    places = [place for place in reversed(range(len(low))) if low[place] in shapes]
    if shapes is _BAR:  # at the start only
        places = [place for place in places if place == 0]
    single = [_each(letters, shapes, place) for place in places]
    if "u" not in shapes:
        return single
    start = syllable.start_of_rhyme
    both = low[start : start + 2] in ("uo", "uô", "ưo", "ưô")
    if both and not (low[start + 2 :] == "" and low[:start] in _OPEN_UO and low[start] == "u"):
        return [_each(_each(letters, {"u": "ư"}, start), shapes, start + 1)]
    return single


def _joined(syllable: Syllable) -> Syllable:
    """Return it with ươ for uơ and ưo where more follows: only ươ can be followed."""
    low, start = syllable.letters.lower(), syllable.start_of_rhyme
    if low[start : start + 2] in ("uơ", "ưo") and len(low) > start + 2:
        letters = _each(_each(syllable.letters, _HORN, start), _HORN, start + 1)
        return replace(syllable, letters=letters)
    return syllable


def _each(letters: str, shapes: Mapping[str, str], only: int | None = None) -> str:
    """Return the letters reshaped, in their case: all, or *only* the one at that place."""

    def shaped(place: int, letter: str) -> str:
        low = letter.lower()
        if low not in shapes or only not in (None, place):
            return letter
        return shapes[low] if letter == low else shapes[low].upper()

    return "".join(shaped(place, letter) for place, letter in enumerate(letters))
