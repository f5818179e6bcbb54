"""Every driver with a message of its device, and what the message means; for what all drivers promise."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from hardware.checksums import crc16_modbus, negated_sum16, sum8, xor8
from hardware.driver import Call, CallState, Driver, Frame, Output, Send
from hardware.ft12 import Ft12
from hardware.gm65 import Gm65
from hardware.line import LineFramer
from hardware.modbus import Modbus, Registers
from hardware.queue_line import Check, LineShape, QueueLine
from hardware.ssi import Ssi
from hardware.wedge import EVENT, Wedge

PATTERN = r"(?P<ticket>[A-Z]?\d{3,4})[,;: ](?P<counter>\d{1,2})(?:[,; ](?P<state>CALL|SERVE|DONE|RATE))?"
PLAIN = LineShape(PATTERN)
FRAMED = LineShape(PATTERN, framed=True, check=Check.XOR)


@dataclass(frozen=True)
class Sample:
    """One kind of device: its driver, one message, and the outputs of the message but for what is sent."""

    driver: Callable[[], Driver]
    message: bytes
    means: tuple[Output, ...]


def cut(stream: bytes, at: list[int]) -> list[bytes]:
    """Return the stream in pieces that end at the places."""
    places = sorted({min(place, len(stream)) for place in at})
    return [stream[start:end] for start, end in zip([0, *places], [*places, len(stream)], strict=True)]


def outputs(driver: Driver, chunks: Iterable[bytes], now: float = 1.0) -> list[Output]:
    """Return what a driver makes of pieces that come at one moment."""
    return [output for chunk in chunks for output in driver.feed(chunk, now)]


def said(found: Iterable[Output]) -> list[Output]:
    """Return the outputs but for what is sent."""
    return [output for output in found if not isinstance(output, Send)]


def ssi(op: int, data: bytes = b"", status: int = 0) -> bytes:
    """Return a packet as a scanner sends it."""
    body = bytes([4 + len(data), op, 0, status]) + data
    return body + negated_sum16(body)


def ft12(counter: int, kind: int, *data: int) -> bytes:
    """Return a frame of the keypad's bus."""
    body = bytes([counter, kind, *data])
    return bytes([0xFF, 0x68, len(body), len(body), 0x68]) + body + bytes([sum8(body), 0x16])


def framed(text: bytes) -> bytes:
    """Return a line as FRAMED has it."""
    return b"\x02" + text + b"\x03" + bytes([xor8(text + b"\x03")])


def rtu(*body: int) -> bytes:
    """Return a Modbus packet."""
    return bytes(body) + crc16_modbus(bytes(body))


def typed(keys: Sequence[tuple[int, int]], start: float = 1.0, gap: float = 0.005) -> bytes:
    """Return key events, one every *gap* seconds, as the kernel writes them: each with its SYN_REPORT."""
    events = b""
    for place, (code, value) in enumerate(keys):
        micros = round((start + place * gap) * 1e6)
        events += EVENT.pack(*divmod(micros, 10**6), 1, code, value) + EVENT.pack(*divmod(micros, 10**6), 0, 0, 0)
    return events


REQUEST = rtu(1, 3, 0, 0x10, 0, 4)
RESPONSE = rtu(1, 3, 8, 0, 3, 0, 12, 0, 2, 0, 0x41)
A012 = [(42, 1), (30, 1), (30, 0), (42, 0), (11, 1), (11, 0), (2, 1), (2, 0), (3, 1), (3, 0), (28, 1), (28, 0)]
SERVING = Call(3, "A012", CallState.SERVING)

SAMPLES = {
    "line": Sample(LineFramer, b"A012\r", (Frame(b"A012"),)),
    "gm65": Sample(Gm65, b"A012\r", (Frame(b"A012"),)),
    "ssi": Sample(Ssi, ssi(0xF3, b"\x03A012"), (Frame(b"A012"),)),
    "wedge": Sample(Wedge, typed(A012), (Frame(b"A012"),)),
    "queue line": Sample(lambda: QueueLine(PLAIN), b"A012,3,SERVE\r", (SERVING,)),
    "framed queue line": Sample(lambda: QueueLine(FRAMED), framed(b"A012,3,SERVE"), (SERVING,)),
    "ft12": Sample(Ft12, ft12(3, 2, 10, 10, 10, 0, 1, 2), (Call(3, "012", CallState.SERVING),)),
    "modbus, heard": Sample(lambda: Modbus(Registers(1, 0x10, poll=False)), REQUEST + RESPONSE, (SERVING,)),
    "modbus, asked": Sample(lambda: Modbus(Registers(1, 0x10)), RESPONSE, (SERVING,)),
}
