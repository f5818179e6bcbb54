"""`key`: the public half of what an office signs with, for publishing."""

import re
from pathlib import Path

from sync_server.archives.keys import fingerprint_of, signing_key
from sync_server.store.database import Database
from tests.fakes.small_office import SITE
from tests.sync_server.commands.conftest import Run


def test_it_is_made_once_and_shown(run: Run, folder: Path, seeded: Database) -> None:
    missing = run("key", "show")
    assert (missing.code, missing.out) == (2, "")
    assert f"key make --site {SITE}" in missing.err
    made = run("key", "make")
    public = signing_key(folder, SITE).public
    assert made.code == 0
    assert made.out.startswith(f"{public}\n")
    assert fingerprint_of(public) in made.out
    assert run("key", "show", "--site", SITE).out == made.out
    again = run("key", "make")
    assert (again.code, again.out) == (2, "")
    assert "is there already" in again.err
    assert signing_key(folder, SITE).public == public


def test_the_secret_half_is_never_shown(run: Run, folder: Path, seeded: Database) -> None:
    run("key", "make")
    secret = (folder / "keys" / f"decision.{SITE}.key").read_text().strip()
    for done in (run("key", "make"), run("key", "show")):
        assert secret not in done.out + done.err
    assert re.fullmatch("[0-9a-f]{64}", secret)


def test_one_that_others_may_read_is_refused_in_a_sentence(run: Run, folder: Path, seeded: Database) -> None:
    run("key", "make")
    (folder / "keys" / f"decision.{SITE}.key").chmod(0o644)
    done = run("key", "show")
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "chmod 600" in done.err
