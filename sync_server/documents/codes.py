"""QR codes as pictures. The only file that uses segno."""

import io

import segno


def code_svg(content: str) -> str:
    """Draw a QR code as SVG."""
    drawn = io.BytesIO()
    _code(content).save(drawn, kind="svg", scale=4, border=2, xmldecl=False, light="#ffffff")
    return drawn.getvalue().decode("utf-8")


def code_png(content: str) -> bytes:
    """Draw a QR code as PNG, large enough for printing."""
    drawn = io.BytesIO()
    _code(content).save(drawn, kind="png", scale=10, border=2)
    return drawn.getvalue()


def _code(content: str) -> segno.QRCode:
    return segno.make_qr(content, error="m", boost_error=False)
