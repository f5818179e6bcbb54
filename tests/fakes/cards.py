"""Identity cards of nobody, in every shape that a scanner may send."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

SYLLABLES = ("Nguyễn", "Trần", "Đặng", "Phạm", "Hoài", "Thị", "Văn", "Quỳnh", "Thùy", "Khánh", "Lễ", "Ánh")
PLACES = ("Thôn Thượng", "Tổ 12", "Xã Quảng Phước", "Thị trấn Sịa", "Phường Vỹ Dạ", "Kiệt 7/3 Đường Bạch Đằng")
PREFIXES = ("", "", "\x02", "]Q1", "\x02]C0", "\N{ZERO WIDTH NO-BREAK SPACE}", "  ")
SHORTEST_TELLING_FIELD = 5  # "Nam" stands in many a word


@dataclass(frozen=True, repr=False)
class Card:
    """What a scanner sends of one card, and what on it must be seen nowhere."""

    text: str
    fields: tuple[str, ...]


def a_card(draw: Random) -> Card:
    """Draw a card: with 7 fields, fewer or more, in other notations, by its number alone, by its lines for machines."""
    fields = _fields(draw)
    number, old, name, born, sex, address, issued = fields
    plain = _without_marks(name)
    family, *given = plain.split()
    names = f"{family}<<{'<'.join(given)}"
    line_1 = f"IDVNM{number[3:]}{draw.randrange(10)}{number}<<{draw.randrange(10)}"
    line_2 = f"{born[6:]}{born[2:4]}{born[:2]}1{draw.choice('MF')}3801016VNM<<<<<<<<<<<{draw.randrange(10)}"
    line_3 = names.ljust(30, "<")
    passport = f"P<VNM{names.ljust(39, '<')}\n{draw.choice('BCNPK')}{number[-7:]}<8VNM{line_2[:7]}M3801016{old}<<<<<04"
    spoken = [f"{day[:2]}/{day[2:4]}/{day[4:]}" for day in (born, issued)]
    shapes = (
        "|".join(fields),
        "|".join((number, "", *fields[2:])),
        "|".join((number, *fields[2:])),  # without the old number
        "|".join((number, old, name, spoken[0], sex, address, spoken[1])),
        "|".join(fields[: draw.randrange(2, 7)]),
        "|".join((old, *fields[2 : draw.randrange(3, 7)])),
        "|".join((*fields, *draw.sample(PLACES, draw.randrange(1, 5)), *_fields(draw)[:3])),
        "|".join((name, born, sex)),
        "|".join((name, number)),
        " | ".join(fields),
        number,
        old,
        " ".join(number[start : start + 3] for start in range(0, 12, 3)),
        f"Số CCCD: {number}, họ tên {name}",
        "\n".join(fields),
        line_1,
        line_2,
        line_3,
        "\n".join((line_1, line_2, line_3)),
        line_1 + line_2 + line_3,
        passport,
    )
    seen = (*fields, *spoken, plain, names, line_1, line_2, line_1[5:15])
    return Card(draw.choice(PREFIXES) + draw.choice(shapes), tuple(f for f in seen if len(f) >= SHORTEST_TELLING_FIELD))


def _fields(draw: Random) -> tuple[str, ...]:
    born, issued = (date(1940, 1, 1) + timedelta(days=draw.randrange(25_000)) for _ in range(2))
    return (
        f"{draw.randrange(1, 97):03}{draw.randrange(4)}{born:%y}{draw.randrange(1_000_000):06}",
        f"{draw.randrange(1_000_000_000):09}",
        " ".join(draw.choices(SYLLABLES, k=draw.randrange(3, 6))),
        f"{born:%d%m%Y}",
        draw.choice(("Nam", "Nữ")),
        ", ".join(draw.sample(PLACES, 3)),
        f"{issued:%d%m%Y}",
    )


def _without_marks(name: str) -> str:
    letters = str.maketrans("ễầặạịăỳùáảĐÁỹ", "eaaaiayuaaDAy")
    return name.translate(letters).upper()
