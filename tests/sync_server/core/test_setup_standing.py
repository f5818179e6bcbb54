"""How a kiosk stands to the setup of its office."""

import pytest

from sync_server.core.setup_standing import KioskSetup, standing_words


@pytest.mark.parametrize(
    ("kiosk", "words"),
    [
        (KioskSetup("k"), "never heard of"),
        (KioskSetup("k", 3, revoked=True), "revoked; it is told nothing"),
        (KioskSetup("k", 3), "follows revision 3"),
        (KioskSetup("k", 3, "revision 2: revision 3 is in force"), "follows revision 3"),
        (KioskSetup("k", 2), "follows revision 2; has not answered to revision 3 yet"),
        (KioskSetup("k", 0), "follows none, but its own settings file; has not answered to revision 3 yet"),
        (
            KioskSetup("k", 2, "revision 3: there is no counter 9\x1b[2J"),
            "follows revision 2; refuses a newer one: revision 3: there is no counter 9?[2J",
        ),
        (
            KioskSetup("k", 4),
            "follows revision 4, which is newer than this server knows: was it restored from a backup?",
        ),
    ],
)
def test_it_is_said_in_words(kiosk: KioskSetup, words: str) -> None:
    assert standing_words(kiosk, 3) == words
