"""What leaves this room: a scan, never the bytes or the text it was read from."""

from protocol.codes import CaseCode, Refused

Scan = CaseCode | Refused
