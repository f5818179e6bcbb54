"""Keyboards are found by the names that udev gives them, and described by the kernel's files about them."""

from pathlib import Path

from hardware.keyboards import list_keyboards
from hardware.ports import PortInfo


class Machine:
    """Folders as the kernel and udev lay them out."""

    def __init__(self, root: Path) -> None:
        self.devices, self.system = root / "input", root / "sys"
        self.devices.mkdir()

    def plug_in(self, event: str, link: str, bustype: str, vendor: str, product: str, name: str) -> str:
        device, names, facts = self.devices / event, self.devices / link, self.system / event / "device"
        device.touch()
        names.parent.mkdir(exist_ok=True)
        names.symlink_to(f"../{event}")
        (facts / "id").mkdir(parents=True)
        for file, text in (("id/bustype", bustype), ("id/vendor", vendor), ("id/product", product), ("name", name)):
            (facts / file).write_text(f"{text}\n", encoding="utf-8")
        return str(device)

    def listed(self) -> list[PortInfo]:
        return list_keyboards(self.devices, self.system)


def test_a_keyboard_has_the_names_that_stay_and_its_usb_id(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    by_id = "by-id/usb-Newland_HR52-event-kbd"
    path = machine.plug_in("event3", by_id, "0003", "1eab", "0103", "Newland HR52")
    other = machine.devices / "by-path"
    other.mkdir()
    (other / "platform-usb-0:1.2:1.0-event-kbd").symlink_to("../event3")
    stable = (str(machine.devices / by_id), str(other / "platform-usb-0:1.2:1.0-event-kbd"))
    assert machine.listed() == [PortInfo(path, stable, "Newland HR52", "1EAB:0103")]


def test_what_is_no_keyboard_is_left_out_and_what_is_not_usb_has_no_id(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.plug_in("event0", "by-path/platform-i8042-serio-0-event-kbd", "0011", "0001", "0001", "AT keyboard")
    machine.plug_in("event1", "by-id/usb-Panel-event-mouse", "0003", "0eef", "0001", "Touch panel")
    assert [(found.product, found.usb_id) for found in machine.listed()] == [("AT keyboard", None)]


def test_a_keyboard_that_is_pulled_amid_the_listing_is_no_error(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.plug_in("event3", "by-id/usb-Newland_HR52-event-kbd", "0003", "1eab", "0103", "Newland HR52")
    (machine.system / "event3" / "device" / "name").unlink()
    assert [found.product for found in machine.listed()] == [""]
    (machine.devices / "event3").unlink()
    assert machine.listed() == []


def test_a_machine_without_keyboards_has_none(tmp_path: Path) -> None:
    assert Machine(tmp_path).listed() == []


def test_what_a_keyboard_says_of_itself_cannot_upset_a_terminal(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.plug_in("event3", "by-id/usb-x-event-kbd", "0003", "1eab", "0103", "Scan\x1b[2Jner")
    assert [found.product for found in machine.listed()] == ["Scan?[2Jner"]
