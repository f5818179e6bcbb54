"""`kiosk add` gives a machine its name, its password and its settings, or changes nothing."""

import stat
import tomllib
from pathlib import Path

import pytest

from kiosk.__main__ import load
from protocol.sealing import sealing_key, verify_key
from protocol.topics import Address
from sync_server.keys import stick_keys
from sync_server.store.changes import Subject, change_number
from sync_server.store.database import Database
from sync_server.store.export_keys import KeyOwner, owner_of
from sync_server.store.fleet import list_kiosks, password_fits
from tests.fakes.small_office import SITE
from tests.sync_server.commands.conftest import Run

KIOSK = Address(SITE, "quay-1")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kiosks" / "quay-1.toml"


def fits(database: Database, password: str) -> bool:
    with database.reading() as connection:
        return password_fits(connection, KIOSK, password)


def registered(database: Database) -> list[str]:
    with database.reading() as connection:
        return [kiosk.address.kiosk for kiosk in list_kiosks(connection)]


def test_a_kiosk_is_registered_and_its_settings_are_for_its_eyes_only(run: Run, seeded: Database, file: Path) -> None:
    done = run("kiosk", "add", SITE, "quay-1", "--counter", "2", "--settings-file", file)
    assert (done.code, done.err) == (0, "")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    settings = load(file)
    assert settings.identity.address == KIOSK
    assert (settings.place.counter, settings.place.field) == (2, "Đất đai")
    assert (settings.server.host, settings.server.port) == ("127.0.0.1", 1883)
    assert settings.screen.fullscreen
    assert fits(seeded, settings.server.password)
    assert not fits(seeded, "")
    assert settings.server.password not in done.out
    assert list(file.parent.iterdir()) == [file]


def test_everything_that_was_said_stands_in_the_file(run: Run, seeded: Database, file: Path) -> None:
    said = ["--host", "máy-chủ.vn", "--port", "8883", "--state", "votes", "--scanner", "/dev/serial0", "--window"]
    assert run("kiosk", "add", SITE, "quay-1", "--settings-file", file, *said).code == 0
    settings = load(file)
    assert (settings.server.host, settings.server.port) == ("máy-chủ.vn", 8883)
    assert settings.identity.state == str(file.parent / "votes")
    assert settings.scanner.port == "/dev/serial0"
    assert settings.place.counter is None
    assert not settings.screen.fullscreen


def test_two_kiosks_of_a_site_share_its_key_and_no_password(run: Run, seeded: Database, tmp_path: Path) -> None:
    paths = [tmp_path / "one.toml", tmp_path / "two.toml"]
    for path in paths:
        assert run("kiosk", "add", SITE, path.stem, "--settings-file", path).code == 0
    one, two = map(load, paths)
    assert one.identity.site_key == two.identity.site_key
    assert one.server.password != two.server.password


def test_a_registered_kiosk_gets_a_new_password_only_when_asked(run: Run, seeded: Database, file: Path) -> None:
    run("kiosk", "add", SITE, "quay-1", "--settings-file", file)
    before = load(file).server.password
    again = run("kiosk", "add", SITE, "quay-1", "--settings-file", file)
    assert again.code == 2
    assert "--renew gives it a new password" in again.err
    assert fits(seeded, load(file).server.password)
    assert run("kiosk", "add", SITE, "quay-1", "--settings-file", file, "--renew").code == 0
    after = load(file).server.password
    assert after != before
    assert fits(seeded, after)
    assert not fits(seeded, before)


def owner(database: Database, key: str) -> KeyOwner | None:
    with database.reading() as connection:
        return owner_of(connection, verify_key(bytes.fromhex(key)))


