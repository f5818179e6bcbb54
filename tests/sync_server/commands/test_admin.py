"""`admin link` prints a link that signs in once."""

import re
from datetime import UTC, datetime

import pytest

from sync_server.store.database import Database
from sync_server.store.people import sign_in, who_is
from tests.sync_server.commands.conftest import Run


def test_the_link_leads_to_the_public_address_and_signs_in(run: Run, seeded: Database) -> None:
    done = run("admin", "link", "--name", " Trần Thu Hà ")
    assert done.code == 0
    link = re.fullmatch(r"https://hailong\.example/sign-in/([\w-]{43})\n", done.out)
    assert link is not None
    now = datetime.now(UTC)
    session = sign_in(seeded, link[1], now)
    assert session is not None
    admin = who_is(seeded, session, now)
    assert admin is not None
    assert admin.name == "Trần Thu Hà"


@pytest.mark.usefixtures("seeded")
def test_a_name_is_not_needed(run: Run) -> None:
    assert run("admin", "link").out.startswith("https://hailong.example/sign-in/")


@pytest.mark.parametrize("name", ["", "a\nb"])
def test_what_is_no_name_is_refused(run: Run, name: str) -> None:
    done = run("admin", "link", "--name", name)
    assert (done.code, done.out) == (2, "")
    assert "--name" in done.err
