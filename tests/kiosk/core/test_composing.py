"""What is typed becomes what was meant: Vietnamese by Telex, VNI and tone keys, anything else as it is."""

import unicodedata
from collections.abc import Iterator
from functools import reduce
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.composing import ERASE, LONGEST_COMMENT, MOST_KEYS, WRITABLE, Composition, Method, tidied
from kiosk.core.marking import composed
from kiosk.core.syllables import ACUTE, DOT, GRAVE, HOOK, TILDE, TONES

KEYS = st.sampled_from([*sorted(WRITABLE), *TONES, " "])
LIKELY_KEYS = st.sampled_from([*"aeouwdsfrxjz", *"AEOWDS", *"ghnciyqt", *"0123456789", *TONES, " ", "."])
METHODS = st.sampled_from(Method)

# Rhymes as they are spelled with sắc: where the mark stands is what the dictionaries say, not what the program does.
WITH_ACUTE = """
á ác ách ái ám án áng ánh áo áp át áu áy ắc ắm ắn ắng ắp ắt ấc ấm ấn ấng ấp ất ấu ấy
é éc ém én éng éo ép ét ế ếch ếm ến ếnh ếp ết ếu
í ía ích iếc iếm iến iếng iếp iết iếu ím ín ính íp ít íu
ó óa oác oách oái oám oán oáng oánh oáo oáp oát oáy oắc oắm oắn oắng oắt óc óe oén oéo oét ói óm ón óng oóc oóng óp ót
ố ốc ối ốm ốn ống ốp ốt ớ ới ớm ớn ớp ớt
ú úa uấn uấng uất uấy úc uế uếch uếnh úi úm ún úng uốc uối uốm uốn uống uốt úp út úy uých uyến uyết uýnh uýp uýt uýu
ứ ứa ức ứi ứng ứt ứu ước ưới ướm ướn ướng ướp ướt ướu
"""
AFTER_QU = """
á ác ách ái án áng ánh áo át áy ắc ắn ắng ắp ắt ấn ất ấy
é én éo ét ế ến ết ếch ít ính ý ýnh ýt yến yết ốc ớ
"""
AFTER_GI = """
á ác ái ám án áng ánh áo áp át áu áy ắc ắm ắn ắng ắt ấc ấm ấn ấp ất ấu ấy éo
ó óc ói óng ố ối ống ớ ới ú úp ứ ướng
"""
NOT_BEFORE_IEY = ("c", "g", "ng")
ONLY_BEFORE_IEY = ("k", "gh", "ngh")
ONSETS = ("", *"bcdđghklmnprstvx", "ch", "gh", "kh", "ng", "ngh", "nh", "ph", "th", "tr")
VOWELS = "aăâeêioôơuưy"
STOPS = ("c", "ch", "p", "t")

TELEX_TONES = dict(zip(TONES, "sfrxj", strict=True))
VNI_TONES = dict(zip(TONES, "12345", strict=True))
TELEX_SHAPES = {"ă": "w", "â": "a", "ê": "e", "ô": "o", "ơ": "w", "ư": "w", "đ": "d"}
VNI_SHAPES = {"ă": "8", "â": "6", "ê": "6", "ô": "6", "ơ": "7", "ư": "7", "đ": "9"}
BARE = {"ă": "a", "â": "a", "ê": "e", "ô": "o", "ơ": "o", "ư": "u", "đ": "d"}


def syllables() -> Iterator[str]:
    """Return what can be a syllable by its spelling: some seventeen thousand, whether or not they mean something."""
    for onset, rhyme in product(ONSETS, WITH_ACUTE.split()):
        plain = unicodedata.normalize("NFD", rhyme)[0]
        if onset in (NOT_BEFORE_IEY if plain in "ie" else ONLY_BEFORE_IEY):
            continue
        if plain == "i" and onset == "" and len(rhyme) > 2 and "ế" in rhyme:
            if rhyme in ("iếc", "iếp"):
                continue  # no word begins so
            rhyme = "y" + rhyme[1:]  # yến, yếu: written with y where nothing stands before
        if onset == "g" and rhyme.startswith("i"):
            continue
        yield from in_all_tones(onset, rhyme)
    for onset in ("h", "kh", "th"):
        yield from in_all_tones(onset, "uớ")
    for rhyme in AFTER_QU.split():
        yield from in_all_tones("qu", rhyme)
    for rhyme in AFTER_GI.split():
        yield from in_all_tones("gi", rhyme)
    yield from ("gì", "gìn", "giếng", "giết", "khuya", "krông", "đắk", "ý", "kỷ", "kỳ", "mỹ", "sỹ")


