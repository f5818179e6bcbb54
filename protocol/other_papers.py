"""What citizens and officers scan that is neither a case nor an identity card. Pure; says yes or no, and keeps nothing.

Sources: QĐ 1351/QĐ-BHXH (numbers of health insurance cards), EMVCo QR Code Specification (payments, VietQR too).
"""

import re

from protocol.units import UNIT, is_unit

_HEALTH_NUMBER = r"[A-Z]{2}[1-5][0-9]{12}"  # group, benefit, province 2, number 10
_HEALTH_CARD = re.compile(rf"{_HEALTH_NUMBER}(?:$|[ ]{{0,3}}\|)")
_HEALTH_NUMBER_WITHIN = re.compile(rf"(?<![0-9A-Z]){_HEALTH_NUMBER}(?![0-9A-Z])")

_PAYMENT = "000201"  # payload format indicator: tag 00, length 02, version 01

_LOOK_ALIKE = re.compile(
    r"[0-9]{5,}"  # a product (EAN), a social insurance number, a telephone
    r"|[0-9]\.[0-9]{6}(?:\..*)?"  # a procedure, and a unit behind it
    r"|[0-9]{5}/[0-9]{4}/[0-9]{5}"  # social insurance: unit, year, number
    r"|[0-9]{1,5}/(?:[0-9]{4}/)?\w{1,8}(?:-\w{1,8}){0,4}"  # a document: 188/KH-UBND
    rf"|{UNIT}(?:-[0-9]{{1,5}}-\w.*|-[A-Z]{{1,4}}[0-9]+|,.*)"  # a document, a result, a message of a unit
)


def is_health_card(text: str) -> bool:
    """Whether *text*, in capitals, is a health insurance card: its number alone, or leading what else its QR holds."""
    return _HEALTH_CARD.match(text if "|" in text else text.replace(" ", "")) is not None


def resembles_health_card(text: str) -> bool:
    """Whether *text*, in capitals and without a case code, holds the number of a health insurance card."""
    return _HEALTH_NUMBER_WITHIN.search(text) is not None


def is_payment(text: str) -> bool:
    """Whether *text* is what a bank's app scans to pay."""
    return text.startswith(_PAYMENT)


def is_look_alike(text: str) -> bool:
    """Whether *text*, in capitals, is a number that offices print and that is no case code."""
    return is_unit(text) or _LOOK_ALIKE.fullmatch(text) is not None
