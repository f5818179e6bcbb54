"""Every room names all the packages it needs, each at one version, and what they bring along."""

from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from deploy.environment import included

ROOT = Path(__file__).parents[2]
ROOMS = ["protocol", "hardware", "kiosk", "sync_server", "tests"]


def pins(file: Path) -> Iterator[Requirement]:
    for line in file.read_text(encoding="utf-8").splitlines():
        text = line.partition("#")[0].strip()
        if text and not text.startswith("-r "):
            yield Requirement(text)


def pinned(room: str) -> dict[str, str]:
    """Return the versions, by canonical name, that a room's file and the files it includes pin."""
    found: dict[str, str] = {}
    for file in included(ROOT / room / "requirements.txt"):
        for pin in pins(file):
            (specifier,) = pin.specifier
            assert specifier.operator == "==", f"{file}: {pin}"
            assert found.setdefault(canonicalize_name(pin.name), specifier.version) == specifier.version, f"{pin}"
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_pins_everything_that_its_packages_bring_along(room: str) -> None:
    versions = pinned(room)
    # sqlite-utils names pip, which every virtual environment has.
    waiting = [Requirement(name) for name in versions]
    seen = set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name == "pip" or str(requirement) in seen:
            continue
        seen.add(str(requirement))
        assert name in versions, f"{room}/requirements.txt lacks {requirement}"
        assert requirement.specifier.contains(versions[name]), f"{room}: {requirement} but {versions[name]}"
        for text in requires(name) or []:
            brought = Requirement(text)
            extras = requirement.extras or {""}
            if brought.marker is None or any(brought.marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(brought)


def test_all_rooms_pin_the_same_version_of_a_package() -> None:
    everything: dict[str, str] = {}
    for room in ROOMS:
        for name, pinned_version in pinned(room).items():
            assert everything.setdefault(name, pinned_version) == pinned_version


def test_the_file_at_the_top_installs_every_program() -> None:
    files = {path.relative_to(ROOT).as_posix() for path in included(ROOT / "requirements.txt")}
    assert files == {"requirements.txt", *(f"{room}/requirements.txt" for room in ROOMS if room != "tests")}


def test_what_is_installed_is_what_is_pinned() -> None:
    for name, wanted in pinned("tests").items():
        try:
            assert version(name) == wanted
        except PackageNotFoundError:
            pytest.fail(f"{name} is pinned but not installed")
