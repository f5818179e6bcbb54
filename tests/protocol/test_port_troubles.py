"""What may be wrong with a port is named once, and has words wherever people are shown it."""

from hardware import gm65, modbus
from kiosk.ui.wording import LANGUAGES, wording
from protocol.port_troubles import PortTrouble
from sync_server.web.wording import PORT_TROUBLES


def test_everything_has_words_on_the_page_and_on_the_kiosk_in_every_language() -> None:
    assert set(PORT_TROUBLES) == set(PortTrouble)
    for language in LANGUAGES:
        assert set(wording(language).service.troubles) == set(PortTrouble)


def test_the_numbers_in_the_words_are_those_of_the_drivers() -> None:
    assert f" {gm65.MISSES} times" in PortTrouble.SCANNER_SILENT
    assert f" {modbus.MISSES} times" in PortTrouble.QUEUE_SILENT


def test_on_the_wire_they_are_what_they_always_were() -> None:
    assert [*PortTrouble][:4] == [
        "not open yet",
        "there is no such device",
        "no permission; the user must be in the group of the device, usually dialout",
        "no permission; the user must be in the group of the device, usually input",
    ]
