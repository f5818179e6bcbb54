"""What this machine lets us break, found out at run time; what it does not, the summary names."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.fakes import postgres
from tests.journeys.torture import enclosure

_FAKETIME = "**/faketime/libfaketimeMT.so.1"
_LIBRARIES = (Path("/usr/lib"), Path("/usr/local/lib"))


@dataclass(frozen=True)
class Surroundings:
    """What there is to break with."""

    enclosed: bool  # namespaces of our own; without them, no mount and no packet loss
    packet_loss: bool  # nft drops packets of a TCP port at random
    faketime: Path | None  # moves the wall clock of one process
    boots: bool  # time namespaces: another CLOCK_BOOTTIME and boot id for one process
    postgres: str | None  # why there is no PostgreSQL; None: there is
    mosquitto: Path | None

    def notes(self) -> list[str]:
        """Say how faults are made that are made differently elsewhere."""
        loss = "20 % of packets dropped by nft in a network namespace"
        stalls = "chunks held back by a proxy as TCP's retransmission would (no nft or no namespace here)"
        return [
            f"loss: {loss if self.packet_loss else stalls}",
            "delay: 2 s each way, in a proxy",
            f"wall clocks: {'moved by libfaketime' if self.faketime else 'left alone (libfaketime is not here)'}",
            f"reboots: {'a new boot id and CLOCK_BOOTTIME by a time namespace' if self.boots else 'process ends only'}",
        ]


def look() -> Surroundings:
    """Find out; in the enclosure, if there is to be one."""
    inside = enclosure.enclosed()
    return Surroundings(
        enclosed=inside,
        packet_loss=inside and _nft_drops(),
        faketime=next((path for folder in _LIBRARIES for path in folder.glob(_FAKETIME)), None),
        boots=inside and _boots(),
        postgres=postgres.unavailable(),
        mosquitto=_mosquitto(),
    )


def _nft_drops() -> bool:
    if shutil.which("nft") is None:
        return False
    rule = (
        "add table inet probe; add chain inet probe in { type filter hook input priority 0; };"
        " add rule inet probe in tcp dport 1 numgen random mod 100 < 20 drop; delete table inet probe"
    )
    return subprocess.run(["nft", rule], capture_output=True, check=False).returncode == 0


def _boots() -> bool:
    tried = subprocess.run(
        ["unshare", "--mount", "--time", "--boottime", "100", "--fork", "true"], capture_output=True, check=False
    )
    return tried.returncode == 0


def _mosquitto() -> Path | None:
    found = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    return None if found is None else Path(found)
