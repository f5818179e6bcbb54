"""One seed for everything that is drawn by chance, printed so that a run can be repeated: TEST_SEED=n make test."""

import os
import random

import coverage
import hypothesis
import pytest

SEED = int(os.environ.get("TEST_SEED") or random.SystemRandom().randrange(2**32))
os.environ["TEST_SEED"] = str(SEED)  # for the workers of a run of several

# Begun here, in each worker of `make test` and before anything of the product is imported. coverage's own way into
# other processes would also slow down every process that a journey starts.
COVERED = None
if os.environ.get("COVERED") and os.environ.get("PYTEST_XDIST_WORKER"):
    COVERED = coverage.Coverage(data_suffix=True)
    COVERED.start()

hypothesis.settings.register_profile("house", deadline=None, print_blob=True)
# For thousands of runs that are expected to fail: that one fails is enough to know.
hypothesis.settings.register_profile(
    "mutants",
    hypothesis.settings.get_profile("house"),
    max_examples=40,
    phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
    database=None,
)
hypothesis.settings.load_profile("house")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("hypothesis_seed", None) is None:
        config.option.hypothesis_seed = SEED


def pytest_unconfigure() -> None:
    if COVERED is not None:
        COVERED.stop()
        COVERED.save()


def pytest_report_header() -> str:
    return f"seed: {SEED} (TEST_SEED={SEED} repeats it)"


@pytest.fixture
def seed() -> int:
    return SEED
