"""What every driver promises, whatever its device."""

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.driver import Call, Driver, Fault, Frame, Output, Reply, Send, Silent
from tests.hardware.drivers import SAMPLES, cut, outputs, said

names = pytest.mark.parametrize("name", SAMPLES)

# What the devices' messages begin and end with, so that pieces of all of them are common.
pieces = st.one_of(
    st.sampled_from(
        [
            *(sample.message for sample in SAMPLES.values()),
            *(sample.message[:4] for sample in SAMPLES.values()),
            *(b"\x02\x00\x00\x01\x00\x33\x31", b"\x03\x00\x00\x01\x00\x33\x31", b"\x02\x00\x00", b"\x03"),
            *(
                b"\xff\x68\x08\x08\x68",
                b"\xff\xf4",
                b"\x01\x03\xff",
                b"\x05\xf3\x00\x02",
                b"A012",
                b"\r",
                b"\n",
                b"\x02",
            ),
        ]
    ),
    st.binary(max_size=8),
    st.integers(500, 600).map(lambda length: b"x" * length),
)
streams = st.lists(pieces, max_size=8).map(b"".join)
FILLERS = [b"x", b"\x00", b"\xff", b"\x02", b"\x02\x00", b"\x02\x00\x00\x01", b"\xff\x68\x09\x09\x68", b"\x01\x03\xff"]
FILLERS += [b"\xfe\xf3\x00\x02", b"\xff\xf4\x01\xff\xf4\x00"]


@names
@given(stream=streams, at=st.lists(st.integers(0, 3000), max_size=20))
def test_the_outcome_does_not_depend_on_how_the_bytes_are_split(name: str, stream: bytes, at: list[int]) -> None:
    whole, split = SAMPLES[name].driver(), SAMPLES[name].driver()
    assert outputs(split, cut(stream, at)) == outputs(whole, [stream])
    assert split.tick(5.0) == whole.tick(5.0)


@names
@given(stream=streams)
def test_byte_by_byte_is_the_same_as_all_at_once(name: str, stream: bytes) -> None:
    chunks = [bytes([byte]) for byte in stream] or [b""]
    assert outputs(SAMPLES[name].driver(), chunks) == outputs(SAMPLES[name].driver(), [stream])


@names
@given(reads=st.lists(st.tuples(st.one_of(streams, st.binary(max_size=2000)), st.floats(), st.floats()), max_size=6))
def test_nothing_raises(name: str, reads: list[tuple[bytes, float, float]]) -> None:
    driver = SAMPLES[name].driver()
    for chunk, now, later in reads:
        for output in [*driver.opened(now), *driver.feed(chunk, now), *driver.tick(later)]:
            assert isinstance(output, Frame | Fault | Send | Reply | Silent | Call)


@names
@given(junk=streams)
def test_nothing_from_before_counts_when_the_port_is_opened_anew(name: str, junk: bytes) -> None:
    sample = SAMPLES[name]
    driver = sample.driver()
    driver.feed(junk, 1.0)
    driver.opened(1.0)
    driver.tick(1.0)
    found = said([*driver.feed(sample.message, 1.0), *driver.tick(1.0)])
    # Registers that say the same as before say nothing new.
    assert found == [*sample.means] or (name.startswith("modbus") and sample.message in junk)


@names
@given(junk=st.binary(max_size=600))
def test_after_junk_and_a_silence_it_needs_no_reopening(name: str, junk: bytes) -> None:
    sample = SAMPLES[name]
    driver = sample.driver()
    driver.feed(junk, 1.0)
    driver.tick(2.0)
    if name == "wedge":
        driver.opened(2.0)  # a grabbed device writes whole events: junk is keys that are held down
    assert said(driver.feed(sample.message, 3.0)) == [*sample.means]


@names
def test_two_messages_stay_two(name: str) -> None:
    sample = SAMPLES[name]
    found: list[Output] = []
    driver = sample.driver()
    for moment in (1.0, 9.0):
        found += said(driver.feed(sample.message, moment))
    repeats = 1 if name.startswith("modbus") else 2  # registers that say the same say nothing new
    assert found == [*sample.means] * repeats


# Bytes that the interpreter takes for itself now and then; a megabyte and more is fed.
NOISE = 16_384


def growth(driver: Driver, chunk: bytes, times: int) -> int:
    """How many bytes a driver holds more, once it has been fed the same again and again."""
    driver.feed(chunk, 1.0)
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for _ in range(times):
            driver.feed(chunk, 1.0)
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return after - before


@names
def test_ten_megabytes_without_an_end_take_no_memory(name: str) -> None:
    driver = SAMPLES[name].driver()
    chunk = b"x" * 65536
    assert growth(driver, chunk, 160) < NOISE


@names
@pytest.mark.parametrize("filler", FILLERS)
def test_beginnings_without_an_end_take_no_memory(name: str, filler: bytes) -> None:
    driver = SAMPLES[name].driver()
    chunk = filler * (2048 // len(filler))
    assert growth(driver, chunk, 20) < NOISE
