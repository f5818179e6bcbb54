"""A small PNG of a page of paper: sixteen greys are enough for print. Pure."""

import zlib
from struct import pack

SIGNATURE = b"\x89PNG\r\n\x1a\n"
BITS = 4
NO_FILTER = b"\0"


def grey_png(width: int, height: int, stride: int, pixels: bytes) -> bytes:
    """Return a picture of a byte a pixel, 0 black, with *stride* bytes a row, as PNG of four bits a pixel."""
    rows = (_packed(pixels[row * stride : row * stride + width]) for row in range(height))
    packed = b"".join(NO_FILTER + row for row in rows)
    header = pack(">IIBBBBB", width, height, BITS, 0, 0, 0, 0)
    return b"".join(
        (SIGNATURE, _chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(packed, 9)), _chunk(b"IEND", b""))
    )


def _packed(row: bytes) -> bytes:
    even, odd = row[::2], row[1::2] + b"\xff" * (len(row) % 2)
    return bytes(_level(left) << BITS | _level(right) for left, right in zip(even, odd, strict=True))


def _level(grey: int) -> int:
    return (grey * 15 + 127) // 255


def _chunk(name: bytes, content: bytes) -> bytes:
    return pack(">I", len(content)) + name + content + pack(">I", zlib.crc32(name + content))
