"""Every text stands whole in its place, and every target is large, apart and in reach: on all panels, in all looks."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pytest

from kiosk.settings import Place

if TYPE_CHECKING:
    from tests.kiosk.ui.driver import Driver
    from tests.kiosk.ui.targets import Target

pytestmark = pytest.mark.window

GOALS = [(1280, 800), (1024, 600), (800, 1280)]
PANELS = [*GOALS, (800, 480), (600, 1024)]
LONG = Place(
    office="ỦY BAN NHÂN DÂN XÃ QUẢNG ĐIỀN – TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG THÀNH PHỐ HUẾ, CƠ SỞ SỐ HAI",
    unit="Bộ phận Tiếp nhận và Trả kết quả giải quyết thủ tục hành chính theo cơ chế một cửa, một cửa liên thông",
    counter=999,
    field="Lao động – Thương binh và Xã hội; Người có công; Bảo trợ xã hội; Trẻ em",
)

# In the header, where languages and looks leave them little room on a panel that stands.
NAMES = ("UBND THỊ TRẤN SỊA", "Bộ phận Tiếp nhận và Trả kết quả")

Box = tuple[float, float, float, float]


LARGER, LOW, BOTH = ("larger",), ("low",), ("larger", "low")
# Of the panel's height, from below: where everything to touch is, for whoever sits.
REACH = 2 / 3
REACH_OF = {
    # Five rows of keys, each large enough, have to stand below the buttons of a panel that lies.
    "comment": 3 / 4,
    "comment, written": 3 / 4,
    # For staff, who choose for themselves how they look.
    **dict.fromkeys(("pin", "pin, wrong", "service", "service, in trouble"), 1.0),
}


@pytest.mark.parametrize(
    ("panel", "language", "look"),
    [
        *((panel, "vi", ()) for panel in PANELS),
        *((panel, "en", LARGER) for panel in GOALS),
        ((1024, 600), "en", ()),
        ((800, 1280), "vi", LARGER),
        ((1280, 800), "vi", LOW),
        ((1024, 600), "vi", BOTH),
        ((800, 1280), "en", BOTH),
    ],
    ids=str,
)
def test_texts_stand_whole_and_fingers_find_their_places(
    kiosk: "Driver", panel: tuple[int, int], language: str, look: tuple[str, ...]
) -> None:
    from tests.kiosk.ui.looking import everybody_looks
    from tests.kiosk.ui.targets import complaints, targets
    from tests.kiosk.ui.tour import tour

    kiosk.resize(*panel)
    wrong: list[str] = []
    with everybody_looks(*look):
        for screen in tour(kiosk, language):
            assert_all_fits(kiosk, screen, panel)
            assert not any(label.is_shortened for label in kiosk.labels() if label.text not in NAMES), screen
            found = targets(kiosk.stage, panel)
            assert len(found) >= len(kiosk.stage.header.looks), f"{screen}: nothing to touch"
            if panel in GOALS:
                wrong += (f"{screen}: {each}" for each in complaints(found, panel))
            if "low" in look:
                wrong += (f"{screen}: {each!r} out of reach" for each in beyond(found, reach_on(screen, panel)))
    assert not wrong, "\n".join(wrong)


def reach_on(screen: str, panel: tuple[int, int]) -> float:
    from tests.kiosk.ui.targets import height_of

    return REACH_OF.get(screen, REACH) * height_of(panel)


def beyond(found: "Sequence[Target]", reach: float) -> list[str]:
    """Name what stands higher; what can be touched anywhere can be touched below."""
    from kiosk.ui.widgets.column import Anywhere

    return [each.name for each in found if each.top > reach and not isinstance(each.widget, Anywhere)]


def test_there_is_room_for_as_much_as_a_setup_may_have(kiosk: "Driver") -> None:
    from tests.kiosk.ui.looking import everybody_looks
    from tests.kiosk.ui.surveys import CROWDED
    from tests.kiosk.ui.targets import complaints, targets

    kiosk.arrange(CROWDED)
    for panel in ((1024, 600), (800, 1280)):
        kiosk.resize(*panel)
        with everybody_looks(*LARGER):
            for command, screen in (("start", "counters"), ("counter 12", "rate"), ("tap 1", "reasons")):
                assert kiosk.command(command) == "ok"
                kiosk.settle()
                assert kiosk.screen == screen
                assert_all_fits(kiosk, screen, panel)
                assert not [*complaints(targets(kiosk.stage, panel), panel)], (screen, panel)
            kiosk.command("skip")
            kiosk.command("dismiss")


@pytest.mark.parametrize("look", [(), LARGER, LOW, BOTH], ids=str)
@pytest.mark.parametrize("panel", GOALS, ids=str)
def test_as_many_counters_as_a_room_may_have_are_found_and_reached(
    kiosk: "Driver", panel: tuple[int, int], look: tuple[str, ...]
) -> None:
    from tests.kiosk.ui.looking import everybody_looks
    from tests.kiosk.ui.surveys import CROWDED
    from tests.kiosk.ui.targets import complaints, targets

    kiosk.resize(*panel)
    wrong: list[str] = []
    with everybody_looks(*look):
        for many in range(1, len(CROWDED.counters) + 1):
            kiosk.arrange(replace(CROWDED, counters=CROWDED.counters[:many]))
            assert kiosk.command("start") == "ok"
            kiosk.settle()
            if kiosk.screen != "counters":
                assert many == 1
            else:
                assert_all_fits(kiosk, f"{many} counters", panel)
                found = targets(kiosk.stage, panel)
                wrong += (f"{many} counters: {each}" for each in complaints(found, panel))
                if "low" in look:
                    far = beyond(found, reach_on("counters", panel))
                    wrong += (f"{many} counters: {each!r} out of reach" for each in far)
            kiosk.command("decline")
            kiosk.command("dismiss")
            kiosk.settle()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("panel", [(1280, 800), (800, 1280)], ids=str)
def test_long_names_are_shortened_and_cover_nothing(window: None, panel: tuple[int, int]) -> None:
    from tests.kiosk.ui.driver import Driver

    kiosk = Driver(place=LONG)
    try:
        kiosk.resize(*panel)
        kiosk.scan()
        assert_all_fits(kiosk, "rate", panel)
        assert any("…1120-0001" in text for text in kiosk.texts)
    finally:
        kiosk.close()


@pytest.mark.parametrize(
    ("size", "pixels"),
    [
        ((1280, 800), 1.0),
        ((1024, 600), 0.8),
        ((1280, 600), 0.8),
        ((2560, 1600), 2.0),
        ((800, 1280), 1.0),
        ((600, 1024), 0.75),
    ],
)
def test_what_is_drawn_scales_with_the_panel(window: None, size: tuple[int, int], pixels: float) -> None:
    from kiosk.ui.scale import SCALE

    SCALE.fit(*size)
    assert pytest.approx(pixels) == SCALE.px
    assert SCALE.portrait == (size[1] > size[0])
    SCALE.fit(1280, 800)


def assert_all_fits(kiosk: "Driver", screen: str, panel: tuple[int, int]) -> None:
    boxes = [(label, box_of(label)) for label in kiosk.labels()]
    assert len(boxes) >= 6, f"{screen}: a screen without texts"
    for label, (left, bottom, right, top) in boxes:
        where = f"{screen} at {panel}: {label.text!r}"
        assert label.texture_size[0] <= label.width + 1, f"{where} is wider than its place"
        assert label.texture_size[1] <= label.height + 1, f"{where} is higher than its place"
        assert left >= 0 and bottom >= 0 and right <= panel[0] and top <= panel[1], f"{where} leaves the panel"
        room = label.text_size[0]
        if room is not None and not label.is_shortened:
            for word in label.text.split():
                assert width_of(word, label) <= room, f"{where}: {word!r} is broken in two"
    for (one, first), (other, second) in combinations(boxes, 2):
        assert not overlap(first, second), f"{screen} at {panel}: {one.text!r} and {other.text!r} overlap"


def box_of(label: Any) -> Box:
    """Return where the letters of a label stand: left, bottom, right, top."""
    x, y = label.to_window(*label.center)
    width = min(label.texture_size[0], max(width_of(line, label) for line in label.text.split("\n")))
    height = label.texture_size[1]
    return (x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def width_of(text: str, label: Any) -> float:
    from kivy.core.text import Label as Measure

    measure = Measure(font_size=label.font_size, bold=label.bold, font_name=label.font_name)
    return float(measure.get_extents(text)[0])


def overlap(one: Box, other: Box) -> bool:
    # Descenders and marks of neighbouring lines may share a pixel row of their boxes, not more.
    slack = 2
    return (
        one[0] + slack < other[2]
        and other[0] + slack < one[2]
        and one[1] + slack < other[3]
        and other[1] + slack < one[3]
    )
