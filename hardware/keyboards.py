"""The keyboards of this machine, scanners that type among them, as the kernel and udev name them."""

from pathlib import Path

from hardware.ports import STABLE_NAMES, PortInfo, printable, stable_names

DEVICES = Path("/dev/input")
SYSTEM = Path("/sys/class/input")
KEYBOARD_NAME = "-event-kbd"  # how udev ends the names it gives to keyboards
_USB = "0003"  # bustype, linux/input.h


def list_keyboards(devices: Path = DEVICES, system: Path = SYSTEM) -> list[PortInfo]:
    """Return the keyboards that are there now: those that udev has named."""
    folders = (devices / "by-id", devices / "by-path", *STABLE_NAMES)
    names = [name for folder in folders[:2] if folder.is_dir() for name in folder.iterdir()]
    paths = sorted({name.resolve() for name in names if name.name.endswith(KEYBOARD_NAME)})
    return [_described(path, system / path.name / "device", folders) for path in paths if path.exists()]


def _described(path: Path, facts: Path, folders: tuple[Path, ...]) -> PortInfo:
    usb = _fact(facts / "id" / "bustype") == _USB
    usb_id = f"{_fact(facts / 'id' / 'vendor')}:{_fact(facts / 'id' / 'product')}".upper()
    return PortInfo(
        str(path), stable_names(str(path), folders), printable(_fact(facts / "name")), usb_id if usb else None
    )


def _fact(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""  # it was pulled this moment
