import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hardware import gm65
from hardware.checksums import crc16_xmodem
from hardware.driver import Fault, Frame, Output, Reply, Send, Silent
from hardware.gm65 import HEARTBEAT, HEARTBEAT_SECONDS, MISSES, Gm65
from hardware.line import IDLE_SECONDS
from tests.hardware.drivers import cut, outputs, said

YES = bytes.fromhex("02 00 00 01 00 33 31")
ALIVE = bytes.fromhex("03 00 00 01 00 33 31")


def answer(data: bytes, crc: bytes | None = None) -> bytes:
    body = b"\x00" + bytes([len(data)]) + data
    return b"\x02\x00" + body + (crc16_xmodem(body) if crc is None else crc)


def heard(*chunks: bytes) -> list[Output]:
    return said(outputs(Gm65(), chunks))


@pytest.mark.parametrize(
    ("command", "published"),
    [
        (gm65.trigger(), "7E 00 08 01 00 02 01 02 DA"),
        (gm65.HEARTBEAT, "7E 00 0A 01 00 00 00 30 1A"),
        (gm65.save(), "7E 00 09 01 00 00 00 DE C8"),
        (gm65.factory_reset(), "7E 00 09 01 00 00 02 FE 8A"),
        (gm65.read(gm65.BAUD_ZONE, 2), "7E 00 07 01 00 2A 02 D8 0F"),
        (gm65.command(gm65.WRITE, gm65.BAUD_ZONE, b"\x39\x01"), "7E 00 08 02 00 2A 39 01 A7 EA"),
    ],
)
def test_commands_are_the_published_bytes(command: bytes, published: str) -> None:
    assert command == bytes.fromhex(published)


@pytest.mark.parametrize(
    ("command", "published"),
    [
        (gm65.read(gm65.HARDWARE_ZONE), "7E 00 07 01 00 E1 01"),
        (gm65.read(gm65.SOFTWARE_ZONE), "7E 00 07 01 00 E2 01"),
        (gm65.refuse_setup_codes(), "7E 00 08 01 00 03 03"),
        (gm65.allow_setup_codes(), "7E 00 08 01 00 03 01"),
    ],
)
def test_commands_published_without_a_check_have_one(command: bytes, published: str) -> None:
    assert command[:-2] == bytes.fromhex(published)
    assert command[-2:] == crc16_xmodem(command[2:-2])


@pytest.mark.parametrize(("tail", "value"), [("CR", 0x81), ("CR LF", 0xA1), ("TAB", 0xC1), ("none", 0xE1)])
def test_another_suffix_leaves_the_rest_of_the_setting_alone(tail: str, value: int) -> None:
    assert gm65.set_tail(0b1010_0001, tail) == gm65.write(gm65.TAIL_ZONE, value)


@pytest.mark.parametrize("tail", [b"\r", b"\n", b"\r\n", b"\t"])
def test_replies_around_a_code_are_no_part_of_it(tail: bytes) -> None:
    assert heard(YES + b"A012" + tail + ALIVE + b"B345" + tail) == [
        *(Reply(b"\x00"), Frame(b"A012"), Reply(), Frame(b"B345"))
    ]


def test_what_is_read_comes_with_the_reply() -> None:
    assert heard(answer(b"\x39\x01")) == [Reply(b"\x39\x01")]
    assert gm65.BAUD_RATES[b"\x39\x01"] == 9600
    assert heard(answer(b"\x69", crc=b"\xab\xcd")) == [Reply(b"\x69")]


def test_stx_and_etx_of_a_code_are_not_taken_for_replies() -> None:
    assert heard(b"\x02A012\x03", b"\x02\x00A\r") == [Frame(b"\x02A012"), Frame(b"\x02\x00A")]


def test_an_etx_ends_a_code_in_silence_at_the_latest() -> None:
    driver = Gm65()
    assert said(driver.feed(b"A012\x03", 1.0)) == []
    assert said(driver.tick(1.0 + IDLE_SECONDS)) == [Frame(b"A012")]


def test_a_damaged_reply_costs_what_follows_at_once_and_never_makes_half_a_code() -> None:
    assert heard(YES[:-1] + b"\x30" + b"A012\rB345\r") == [Fault.CHECKSUM, Frame(b"B345")]
    # One byte of the length is damaged: two of the code would be taken for the end of the reply.
    assert heard(b"\x02\x00\x00\x03" + YES[4:] + b"A0123\rB345\r") == [Fault.CHECKSUM, Frame(b"B345")]
    assert heard(b"\x02\x00\x00\x00A0123\rB345\r") == [Fault.MALFORMED, Frame(b"B345")]
    assert heard(b"\x02\x00\x00\xffA0123\rB345\r") == [Fault.MALFORMED, Frame(b"B345")]


