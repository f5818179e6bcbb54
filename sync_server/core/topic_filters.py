"""Which topics an ingest listens to: the channels that kiosks speak on, of all kiosks or of some. Pure."""

from protocol.topics import NAME, ROOT, TO_SERVER, VERSION

ANY = "+"
ALL_BELOW = "#"
CHANNELS = tuple(sorted(TO_SERVER))

EXPECTED = f"expected {ROOT}/{VERSION}/SITE/KIOSK/CHANNEL, with + for any of them, or {ROOT}/{VERSION}/SITE/#"


class UnusableFilter(ValueError):
    """The text is no filter of topics that kiosks speak on; it says what is expected."""


def of_all_kiosks() -> tuple[str, ...]:
    """Return the filters of everything that kiosks say."""
    return expand(f"{ROOT}/{VERSION}/{ALL_BELOW}")


def expand(text: str) -> tuple[str, ...]:
    """Return the filters, one a channel, that a filter means; UnusableFilter when it is none of ours.

    What the server says itself is never listened to, however wide the filter is.
    """
    levels = text.split("/")
    if levels[-1] == ALL_BELOW and len(levels) <= 5:
        levels[-1:] = [ANY] * (6 - len(levels))
    if len(levels) != 5 or levels[:2] != [ROOT, VERSION]:
        raise UnusableFilter(EXPECTED)
    _, _, site, kiosk, channel = levels
    if not all(level == ANY or NAME.fullmatch(level) for level in (site, kiosk)):
        raise UnusableFilter(EXPECTED)
    channels = CHANNELS if channel == ANY else (channel,)
    if not set(channels) <= set(CHANNELS):
        raise UnusableFilter(f"kiosks speak on {', '.join(CHANNELS)} only")
    return tuple(f"{ROOT}/{VERSION}/{site}/{kiosk}/{channel}" for channel in channels)