def test_a_kiosk_gets_a_key_of_its_own_for_sticks_and_a_new_one_when_renewed(
    run: Run, seeded: Database, folder: Path, file: Path
) -> None:
    done = run("kiosk", "add", SITE, "quay-1", "--settings-file", file)
    first = load(file).export
    assert first is not None
    keys = stick_keys(folder)
    assert (first.server_key, first.receipt_key) == (sealing_key(keys.votes).hex(), verify_key(keys.receipts).hex())
    assert first.signing_key not in done.out
    assert owner(seeded, first.signing_key) == KeyOwner(KIOSK, None, None)
    run("kiosk", "add", SITE, "quay-1", "--settings-file", file, "--renew")
    second = load(file).export
    assert second is not None
    assert (second.server_key, second.receipt_key) == (first.server_key, first.receipt_key)
    assert owner(seeded, second.signing_key) == KeyOwner(KIOSK, None, None)
    former = owner(seeded, first.signing_key)
    assert former is not None and former.address == KIOSK and former.ended_at is not None
    assert owner(seeded, "5" * 64) is None


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nowhere", "quay-1"], "there is no site 'nowhere'; import it with 'office import FOLDER'"),
        ([SITE, "Quầy 1"], "a kiosk is named with 1 to 32 characters"),
        ([SITE, "quay-1", "--counter", "9"], "site 'sia' has no counter 9"),
        ([SITE, "quay-1", "--counter", "0"], "site 'sia' has no counter 0"),
        ([SITE, "quay-1", "--port", "0"], "--port: expected a number from 1 to 65535"),
        ([SITE, "quay-1", "--port", "65536"], "--port: expected a number from 1 to 65535"),
        ([SITE, "quay-1", "--scanner", "/dev/\udcff"], "an argument is not UTF-8 text"),
    ],
)
def test_a_mistake_is_one_line_and_changes_nothing(
    run: Run, seeded: Database, file: Path, arguments: list[str], told: str
) -> None:
    before = registered(seeded)
    done = run("kiosk", "add", *arguments, "--settings-file", file)
    assert done.code == 2
    assert done.out == ""
    assert told in done.err
    assert len(done.err.splitlines()) == 1
    assert not file.exists()
    assert registered(seeded) == before


def test_a_file_that_cannot_be_written_leaves_the_old_password_good(run: Run, seeded: Database, file: Path) -> None:
    run("kiosk", "add", SITE, "quay-1", "--settings-file", file)
    before = file.read_text(encoding="utf-8")
    (file.parent / f"{file.name}.new").mkdir()
    done = run("kiosk", "add", SITE, "quay-1", "--settings-file", file, "--renew")
    assert done.code == 2
    assert f"{file}: cannot be written" in done.err
    assert file.read_text(encoding="utf-8") == before
    assert fits(seeded, load(file).server.password)


def test_the_kiosks_are_listed(run: Run, seeded: Database, file: Path) -> None:
    run("kiosk", "add", SITE, "quay-2", "--settings-file", file)
    listed = run("kiosk", "list").out
    assert "sia  quay-2  registered " in listed
    assert load(file).server.password not in listed


def test_a_revoked_kiosk_is_told_of_and_its_password_fits_no_more_until_it_is_renewed(
    run: Run, seeded: Database, file: Path
) -> None:
    run("kiosk", "add", SITE, "quay-1", "--settings-file", file)
    password = load(file).server.password
    before = change_number(seeded, Subject.RIGHTS)
    done = run("kiosk", "revoke", SITE, "quay-1")
    assert (done.code, done.err) == (0, "")
    assert "may send no more" in done.out
    assert change_number(seeded, Subject.RIGHTS) > before
    assert not fits(seeded, password)
    [line] = [line for line in run("kiosk", "list").out.splitlines() if "quay-1" in line]
    assert ", revoked 2" in line
    assert run("kiosk", "add", SITE, "quay-1", "--settings-file", file, "--renew").code == 0
    assert fits(seeded, load(file).server.password)
    assert not fits(seeded, password)
    assert "revoked" not in run("kiosk", "list").out


def test_registering_and_renewing_are_told_too(run: Run, seeded: Database, file: Path) -> None:
    numbers = [change_number(seeded, Subject.RIGHTS)]
    for more in ([], ["--renew"]):
        run("kiosk", "add", SITE, "quay-1", "--settings-file", file, *more)
        numbers.append(change_number(seeded, Subject.RIGHTS))
    assert numbers[0] < numbers[1] < numbers[2]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([SITE, "quay-9"], "there is no kiosk 'quay-9' of site 'sia'; see 'kiosk list'"),
        (["Sịa", "quay-1"], "a site is named with 1 to 32 characters"),
        ([SITE, "quay-1"], "kiosk 'quay-1' is revoked already"),
    ],
)
def test_only_a_kiosk_that_may_send_can_be_revoked(
    run: Run, seeded: Database, file: Path, arguments: list[str], told: str
) -> None:
    run("kiosk", "add", SITE, "quay-1", "--settings-file", file)
    run("kiosk", "revoke", SITE, "quay-1")
    before = change_number(seeded, Subject.RIGHTS)
    done = run("kiosk", "revoke", *arguments)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert change_number(seeded, Subject.RIGHTS) == before


def test_the_kiosk_is_told_where_it_finds_the_authority(run: Run, seeded: Database, file: Path) -> None:
    said = ["--authority", "/etc/kiosk/authority.pem"]
    assert run("kiosk", "add", SITE, "quay-1", "--settings-file", file, *said).code == 0
    assert tomllib.loads(file.read_text(encoding="utf-8"))["server"]["authority"] == "/etc/kiosk/authority.pem"
