"""Makes the environment in data/mutants, when what it needs has changed. Standard library only."""

import sys
from pathlib import Path

from deploy.environment import Environment
from deploy.progress import SetupStopped, say

ROOT = Path(__file__).parents[2]
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
HOME = ROOT / "data" / "mutants"


def main() -> int:
    """Exit status: 0 it is there, 1 it cannot be made, and why."""
    environment = Environment(HOME, ROOT / "data" / "setup.log")
    if environment.is_ready("mutants", REQUIREMENTS):
        return 0
    HOME.parent.mkdir(exist_ok=True)
    try:
        environment.make()
        environment.install(REQUIREMENTS)
    except SetupStopped as stopped:
        say(f"\n{stopped}")
        return 1
    environment.stamp("mutants", REQUIREMENTS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