def in_all_tones(onset: str, rhyme: str) -> Iterator[str]:
    parts = unicodedata.normalize("NFD", rhyme)
    for tone in ("", *TONES):
        if tone in ("", ACUTE, DOT) or not rhyme.endswith(STOPS):
            yield unicodedata.normalize("NFC", onset + parts.replace(ACUTE, tone))


SYLLABLES = sorted(set(syllables()))


def keys_for(syllable: str, method: Method, *, at_the_end: bool) -> str:
    """Return the keys that a typist presses: hooks and hats at once or at the end, the tone always at the end."""
    shapes = TELEX_SHAPES if method is Method.TELEX else VNI_SHAPES
    tones = TELEX_TONES if method is Method.TELEX else VNI_TONES
    letters, tone = parted(syllable)
    pressed, later = "", ""
    for letter in letters:
        bare = BARE.get(letter, letter)
        pressed += bare
        if letter in shapes:
            pressed, later = (pressed, later + shapes[letter]) if at_the_end else (pressed + shapes[letter], later)
    if method is Method.TELEX and "oo" in letters:
        pressed = pressed.replace("oo", "ooo")  # o twice is ô; once more takes it back
    if at_the_end and "ươ" in letters:
        later = later.replace(2 * shapes["ư"], shapes["ư"])  # one hook is for both
    return pressed + later + (tones[tone] if tone else "")


def parted(syllable: str) -> tuple[str, str]:
    parts = unicodedata.normalize("NFD", syllable)
    tone = next((part for part in parts if part in TONES), "")
    return unicodedata.normalize("NFC", parts.replace(tone, "")), tone


def typed(keys: str, method: Method = Method.TELEX, start: Composition | None = None) -> Composition:
    return reduce(Composition.typed, keys, (start or Composition()).by(method))


# --- what a typist expects ---------------------------------------------------------------------------


@pytest.mark.parametrize("at_the_end", [False, True])
@pytest.mark.parametrize("method", [Method.TELEX, Method.VNI])
def test_every_syllable_typed_is_itself(method: Method, at_the_end: bool) -> None:
    wrong = []
    for syllable in SYLLABLES:
        keys = keys_for(syllable, method, at_the_end=at_the_end)
        word = composed("", keys, method)
        if not word.looks == word.finished == syllable:
            wrong.append((keys, syllable, word))
    assert wrong == []


@given(st.sampled_from(SYLLABLES), st.sampled_from([Method.TELEX, Method.VNI]), st.booleans())
def test_it_is_so_key_by_key_and_in_capitals(syllable: str, method: Method, at_the_end: bool) -> None:
    keys = keys_for(syllable, method, at_the_end=at_the_end)
    assert typed(keys, method).text == syllable
    assert typed(keys + " ", method).text == syllable + " "
    assert typed(keys.upper(), method).text == syllable.upper()
    assert typed(keys.capitalize(), method).text == syllable.capitalize()


@given(st.sampled_from(SYLLABLES), st.data())
def test_by_their_own_keys_letters_and_tones_need_no_method(syllable: str, data: st.DataObject) -> None:
    letters, tone = parted(syllable)
    vowel = next(place for place, letter in enumerate(letters) if letter in VOWELS)
    place = data.draw(st.integers(vowel + 1, len(letters)))  # the tone may be typed as soon as there is a vowel
    assert typed(letters[:place] + tone + letters[place:], Method.SIMPLE).text == syllable


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("nguyeenx", "nguyễn"),
        ("nguyexen", "nguyễn"),
        ("Camr own cacs anh chij", "Cảm ơn các anh chị"),
        ("Carm own cacs anh chij", "Cảm ơn các anh chị"),
        ("dduwowcj", "được"),
        ("dduowcj", "được"),
        ("duocwdj", "được"),
        ("thuowr", "thuở"),
        ("thuowngr", "thưởng"),
        ("khuya", "khuya"),
        ("quys", "quý"),
        ("giowf", "giờ"),
        ("hoaf", "hòa"),
        ("hoafn", "hoàn"),
        ("hofcj", "học"),
        ("thuys", "thúy"),
        ("nhw", "như"),
        ("NHWNGX", "NHỮNG"),
        ("DDawks Lawsk", "Đắk Lắk"),
        ("Quocos", "Quốc"),
        ("ddc ddt", "đc đt"),
        ("tieengsz", "tiêng"),
        ("oong/baf", "ông/bà"),
    ],
)
def test_telex(keys: str, text: str) -> None:
    assert typed(keys).text == text
    assert typed(keys + ".").text == text + "."


