"""How a kiosk stands to the setup of its office, in words. Pure."""

from dataclasses import dataclass

from protocol.messages import Count
from sync_server.core.names import printable


@dataclass(frozen=True)
class KioskSetup:
    """What a kiosk said last about setups; no revision when it was never heard of."""

    kiosk: str
    revision: Count | None = None  # 0: it follows none
    refused: str = ""  # why a newer one is not in force there
    revoked: bool = False


def standing_words(kiosk: KioskSetup, in_force: Count) -> str:
    """Say in words which setup a kiosk follows, beside the one in force (0: none)."""
    if kiosk.revoked:
        return "revoked; it is told nothing"
    if kiosk.revision is None:
        return "never heard of"
    follows = f"follows revision {kiosk.revision}" if kiosk.revision else "follows none, but its own settings file"
    if kiosk.refused and kiosk.revision < in_force:
        return f"{follows}; refuses a newer one: {printable(kiosk.refused)}"
    if kiosk.revision < in_force:
        return f"{follows}; has not answered to revision {in_force} yet"
    if kiosk.revision > in_force:
        return f"{follows}, which is newer than this server knows: was it restored from a backup?"
    return follows
