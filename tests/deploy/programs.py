"""A folder of programs that replaces PATH: what a machine has and lacks, made up."""

import os
import shutil
from pathlib import Path


class Programs:
    """Scripts written here, and links to the few real programs that they use."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        for name in ("sh", "env", "sleep", "touch", "true"):
            real = shutil.which(name)
            assert real is not None
            (folder / name).symlink_to(real)

    def write(self, name: str, script: str = "exit 0") -> None:
        program = self.folder / name
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        program.chmod(0o755)

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "PATH": str(self.folder)}
