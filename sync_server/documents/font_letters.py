"""Which letters a font file has, read from its `cmap` table (ISO/IEC 14496-22)."""

import struct
from pathlib import Path

# Of these a font either has all or is no font for Vietnamese; Liberation 1, which Debian 12 has beside 2, lacks most.
VIETNAMESE = frozenset({*range(0x1EA0, 0x1EFA), *map(ord, "ĂăĐđĨĩŨũƠơƯư")})


def has_vietnamese(path: Path, index: int = 0) -> bool:
    """Say whether a font has every letter of Vietnamese; a file that cannot be read has none."""
    try:
        content = path.read_bytes()
        return letters_among(content, index, VIETNAMESE) == VIETNAMESE
    except (OSError, struct.error, IndexError):
        return False


def letters_among(content: bytes, index: int, wanted: frozenset[int]) -> set[int]:
    """Return which of the wanted letters a font has; struct.error where the file ends too early."""
    found: set[int] = set()
    start = _number(content, 12 + 4 * index, ">I") if content[:4] == b"ttcf" else 0
    for table in range(_number(content, start + 4, ">H")):
        entry = start + 12 + 16 * table
        if content[entry : entry + 4] == b"cmap":
            cmap = _number(content, entry + 8, ">I")
            for number in range(_number(content, cmap + 2, ">H")):
                at = cmap + _number(content, cmap + 4 + 8 * number + 4, ">I")
                found |= _letters(content, at, wanted)
    return found


def _letters(content: bytes, at: int, wanted: frozenset[int]) -> set[int]:
    form = _number(content, at, ">H")
    if form == 12:
        groups = range(_number(content, at + 12, ">I"))
        spans = [struct.unpack_from(">II", content, at + 16 + 12 * group) for group in groups]
    elif form == 4:
        twice = _number(content, at + 6, ">H")  # each segment's number takes two bytes
        ends = struct.unpack_from(f">{twice // 2}H", content, at + 14)
        starts = struct.unpack_from(f">{twice // 2}H", content, at + 16 + twice)
        spans = [*zip(starts, ends, strict=True)]
    else:
        return set()
    return {letter for letter in wanted if any(first <= letter <= last for first, last in spans)}


def _number(content: bytes, at: int, form: str) -> int:
    [number] = struct.unpack_from(form, content, at)
    return int(number)
