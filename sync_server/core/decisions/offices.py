"""How the name of an office is written in a document: in its head, in running text, above a signature. Pure."""

import re

COLLECTIVE = "Ủy ban nhân dân"
_COLLECTIVE = re.compile(r"(?:UBND|[UỦ][YỶ] BAN NHÂN DÂN|[UỦ]Ỷ BAN NHÂN DÂN)\s+(?P<of>.+)", re.IGNORECASE)
# The longer names first: "thị xã" begins like no other, but "xã" ends it.
_RANKS = ("thị trấn", "thị xã", "thành phố", "đặc khu", "phường", "quận", "huyện", "tỉnh", "xã")


def is_collective(office: str) -> bool:
    """Whether an office is an Ủy ban nhân dân, for which its chair signs (NĐ 30/2020/NĐ-CP, Điều 13)."""
    return _COLLECTIVE.fullmatch(office.strip()) is not None


def issuer(office: str) -> tuple[str, ...]:
    """Return the lines of the head: ("ỦY BAN NHÂN DÂN", "XÃ QUẢNG ĐIỀN")."""
    match = _COLLECTIVE.fullmatch(office.strip())
    return (office.strip().upper(),) if match is None else (COLLECTIVE.upper(), match["of"].upper())


def in_text(office: str) -> str:
    """Return a name as a sentence has it: "UBND THỊ TRẤN SỊA" is "Ủy ban nhân dân thị trấn Sịa"."""
    match = _COLLECTIVE.fullmatch(office.strip())
    return office.strip() if match is None else f"{COLLECTIVE} {_place(match['of'])}"


def place(office: str) -> str:
    """Return the place that an office is named for: "Sịa" of "UBND thị trấn Sịa"."""
    match = _COLLECTIVE.fullmatch(office.strip())
    named = _place(office.strip() if match is None else match["of"])
    return next((named.removeprefix(f"{rank} ") for rank in _RANKS if named.startswith(f"{rank} ")), named)


def signing(office: str, capacity: str, title: str) -> tuple[str, ...]:
    """Return the lines above a signature: TM., then KT. with whom a deputy stands for, or Q."""
    post = re.sub(r"\s+(?:UBND|ủy ban nhân dân|uỷ ban nhân dân)\b.*", "", title.strip(), flags=re.IGNORECASE).upper()
    lines = [f"TM. {COLLECTIVE.upper()}"] if is_collective(office) else []
    if capacity == "KT.":
        lines += [f"KT. {post.removeprefix('PHÓ ')}", post]
    else:
        lines.append(f"Q. {post}" if capacity == "Q." else post)
    return tuple(lines)


def _place(name: str) -> str:
    for rank in _RANKS:
        if name.lower().startswith(f"{rank} "):
            rest = name[len(rank) + 1 :]
            return f"{rank} {rest.title() if rest.isupper() else rest}"
    return name.title() if name.isupper() else name
