"""What the window shows, as a PNG file."""

import struct
import zlib
from pathlib import Path

from kivy.core.window import Window
from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glReadPixels


def pixels_of_window() -> tuple[int, int, bytes]:
    """Return width, height and RGB bytes from the bottom row up; to be called before the frame is swapped."""
    width, height = (int(side) for side in Window.system_size)
    return width, height, bytes(glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE))


def write_png(path: Path, width: int, height: int, pixels: bytes) -> None:
    """Write RGB *pixels*, bottom row first, to *path*; nobody sees half a file. OSError when it cannot be written."""
    row = 3 * width
    upright = b"".join(b"\0" + pixels[y * row : (y + 1) * row] for y in reversed(range(height)))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(upright, 6)), (b"IEND", b"")
    part = path.with_name(path.name + ".part")
    with part.open("wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        for name, body in chunks:
            file.write(struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)))
    part.replace(path)
