"""The ways in which a vote reaches the office (TT 01/2018/TT-VPCP Đ.29 lists them)."""

from enum import StrEnum


class Channel(StrEnum):
    """By what a vote was cast."""

    KIOSK = "kiosk"
    PAPER = "paper"  # a form, handed out with the receipt of the case
    BOX = "box"  # a slip out of the suggestion box


ON_PAPER = (Channel.PAPER, Channel.BOX)
