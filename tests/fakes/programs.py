"""Programs that are not installed here, in their place on the path: they write down what they are asked."""

import os
from pathlib import Path

import pytest


class Programs:
    """Puts programs into a folder that is the whole path, but for what a shell needs."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        folder.mkdir()
        monkeypatch.setenv("PATH", str(folder))

    def install(self, name: str, *, then: str = "exit 0") -> None:
        """Install a program that notes its arguments and then does what the line of shell says."""
        program = self._folder / name
        program.write_text(
            "#!/bin/sh\n"
            f"PATH={os.defpath}\n"
            f'printf "%s" "$(basename "$0")" >> "{self._noted}"\n'
            f'for each in "$@"; do printf "\\t%s" "$each" >> "{self._noted}"; done\n'
            f'printf "\\n" >> "{self._noted}"\n'
            f"{then}\n"
        )
        program.chmod(0o755)

    @property
    def calls(self) -> list[list[str]]:
        """What was asked for, whole lines only: the program's name and its arguments."""
        if not self._noted.exists():
            return []
        text = self._noted.read_text(encoding="utf-8")
        return [line.split("\t") for line in text[: text.rfind("\n") + 1].splitlines()]

    @property
    def _noted(self) -> Path:
        return self._folder / "noted.txt"
