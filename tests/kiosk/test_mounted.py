"""Sticks are found where they are mounted, whatever they are called."""

from pathlib import Path

import pytest

from kiosk.mounted import sticks

MOUNTS = rb"""proc /proc proc rw,nosuid 0 0
/dev/mmcblk0p2 / ext4 rw,noatime 0 0
/dev/sda1 /media/pi/USB\040STICK vfat rw,nosuid 0 0
/dev/sda1 /media/pi/USB\040STICK vfat rw,nosuid 0 0
/dev/sdb1 /mnt exfat ro 0 0
/dev/sdc1 /mediator vfat rw 0 0
/dev/sdd1 /run/media/can\040bo/Phi\341\272\277u vfat rw 0 0
torn
"""


def test_what_is_mounted_where_sticks_are_is_found_once_each(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_bytes(MOUNTS)
    assert sticks(mounts) == [Path("/media/pi/USB STICK"), Path("/mnt"), Path("/run/media/can bo/Phiếu")]


def test_where_it_cannot_be_told_there_are_none(tmp_path: Path) -> None:
    assert sticks(tmp_path / "nothing") == []


@pytest.mark.parametrize("roots", [(Path("/"),), (Path("/proc"),)], ids=str)
def test_this_machine_can_be_asked(roots: tuple[Path, ...]) -> None:
    assert Path("/proc") in sticks(roots=roots)
