"""Whatever is typed to a simulated device is carried out as it says, or answered with what to type instead."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.directions import (
    HELP,
    Direction,
    NextSample,
    Play,
    Replug,
    Sent,
    Unclear,
    Unplug,
    Wait,
    understand,
)
from hardware.driver import Call, CallState
from hardware.speech import Way


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"A012\n", Play(b"A012")),
        (b"\r\n", NextSample()),
        (b"# a remark", None),
        (b":split AB C", Play(b"AB C", Way.SPLIT)),
        (b":bare  AB", Play(b"AB", Way.BARE)),
        (b":twice AB", Play(b"AB", Way.TWICE)),
        (b":unheard AB", Play(b"AB", Way.UNHEARD)),
        (b":raw 7E 00ff", Sent(b"\x7e\x00\xff", "sent 3 bytes")),
        (b":unplug", Unplug(None)),
        (b":unplug 2.5", Unplug(2.5)),
        (b":replug", Replug()),
        (b":wait 3", Wait(3.0)),
        (b":split", Unclear("expected a code behind it, or :call and its like")),
        (b":split :twice AB", Unclear("expected a code behind it, or :call and its like")),
        (b":split :call 3 A012", Play(Call(3, "A012", CallState.CALLED), Way.SPLIT)),
        (b":twice :call", Unclear("expected a counter, 1 to 255, and a ticket, such as A012")),
        (b":raw 7", Unclear("expected bytes in hexadecimal, such as 7E 00")),
        (b":raw \xff", Unclear("expected bytes in hexadecimal, such as 7E 00")),
        (b":noise 0", Unclear("expected how many bytes, 1 to 1000000, and a seed if you like")),
        (b":noise", Unclear("expected how many bytes, 1 to 1000000, and a seed if you like")),
        (b":wait", Unclear("expected seconds, 0 to 3600")),
        (b":unplug 3601", Unclear("expected seconds, 0 to 3600")),
        (b":call 3 012", Play(Call(3, "012", CallState.CALLED))),
        (b":serve 3 a012", Play(Call(3, "A012", CallState.SERVING))),
        (b":done 3 A012", Play(Call(3, "A012", CallState.DONE))),
        (b":rate 3", Play(Call(3, None, CallState.RATE))),
        (b":call 3 A-012", Unclear("expected a counter, 1 to 255, and a ticket, such as A012")),
        (b":call 256 012", Unclear("expected a counter, 1 to 255, and a ticket, such as A012")),
        (b":rate 0", Unclear("expected a counter, 1 to 255, and a ticket, such as A012")),
        (b":rate", Unclear("expected a counter, 1 to 255, and a ticket, such as A012")),
        (b":dance", Unclear("not understood; :help names what there is")),
        (b":help", Unclear(HELP.rstrip())),
    ],
)
def test_each_line_is_understood(line: bytes, expected: Direction | None) -> None:
    assert understand(line) == expected


def test_noise_is_the_same_for_the_same_seed() -> None:
    first, again, other = (understand(line) for line in (b":noise 9 4", b":noise 9 4", b":noise 9 5"))
    assert isinstance(first, Sent)
    assert len(first.data) == 9
    assert first == again != other


@given(st.binary(max_size=40))
def test_nothing_that_is_typed_is_too_much(line: bytes) -> None:
    understand(line)
    for word in (b":", b":split ", b":call ", b":split :call ", b":split " * 5000):
        understand(word + line)


def test_the_help_names_every_word() -> None:
    for word in (
        "split",
        "bare",
        "twice",
        "raw",
        "noise",
        "unplug",
        "replug",
        "wait",
        "call",
        "serve",
        "done",
        "rate",
        "unheard",
    ):
        assert f":{word}" in HELP
