"""What every administrative document says, in the words of NĐ 30/2020/NĐ-CP."""

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
RECIPIENTS = "Nơi nhận:"


def code_told(content: str) -> str:
    """Return what a QR code says to who cannot see it."""
    return f"Mã QR: {content}"


def picture_name(number: int) -> str:
    """Return what a picture is called in a list of them."""
    return f"Hình {number}"
