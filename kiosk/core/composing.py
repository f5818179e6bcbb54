"""A comment while it is being typed. Pure.

The text is always NFC, without control characters, and never longer than LONGEST_COMMENT; a key that would break
this changes nothing. Keys are what `WRITABLE` holds, a blank, the combining tone marks `syllables.TONES`, ERASE,
and a Method to go on by.
"""

import re
import string
import unicodedata
from dataclasses import dataclass, replace

from kiosk.core.marking import Method, composed, marked_by
from kiosk.core.syllables import PLAIN, TONES
from protocol.messages import LONGEST_COMMENT

__all__ = ["ERASE", "LONGEST_COMMENT", "WRITABLE", "Composition", "Method", "tidied"]

ERASE = "\b"

LETTERS = frozenset(string.ascii_letters) | {case for letter in PLAIN for case in (letter, letter.upper())}
WRITABLE = LETTERS | frozenset(string.digits) | frozenset(".,!?:;'\"…+-/()%@&₫–")

# The longest syllable with all its marks is eleven keys; what goes on and on is not composed any more.
MOST_KEYS = 20

# Of an address or a number nothing is composed.
_WORD_AT_END = re.compile(r"[\w@]*\Z")


@dataclass(frozen=True)
class Composition:
    """*settled* is text that stays as it is; *keys* belong to the word at its end, and may still change it."""

    settled: str = ""
    keys: str = ""
    method: Method = Method.TELEX

    @property
    def text(self) -> str:
        """What is seen."""
        before, base = self._parted()
        return before + composed(base, self.keys, self.method).looks

    def showing(self, text: str) -> "Composition":
        """Return it if *text* is what is seen; else one to go on with from there, by the same method."""
        if text == self.text:
            return self
        return Composition(settled=unicodedata.normalize("NFC", text)[:LONGEST_COMMENT], method=self.method)

    def struck(self, key: str) -> "Composition":
        """Return it after any key of a keyboard."""
        if isinstance(key, Method):
            return self.by(key)
        return self.erased() if key == ERASE else self.typed(key)

    def typed(self, key: str) -> "Composition":
        """Return it after a letter, digit, sign, blank or tone; unchanged where it is full or the key means nothing."""
        if key in TONES:
            return self._toned(key)
        if key == " ":
            return self._ended(key)
        if key not in WRITABLE:
            return self
        if key in LETTERS or self._is_mark(key):
            before = self.by(self.method) if len(self.keys) == MOST_KEYS else self
            return self._within(replace(before, keys=before.keys + key))
        return self._ended(key)

    def spaced(self) -> "Composition":
        """Return it after a blank."""
        return self.typed(" ")

    def erased(self) -> "Composition":
        """Return it without the last character that is seen."""
        return replace(self, settled=self.text[:-1], keys="")

    def by(self, method: Method) -> "Composition":
        """Return it to be continued by another method; what is seen stays."""
        return replace(self, settled=self.text, keys="", method=method)

    def _parted(self) -> tuple[str, str]:
        place = _WORD_AT_END.search(self.settled).start()  # type: ignore[union-attr]  # it matches nothing, too
        return self.settled[:place], self.settled[place:]

    def _is_mark(self, key: str) -> bool:
        return self.method is Method.VNI and key in string.digits and bool(self.keys or self._parted()[1])

    def _toned(self, tone: str) -> "Composition":
        # Asked for by its own key, the tone is meant: it is settled, also on a word that is no syllable.
        before, base = replace(self, settled=self.text, keys="")._parted()
        return replace(self, settled=before + marked_by(base, tone), keys="")

    def _ended(self, sign: str) -> "Composition":
        before, base = self._parted()
        word = composed(base, self.keys, self.method).finished
        return self._within(replace(self, settled=before + word + sign, keys=""))

    def _within(self, longer: "Composition") -> "Composition":
        return longer if len(longer.text) <= LONGEST_COMMENT else self


def tidied(text: str) -> str:
    """Return a comment as it is stored: NFC, no control characters, blanks single and none at the ends."""
    kept = "".join(" " if part.isspace() else part for part in text if part.isspace() or part.isprintable())
    return " ".join(unicodedata.normalize("NFC", kept).split())