@pytest.mark.parametrize(
    ("keys", "text"),
    [("uow", "ươ"), ("thuoww", "thươ"), ("thuow", "thuơ"), ("tiengs", "tiéng"), ("nguyex", "nguỹe"), ("dduwo", "đưo")],
)
def test_what_can_still_become_a_syllable_is_composed(keys: str, text: str) -> None:
    assert typed(keys).text == text


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("nguye6n4", "nguyễn"),
        ("Ca3m o7n ca1c anh chi5", "Cảm ơn các anh chị"),
        ("d9u7o75c", "được"),
        ("truong72", "trường"),
        ("thuo73", "thuở"),
        ("tie6ng10", "tiêng"),
        ("D9a81k", "Đắk"),
    ],
)
def test_vni(keys: str, text: str) -> None:
    assert typed(keys, Method.VNI).text == text


@pytest.mark.parametrize("method", Method)
def test_the_keys_for_tones_work_by_every_method(method: Method) -> None:
    assert typed(f"Cam{HOOK} ơn cac{ACUTE} anh chi{DOT}", method).text == "Cảm ơn các anh chị"
    assert typed(f"hoa{GRAVE}n đuơc{DOT}", method).text == "hoàn được"
    assert typed(f"ngã{GRAVE}", Method.SIMPLE).text == "ng"  # a letter with its tone is no key
    assert typed(f"nga{GRAVE}{TILDE}", method).text == "ngã"
    assert typed(f"nga{GRAVE}{GRAVE}", method).text == "nga"
    assert typed(f"QUY{ACUTE}", method).text == "QUÝ"
    assert typed(f"gi{GRAVE}", method).text == "gì"


def test_a_tone_is_put_on_any_word_by_its_own_key() -> None:
    assert typed(f"Krong{GRAVE}bla{ACUTE}").text == "Krongblá"
    assert typed(f"pleiku{ACUTE} ").text == "pleikú "


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("before", ["", "Xin ", "hm", "12", "a.", "@"])
def test_a_tone_without_a_vowel_changes_nothing(before: str, tone: str) -> None:
    assert typed(before + tone).text == before


# --- what is no Vietnamese ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *("facebook", "https", "zalo", "google", "wifi", "windows", "WC", "web", "www.", "next", "text", "soft"),
        *("email", "gmail.com", "yahoo", "ok", "website", "software", "covid19", "0912345678", "UBND", "QR", "VNeID"),
        *("xyz@test.vn", "12as", "use", "yes"),
    ],
)
@pytest.mark.parametrize("method", Method)
def test_other_words_and_numbers_stay_as_typed(method: Method, text: str) -> None:
    assert typed(text + " ", method).text == text + " "


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        *(("ass", "as"), ("asss", "ass"), ("aff", "af"), ("arr", "ar"), ("axx", "ax"), ("ajj", "aj"), ("az", "az")),
        *(("aaa", "aa"), ("eee", "ee"), ("ooo", "oo"), ("aww", "aw"), ("oww", "ow"), ("uww", "uw"), ("ddd", "dd")),
        *(("uoww", "uow"), ("nhww", "nhw"), ("caana", "cana"), ("tesst", "test"), ("xooong", "xoong")),
        *(("TESST", "TEST"), ("DDDD", "DDD")),
    ],
)
def test_a_mark_typed_twice_is_taken_back(keys: str, text: str) -> None:
    assert typed(keys).text == text


@pytest.mark.parametrize(
    ("keys", "text"), [("a11", "a1"), ("a66", "a6"), ("o77", "o7"), ("a88", "a8"), ("d99", "d9"), ("a0", "a0")]
)
def test_so_it_is_with_digits(keys: str, text: str) -> None:
    assert typed(keys, Method.VNI).text == text


@pytest.mark.parametrize(
    ("before", "key", "text"), [("á", "s", "as"), ("â", "a", "aa"), ("ế", "e", "ée"), ("ê", "e", "ee")]
)
def test_a_mark_on_what_is_settled_is_taken_back_too(before: str, key: str, text: str) -> None:
    assert Composition(settled=before).typed(key).text == text


def test_a_digit_is_a_mark_only_on_a_word() -> None:
    assert typed("so 5 nha 12", Method.VNI).text == "so 5 nha 12"
    assert typed("a5", Method.SIMPLE).text == "a5"
    assert typed("a5", Method.TELEX).text == "a5"


# --- editing -----------------------------------------------------------------------------------------


