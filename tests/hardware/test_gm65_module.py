"""The simulated GM65 answers as its handbook says, and keeps what was saved and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from hardware import gm65
from hardware.driver import Frame, Reply
from hardware.gm65 import Gm65
from hardware.gm65_module import SHIPPED, Gm65Module
from tests.hardware.drivers import cut, outputs, said

YES = bytes.fromhex("02 00 00 01 00 33 31")


def test_answers_are_the_published_bytes() -> None:
    module = Gm65Module()
    assert module.hear(gm65.trigger()) == YES
    assert module.hear(gm65.save()) == YES
    assert module.hear(gm65.HEARTBEAT) == bytes.fromhex("03 00 00 01 00 33 31")
    assert module.hear(bytes.fromhex("7E 00 07 01 00 2A 02 AB CD"))[:6] == bytes.fromhex("02 00 00 02 39 01")


def test_the_kiosk_s_driver_reads_it() -> None:
    module = Gm65Module()
    module.hear(gm65.set_tail(module.zones[gm65.TAIL_ZONE], "CR"))
    stream = module.hear(gm65.HEARTBEAT) + b"A012" + module.terminator + module.hear(gm65.read(gm65.SETUP_CODES_ZONE))
    assert said(outputs(Gm65(), [stream])) == [Reply(), Frame(b"A012"), Reply(b"\x01")]


def test_only_what_was_saved_outlives_the_power() -> None:
    module = Gm65Module()
    module.hear(gm65.refuse_setup_codes())
    module.lose_power()
    assert module.zones == SHIPPED
    module.hear(gm65.refuse_setup_codes() + gm65.save())
    module.lose_power()
    assert module.zones[gm65.SETUP_CODES_ZONE] == 0x03
    module.hear(gm65.factory_reset())
    assert module.zones == module.flash == SHIPPED


@given(st.lists(st.integers(0, 60), max_size=12), st.binary(max_size=20).filter(lambda junk: b"\x7e" not in junk))
def test_commands_are_found_in_pieces_and_behind_junk(cuts: list[int], junk: bytes) -> None:
    module = Gm65Module()
    answers = b"".join(map(module.hear, cut(junk + gm65.refuse_setup_codes() + junk + gm65.save(), cuts)))
    assert answers == YES * 2
    assert module.flash[gm65.SETUP_CODES_ZONE] == 0x03


@given(st.lists(st.binary(max_size=80), max_size=20))
def test_nothing_is_too_much_for_it(chunks: list[bytes]) -> None:
    module = Gm65Module()
    for chunk in chunks:
        module.hear(chunk)
        module.hear(b"\x7e\x00" + chunk)


def test_a_damaged_command_is_not_obeyed() -> None:
    module = Gm65Module()
    assert module.hear(gm65.refuse_setup_codes()[:-1] + b"\x00") == b""
    assert module.zones == SHIPPED


def test_unknown_commands_have_no_answer_and_overlong_ones_hold_nothing_up() -> None:
    module = Gm65Module()
    assert module.hear(gm65.command(0x0B, 0, b"\x00") + gm65.command(gm65.SAVE, 0, b"\x07")) == b""
    assert module.hear(b"\x7e\x00\x08\xff\x00\x00" + gm65.save()) == YES
    assert module.zones == module.flash == SHIPPED
