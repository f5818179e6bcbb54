"""What offices ask, as full as a screen gets."""

from dataclasses import replace

from kiosk.core.setups import LONGEST_REASON, MOST_COUNTERS_SHOWN, MOST_REASONS_SHOWN, Arrangement
from kiosk.core.survey import SURVEY, Criterion, Reason, Survey
from protocol.messages import CounterSetup, OfficerSetup, OpeningHours, Published

REASONS = (
    Reason("waiting", {"vi": "Phải chờ lâu", "en": "A long wait"}),
    Reason("late", {"vi": "Trả kết quả trễ hẹn", "en": "The result came late"}),
    Reason("again", {"vi": "Phải bổ sung hồ sơ nhiều lần", "en": "Papers were asked for several times"}),
    Reason("attitude", {"vi": "Thái độ chưa thân thiện", "en": "Not friendly"}),
    Reason("guidance", {"vi": "Hướng dẫn chưa rõ ràng", "en": "Unclear guidance"}),
    Reason("fees", {"vi": "Thu phí chưa đúng", "en": "Wrong fees"}),
    Reason("room", {"vi": "Chỗ ngồi, thiết bị chưa tốt", "en": "Poor seats or equipment"}),
    Reason("other", {"vi": "Lý do khác", "en": "Something else"}),
)
FULL = replace(SURVEY, reasons=REASONS, comments=True)
SEVERAL = Survey(
    revision=2,
    criteria=(
        Criterion(
            "time",
            (1, 2, 3),
            question={
                "vi": "Thời gian giải quyết hồ sơ so với giấy hẹn có làm Ông/Bà hài lòng không?",
                "en": "Are you satisfied with how long it took, compared with the date on the receipt?",
            },
            labels={
                1: {"vi": "Không hài lòng", "en": "Dissatisfied"},
                2: {"vi": "Hài lòng", "en": "Satisfied"},
                3: {"vi": "Rất hài lòng", "en": "Very satisfied"},
            },
        ),
        Criterion(
            "stars",
            (1, 2, 3, 4, 5),
            stars=True,
            question={"vi": "Ông/Bà cho nơi chờ mấy sao?", "en": "How many stars for the waiting room?"},
            labels={stars: {"vi": f"{stars} sao", "en": f"{stars} of 5"} for stars in range(1, 6)},
        ),
        Criterion(
            "like",
            (1, 2),
            question={"vi": "Thái độ của cán bộ thế nào?", "en": "How was the officer's attitude?"},
            labels={1: {"vi": "Chưa tốt", "en": "Not good"}, 2: {"vi": "Tốt", "en": "Good"}},
        ),
    ),
    comments=True,
    best_first=True,
)
COUNTERS = tuple(
    CounterSetup(number, "nv-0001", field)
    for number, field in enumerate(
        (
            "Tư pháp – Hộ tịch",
            "Địa chính – Xây dựng",
            "Lao động – Thương binh – Xã hội",
            "Công an (cư trú)",
            "Văn phòng – Thống kê",
            "Văn hoá – Xã hội",
        ),
        start=1,
    )
)
OFFICE = Arrangement(
    office="UBND THỊ TRẤN SỊA",
    unit="Bộ phận Tiếp nhận và Trả kết quả",
    counter=2,
    field="Tư pháp – Hộ tịch",
    survey=FULL,
    counters=COUNTERS,
    officers={"nv-0001": OfficerSetup("nv-0001", "Hồ Thị Khánh Vân", "Công chức Tư pháp – Hộ tịch")},
    opening_hours=tuple(
        OpeningHours(day, opens, closes) for day in range(1, 6) for opens, closes in ((450, 690), (810, 1020))
    ),
    published=Published(2026, 3, "91,4%", 1412),
)
WHOLE_ROOM = replace(OFFICE, counter=None, field="", survey=SEVERAL)
# As many, and as long, as the screens take.
CROWDED = replace(
    WHOLE_ROOM,
    counters=tuple(
        CounterSetup(number, "nv-0001", COUNTERS[number % len(COUNTERS)].field)
        for number in range(1, MOST_COUNTERS_SHOWN + 1)
    ),
    survey=replace(
        FULL,
        reasons=tuple(
            Reason(
                f"long-{number}",
                {
                    "vi": "Cán bộ hướng dẫn chưa rõ ràng về giấy tờ cần nộp"[:LONGEST_REASON],
                    "en": "I was not told clearly which papers I had to bring"[:LONGEST_REASON],
                },
            )
            for number in range(MOST_REASONS_SHOWN)
        ),
    ),
)