def test_erasing_goes_letter_by_letter_and_one_can_go_on() -> None:
    whole = typed("Camr own")
    assert [whole.text, whole.erased().text, whole.erased().erased().text] == ["Cảm ơn", "Cảm ơ", "Cảm "]
    assert typed("r", start=typed("nguyeenx").erased()).text == "nguyể"
    assert typed("x", start=typed("cams ").erased()).text == "cãm"
    assert typed("goog").erased().text == "goo"


def test_what_is_seen_stays_when_the_method_changes() -> None:
    begun = typed("tieengs")
    for method in Method:
        assert begun.by(method).text == "tiếng"
        assert begun.by(method).method is method
    assert typed("2", start=begun.by(Method.VNI), method=Method.VNI).text == "tiềng"


def test_one_can_go_on_with_a_comment_that_is_kept_elsewhere() -> None:
    begun = typed("tieeng")
    assert begun.showing("tiêng") is begun
    assert typed("s", start=begun.showing("tiêng")).text == "tiếng"
    assert typed("s", start=begun.showing("Ca\u0309m o")).text == "Cảm ó"
    assert begun.by(Method.VNI).showing("") == Composition(method=Method.VNI)
    assert len(begun.showing("a" * 900).text) == LONGEST_COMMENT


@given(st.lists(KEYS | LIKELY_KEYS | st.just(ERASE) | METHODS, max_size=80))
def test_any_series_of_keys_gives_normal_bounded_text(keys: list[str]) -> None:
    now = Composition()
    for key in keys:
        before = now.text
        now = now.struck(key)
        assert unicodedata.is_normalized("NFC", now.text)
        assert now.text.isprintable()
        assert len(now.text) <= LONGEST_COMMENT
        assert len(now.keys) <= MOST_KEYS
        if key == ERASE:
            assert len(now.text) == max(0, len(before) - 1)
        if isinstance(key, Method):
            assert (now.text, now.method) == (before, key)


@given(st.lists(KEYS | LIKELY_KEYS, max_size=60), METHODS)
def test_erasing_everything_leaves_nothing(keys: list[str], method: Method) -> None:
    now = reduce(Composition.typed, keys, Composition(method=method))
    for _ in range(len(now.text)):
        now = now.erased()
    assert now == now.erased() == Composition(method=method)


@given(st.text() | st.characters(categories=["Cc", "Cf", "Mn", "So", "Zl", "Zs"]))
def test_what_is_no_key_changes_nothing(key: str) -> None:
    if key not in WRITABLE and key not in (*TONES, " "):
        begun = typed("Camr")
        assert begun.typed(key) == begun


@given(st.integers(0, 3), st.lists(KEYS | LIKELY_KEYS, max_size=12), METHODS)
def test_what_is_full_takes_no_more(room: int, keys: list[str], method: Method) -> None:
    now = Composition(settled="á " * (LONGEST_COMMENT // 2 - 2) + "á" * (4 - room), method=method)
    for key in keys:
        now = now.typed(key)
        assert len(now.text) <= LONGEST_COMMENT


def test_in_a_full_text_a_mark_still_finds_its_place() -> None:
    full = typed("a", start=Composition(settled=" " * (LONGEST_COMMENT - 1)))
    assert typed("s", start=full).text.endswith(" á")
    assert full.typed("b") == full
    assert full.spaced() == full
    assert typed("ss", start=full).text.endswith(" á")


def test_an_endless_word_is_no_endless_work() -> None:
    word = typed("a" + "sf" * 40)
    assert len(word.keys) <= MOST_KEYS
    assert len(word.text) <= 3 * MOST_KEYS


# --- what is stored ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("  Cảm   ơn \n các anh chị ", "Cảm ơn các anh chị"),
        ("Ca\u0309m o\u031bn", "Cảm ơn"),
        ("a\x00b\u200bc", "abc"),
        (" \t ", ""),
    ],
)
def test_tidied(text: str, stored: str) -> None:
    assert tidied(text) == stored


@given(st.text())
def test_what_is_stored_is_normal_and_stays_so(text: str) -> None:
    stored = tidied(text)
    assert unicodedata.is_normalized("NFC", stored)
    assert tidied(stored) == stored
    assert "  " not in stored and stored.strip() == stored
    assert stored.isprintable()


@given(st.lists(KEYS | LIKELY_KEYS, max_size=60), METHODS)
def test_tidying_makes_nothing_longer(keys: list[str], method: Method) -> None:
    text = reduce(Composition.typed, keys, Composition(method=method)).text
    assert len(tidied(text)) <= len(text)