def test_a_reply_inside_a_code_spoils_it() -> None:
    assert heard(b"A01" + ALIVE + b"23\rB345\r") == [Fault.MALFORMED, Frame(b"B345")]


def test_a_reply_that_breaks_off_is_a_fault_and_the_next_code_is_read() -> None:
    driver = Gm65()
    assert said(driver.feed(YES[:4], 1.0)) == []
    assert said(driver.feed(b"A012\r", 2.0)) == [Fault.MALFORMED, Frame(b"A012")]


def test_a_code_without_a_suffix_ends_in_silence() -> None:
    driver = Gm65()
    driver.feed(b"A0", 1.0)
    # What is held back, for it may begin a reply, counts against the silence.
    driver.feed(b"\x02", 1.0 + 0.9 * IDLE_SECONDS)
    assert said(driver.feed(b"1", 1.0 + 1.5 * IDLE_SECONDS)) == []
    assert said(driver.tick(1.0 + 3 * IDLE_SECONDS)) == [Frame(b"A0\x021")]


def test_the_heart_is_asked_for_every_ten_seconds() -> None:
    driver = Gm65()
    driver.opened(5.0)
    assert driver.tick(5.0) == [Send(HEARTBEAT)]
    assert driver.tick(5.0 + HEARTBEAT_SECONDS / 2) == []
    assert driver.feed(ALIVE, 5.0 + HEARTBEAT_SECONDS) == [Send(HEARTBEAT), Reply()]


def test_three_heartbeats_without_an_answer_are_silence() -> None:
    driver = Gm65()
    said_by_tick = [driver.tick(HEARTBEAT_SECONDS * beat) for beat in range(MISSES + 2)]
    (silent, beat) = said_by_tick[MISSES]
    assert isinstance(silent, Silent)
    assert beat == Send(HEARTBEAT)
    assert [*said_by_tick[:MISSES], said_by_tick[-1]] == [[Send(HEARTBEAT)]] * (MISSES + 1)


@pytest.mark.parametrize("sign", [ALIVE, YES, b"A012\r"])
def test_an_answer_or_a_code_in_time_is_life(sign: bytes) -> None:
    driver = Gm65()
    for beat in range(20):
        assert Send(HEARTBEAT) in driver.tick(HEARTBEAT_SECONDS * beat)
        if beat % MISSES == MISSES - 1:
            driver.feed(sign, HEARTBEAT_SECONDS * beat)


def test_noise_is_no_life() -> None:
    driver = Gm65()
    found: list[Output] = []
    for beat in range(MISSES + 1):
        found += [*driver.tick(HEARTBEAT_SECONDS * beat), *driver.feed(b"\x02\x00\x00\x00", HEARTBEAT_SECONDS * beat)]
    assert any(isinstance(output, Silent) for output in found)


def test_no_heartbeat_is_sent_into_a_code() -> None:
    driver = Gm65()
    driver.opened(0.0)
    driver.tick(0.0)
    driver.feed(b"A0", HEARTBEAT_SECONDS - 0.01)
    assert driver.tick(HEARTBEAT_SECONDS) == []
    assert driver.feed(b"12\r", HEARTBEAT_SECONDS + 0.01) == [Frame(b"A012")]
    assert driver.tick(HEARTBEAT_SECONDS + 0.01) == [Send(HEARTBEAT)]


# Without what ends lines or begins replies: no printed code holds it.
codes = st.binary(min_size=1, max_size=40).map(
    lambda code: bytes(byte if byte not in b"\x00\x02\x03\r\n\t" else byte + 0x40 for byte in code)
)
events = st.one_of(
    st.tuples(st.just("code"), codes.map(lambda code: (code, b"\r"))),
    st.tuples(st.just("reply"), st.binary(min_size=1, max_size=4).map(lambda data: (data, b""))),
    st.tuples(st.just("alive"), st.just((b"", b""))),
)


@settings(max_examples=2500)
@given(st.lists(events, max_size=12), st.lists(st.integers(0, 400), max_size=40))
@example([("reply", (b"\x00", b"")), ("code", (b"A012", b"\r"))], list(range(12)))
def test_no_reply_ever_leaks_into_a_code(story: list[tuple[str, tuple[bytes, bytes]]], at: list[int]) -> None:
    stream, meant = b"", list[Output]()
    for kind, (data, end) in story:
        stream += {"code": data + end, "reply": answer(data), "alive": ALIVE}[kind]
        meant.append(Frame(data) if kind == "code" else Reply(data))
    assert heard(*cut(stream, at)) == meant
