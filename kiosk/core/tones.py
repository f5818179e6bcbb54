"""The sounds of the kiosk, computed: there is no recording to ship or to license. Pure."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import exp, pi, sin

RATE = 44_100  # samples a second: what every sound card plays without converting
LOUDEST = 100
_PEAK = 32_767 * 0.8  # room for what a small loudspeaker cannot follow
_ATTACK_SECONDS = 0.004  # a tone that begins at once is heard as a crack
_RELEASE_SECONDS = 0.02
_OVERTONES = ((1, 0.78), (2, 0.16), (3, 0.06))  # of the note, and how much of the sound each is: together one


class Sound(StrEnum):
    """What is heard."""

    TOUCH = "touch"
    THANKS = "thanks"


@dataclass(frozen=True)
class Note:
    """A struck note: it fades by half in *half* seconds."""

    hertz: float
    begins: float
    lasts: float
    half: float
    loud: float = 1.0


NOTES: dict[Sound, tuple[Note, ...]] = {
    # As short as a key that clicks, and high enough for small loudspeakers.
    Sound.TOUCH: (Note(1318.5, 0.0, 0.06, 0.012, 0.5),),
    # A fourth upwards, like a door bell the other way round: something is done, nothing is wanted.
    Sound.THANKS: (Note(784.0, 0.0, 0.5, 0.12, 0.6), Note(1046.5, 0.14, 0.66, 0.16, 0.6)),
}


def wave_file(sound: Sound, volume: int) -> bytes:
    """Return a sound as a WAV file, mono, 16 bits; *volume* is from 0 to LOUDEST, and heard as even steps."""
    samples = _samples(NOTES[sound], (volume / LOUDEST) ** 2)
    data = struct.pack(f"<{len(samples)}h", *samples)
    layout = struct.pack("<HHIIHH", 1, 1, RATE, 2 * RATE, 2, 16)  # PCM, one channel
    return b"".join(
        (
            *(b"RIFF", struct.pack("<I", 36 + len(data)), b"WAVE"),
            *(b"fmt ", struct.pack("<I", len(layout)), layout),
            *(b"data", struct.pack("<I", len(data)), data),
        )
    )


def _samples(notes: Sequence[Note], loudness: float) -> list[int]:
    lasts = max(note.begins + note.lasts for note in notes)
    mixed = [0.0] * round(lasts * RATE)
    for note in notes:
        first = round(note.begins * RATE)
        for place in range(round(note.lasts * RATE)):
            mixed[min(first + place, len(mixed) - 1)] += _strength(note, place / RATE)
    return [round(_PEAK * loudness * max(-1.0, min(1.0, strength))) for strength in mixed]


def _strength(note: Note, at: float) -> float:
    fade = exp(-at / note.half * 0.6931) * min(1.0, at / _ATTACK_SECONDS, (note.lasts - at) / _RELEASE_SECONDS)
    wave = sum(share * sin(2 * pi * note.hertz * overtone * at) for overtone, share in _OVERTONES)
    return note.loud * fade * wave
