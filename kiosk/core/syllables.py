"""What a written Vietnamese syllable is: its letters, its rhyme, and where its tone mark stands. Pure.

Letters here are without tone; the tone is a combining mark, or "" for none. The mark stands as in traditional
spelling (hòa, thúy, khỏe, not hoà, thuý, khoẻ): that is what office keyboards give unless told otherwise, and how
names of places and people stand in the papers.
"""

import unicodedata
from collections.abc import Set
from dataclasses import dataclass

ACUTE, GRAVE, HOOK, TILDE, DOT = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
TONES = (ACUTE, GRAVE, HOOK, TILDE, DOT)  # sắc, huyền, hỏi, ngã, nặng

PLAIN = {"ă": "a", "â": "a", "ê": "e", "ô": "o", "ơ": "o", "ư": "u", "đ": "d"}  # a letter, and what it is made of
VOWELS = frozenset("aăâeêioôơuưy")

# kr, and k at the end: Krông, Đắk Lắk.
_INITIALS = frozenset(
    ("", *"bcdđghklmnpqrstvx", "ch", "gh", "gi", "kh", "kr", "ng", "ngh", "nh", "ph", "qu", "th", "tr")
)
_SPELLED = """
    a ac ach ai ak am an ang anh ao ap at au ay ăc ăk ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
    i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong
    op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uân uâng uât uây uc uê uêch uênh ui um un ung uơ uôc uôi uôm uôn uông uôt up ut uy uya uych uyên uyêt uyn
    uynh uyp uyt uyu ư ưa ưc ưi ưm ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
    y ych yêm yên yêng yêt yêu ynh yt
    """
_RHYMES = {"", *_SPELLED.split()}
# What may stand while a syllable is being typed: rhymes that are not finished, and lack hooks and hats.
_BEGUN = frozenset(
    "".join(PLAIN.get(letter, letter) if bare >> place & 1 else letter for place, letter in enumerate(rhyme[:length]))
    for rhyme in _RHYMES
    for length in range(len(rhyme) + 1)
    for bare in range(2**length)
)
_STOPS = ("c", "ch", "k", "p", "t")  # a syllable that ends so has no falling or curving tone


@dataclass(frozen=True)
class Syllable:
    """*letters*, in the case they were written, and the *tone* of them together."""

    letters: str
    tone: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether it can be a Vietnamese syllable as it is; one that lacks only its tone is."""
        return self._is_among(_RHYMES)

    @property
    def is_begun(self) -> bool:
        """Whether it can become one by more letters, hooks and hats."""
        return self._is_among(_BEGUN)

    @property
    def has_vowel(self) -> bool:
        return any(letter in VOWELS for letter in self.letters.lower())

    @property
    def written(self) -> str:
        """The text, NFC, the tone on the vowel where it belongs; the tone is left out where there is no vowel."""
        place = self._place_of_tone()
        if place is None or not self.tone:
            return self.letters
        return unicodedata.normalize("NFC", self.letters[: place + 1] + self.tone + self.letters[place + 1 :])

    @property
    def start_of_rhyme(self) -> int:
        """How many letters stand before the rhyme. The u of qu does, and the i of gi where a vowel follows."""
        low = self.letters.lower()
        if low.startswith("qu") or (low.startswith("gi") and low[2:3] in VOWELS):
            return 2
        return next((place for place, letter in enumerate(low) if letter in VOWELS), len(low))

    def _is_among(self, rhymes: Set[str]) -> bool:
        low = self.letters.lower()
        if low.endswith(_STOPS) and self.tone not in ("", ACUTE, DOT):
            return False
        # giêng, giết: the i is read twice, and written once.
        starts = {self.start_of_rhyme, 1} if low.startswith("gi") else {self.start_of_rhyme}
        return any(low[:start] in _INITIALS and low[start:] in rhymes for start in starts)

    def _place_of_tone(self) -> int | None:
        low = self.letters.lower()
        vowels = [place for place in range(self.start_of_rhyme, len(low)) if low[place] in VOWELS]
        if not vowels:
            return low.index("u") if self.has_vowel else None  # qu, of which nothing more is there yet
        # Of a word that is no syllable, the last vowels that stand together.
        vowels = [place for place in vowels if all(letter in VOWELS for letter in low[place : vowels[-1]])]
        marked = [place for place in vowels if low[place] in PLAIN]
        if marked:
            return marked[-1]  # ươ: the second
        if vowels[-1] < len(low) - 1:
            return vowels[-1]  # closed: hoàn
        return vowels[(len(vowels) - 1) // 2]  # open: hòa, ngoài


def syllable_of(word: str) -> Syllable:
    """Return the letters and the tone of a written word; of several tones, which no syllable has, the last."""
    letters, tone = "", ""
    for part in unicodedata.normalize("NFD", word):
        if part in TONES:
            tone = part
        else:
            letters += part
    return Syllable(unicodedata.normalize("NFC", letters), tone)
