"""Every sound is a whole WAV file, begins and ends in silence, and is as loud as it is told to be."""

import io
import struct
import wave
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from kiosk.core.tones import LOUDEST, RATE, Sound, wave_file

LONGEST_SECONDS = {Sound.TOUCH: 0.1, Sound.THANKS: 1.0}


def samples(sound: Sound, volume: int) -> tuple[int, ...]:
    with wave.open(io.BytesIO(wave_file(sound, volume))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE)
        count = file.getnframes()
        return struct.unpack(f"<{count}h", file.readframes(count))


def loudest(sound: Sound, volume: int) -> int:
    return max(abs(sample) for sample in samples(sound, volume))


@pytest.mark.parametrize("sound", Sound)
def test_a_sound_is_short_and_does_not_crack(sound: Sound) -> None:
    heard = samples(sound, LOUDEST)
    assert 0.03 < len(heard) / RATE <= LONGEST_SECONDS[sound]
    edge = loudest(sound, LOUDEST) / 20
    assert abs(heard[0]) <= edge and abs(heard[-1]) <= edge
    steps = [abs(later - sample) for sample, later in pairwise(heard)]
    assert max(steps) < loudest(sound, LOUDEST) / 2


@pytest.mark.parametrize("sound", Sound)
def test_the_loudest_is_heard_and_not_clipped(sound: Sound) -> None:
    assert 6_000 < loudest(sound, LOUDEST) < 32_767


@pytest.mark.parametrize("sound", Sound)
def test_no_volume_is_silence(sound: Sound) -> None:
    assert loudest(sound, 0) == 0


@trying(max_examples=6)
@given(st.integers(1, LOUDEST - 10), st.sampled_from(Sound))
def test_more_volume_is_louder(volume: int, sound: Sound) -> None:
    assert loudest(sound, volume) < loudest(sound, volume + 10)


@pytest.mark.parametrize("sound", Sound)
def test_the_same_is_computed_every_time(sound: Sound) -> None:
    assert wave_file(sound, 40) == wave_file(sound, 40)
