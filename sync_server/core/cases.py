"""The case register: what is known of a received case. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from protocol.codes import CaseCode


class Channel(StrEnum):
    """How a case was handed in: NĐ 61/2018/NĐ-CP Đ.17 and its successors name these three."""

    DIRECT = "direct"  # trực tiếp
    ONLINE = "online"  # trực tuyến
    POST = "post"  # bưu chính công ích


REQUIRED = ("case_code", "procedure", "officer", "received")
OPTIONAL = ("due", "returned", "channel")
COLUMNS = (*REQUIRED, *OPTIONAL)


@dataclass(frozen=True)
class Case:
    """A received case, as read from a file; its code is masked in the repr and never stored.

    *silent*: what its source does not speak of. The register keeps what it knows of that.
    """

    code: CaseCode
    procedure: str
    officer: str
    received: date
    due: date | None = None  # without a giấy hẹn there is none
    returned: date | None = None
    channel: Channel | None = None
    silent: frozenset[str] = frozenset()
