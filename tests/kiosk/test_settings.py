"""The kiosk's settings: a mistake is one line that names file and field."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from hardware.ft12 import Ft12
from hardware.modbus import Modbus
from hardware.queue_line import QueueLine
from kiosk.__main__ import load
from kiosk.core.resting import WIDE_AWAKE, Habits
from kiosk.settings import Export, Place, Scanner, Screen, Server, Service
from protocol.settings_file import SettingsMistake
from protocol.topics import Address

ROOT = Path(__file__).parents[2]
GOOD = f"""\
[identity]
site = "sia"
kiosk = "quay-1"
site_key = "{"0f" * 32}"
[server]
password = "secret"
"""

EXPORT = f"""\
[export]
signing_key = "{"1a" * 32}"
server_key = "{"2b" * 32}"
receipt_key = "{"3c" * 32}"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "kiosk.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_little_has_to_be_told(tmp_path: Path) -> None:
    settings = load(written(tmp_path, GOOD))
    assert settings.identity.address == Address("sia", "quay-1")
    assert settings.identity.state == "/var/lib/kiosk"
    assert settings.server == Server("secret", "127.0.0.1", 1883)
    assert (settings.scanner, settings.place, settings.screen) == (Scanner(), Place(), Screen())


def test_the_keys_for_sticks_may_be_missing(tmp_path: Path) -> None:
    assert load(written(tmp_path, GOOD)).export is None
    assert load(written(tmp_path, GOOD + EXPORT)).export == Export("1a" * 32, "2b" * 32, "3c" * 32)


def test_the_units_of_the_office_may_be_named(tmp_path: Path) -> None:
    settings = load(written(tmp_path, GOOD + '[place]\nunits = ["H57.14", "000.00.12.H57"]'))
    assert settings.place.units == ("H57.14", "000.00.12.H57")


def test_the_service_page_has_a_pin_and_badges_or_none(tmp_path: Path) -> None:
    assert load(written(tmp_path, GOOD)).service == Service("", ())
    path = written(tmp_path, GOOD + '[service]\npin = "471100"\nbadges = ["NV-0012", "NV-000013"]')
    assert load(path).service == Service("471100", ("NV-0012", "NV-000013"))


@pytest.mark.parametrize(
    ("driver", "kind"), [("line", QueueLine), ("ft12", Ft12), ("modbus", Modbus)], ids=["line", "ft12", "modbus"]
)
def test_a_queue_system_may_be_there_and_has_a_driver(tmp_path: Path, driver: str, kind: type) -> None:
    assert load(written(tmp_path, GOOD)).queue is None
    queue = load(written(tmp_path, GOOD + f'[queue]\nport = "/dev/kiosk/queue"\ndriver = "{driver}"')).queue
    assert queue is not None
    assert isinstance(queue.made(), kind)


def test_a_relative_state_folder_starts_at_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, GOOD.replace("[server]", 'state = "votes"\n[server]'))
    monkeypatch.chdir("/")
    assert load(path).identity.state == str(tmp_path / "votes")


def test_a_relative_authority_starts_at_the_file_and_none_stays_none(tmp_path: Path) -> None:
    assert load(written(tmp_path, GOOD)).server.authority == ""
    path = written(tmp_path, GOOD + 'authority = "authority.pem"')
    assert load(path).server.authority == str(tmp_path / "authority.pem")


def test_a_relative_folder_for_exports_starts_at_the_file_and_none_stays_none(tmp_path: Path) -> None:
    assert load(written(tmp_path, GOOD)).service.stick == ""
    assert load(written(tmp_path, GOOD + '[service]\nstick = "stick"')).service.stick == str(tmp_path / "stick")


def test_how_the_panel_rests_can_be_told_and_zero_is_never(tmp_path: Path) -> None:
    assert load(written(tmp_path, GOOD)).rest.habits() == Habits()
    minutes = "dim_minutes = 3\nmargin_minutes = 60\nshift_minutes = 5"
    habits = load(written(tmp_path, f"{GOOD}[rest]\n{minutes}")).rest.habits()
    assert habits == Habits(*(timedelta(minutes=each) for each in (3, 60, 5)))
    never = "dim_minutes = 0\ndark_outside_hours = false\nshift_minutes = 0"
    assert load(written(tmp_path, f"{GOOD}[rest]\n{never}")).rest.habits() == WIDE_AWAKE


def test_a_margin_of_zero_is_one(tmp_path: Path) -> None:
    assert load(written(tmp_path, GOOD + "[rest]\nmargin_minutes = 0")).rest.habits().dark_beyond == timedelta(0)


@pytest.mark.parametrize(
    ("mistake", "named"),
    [
        (GOOD.replace('"sia"', '"Sịa"'), "identity: a site is named with"),
        (
            GOOD.replace('site = "sia"\n', 'site = "sia"\nregistered = 2026-11-24T03:00:00\n'),
            "identity: registered: expected a time with its offset, like 2026-11-24T03:00:00Z",
        ),
        (GOOD.replace('"quay-1"', '""'), "identity: a kiosk is named with"),
        (GOOD.replace("0f0f", "0g0f"), "identity: site_key: expected 64 hexadecimal digits"),
        (GOOD.replace("0f0f", ""), "identity: site_key: expected 64 hexadecimal digits"),
        (GOOD.replace('site = "sia"\n', ""), "identity: Object missing required field `site`"),
        (GOOD + 'host = ""', "server: host: expected a name or an address"),
        (GOOD + 'host = "a..b"', "server: host: expected a name or an address"),
        (GOOD + f'host = "{"a" * 64}.vn"', "server: host: expected a name or an address"),
        (GOOD + "port = 0", "server: port: expected a number from 1 to 65535"),
        (GOOD + 'port = "1883"', "server.port: Expected `int`, got `str`"),
        (GOOD + "[sound]\nvolume = 101", "sound: volume: expected a number from 0 to 100"),
        (GOOD + "[sound]\nvolume = -1", "sound: volume: expected a number from 0 to 100"),
        (GOOD + "[rest]\ndim_minutes = -1", "rest: dim_minutes: expected a number from 0 to 1440"),
        (GOOD + "[rest]\nmargin_minutes = 1441", "rest: margin_minutes: expected a number from 0 to 1440"),
        (GOOD + "[rest]\nshift_minutes = 9999", "rest: shift_minutes: expected a number from 0 to 1440"),
        (GOOD + '[service]\npin = "12a4"', "service: pin: expected 4 to 12 digits"),
        (GOOD + '[service]\nbadges = ["0012"]', "service: badges: expected badges like NV-0012"),
        (GOOD + '[scanner]\nport = ""', "scanner: port: expected the path of a device"),
        (GOOD + '[scanner]\nport = "/dev/ttyUSB0"', "scanner: port: /dev/ttyUSB0 may be another device after"),
        (GOOD + '[scanner]\nport = "/dev/input/event3"', "scanner: port: /dev/input/event3 may be another device"),
        (GOOD + "[scanner]\nbaud = 9601", "scanner: baud: expected one of"),
        (GOOD + '[scanner]\ndriver = "hid"', "scanner: driver: expected one of line, gm65, ssi, wedge"),
        (
            GOOD + '[queue]\nport = "/dev/kiosk/scanner"\ndriver = "ft12"',
            "top level: queue.port: the scanner has this port; expected another one",
        ),
        *(
            (GOOD + '[queue]\nport = "/dev/kiosk/queue"\n' + lines, f"queue: {named}")
            for lines, named in (
                ("", "Object missing required field `driver`"),
                ('driver = "qmatic"', "driver: expected one of line, ft12, modbus"),
                ('driver = "ft12"\nbaud = 1', "baud: expected one of"),
                ('driver = "line"\ncheck = "crc"', "check: expected one of none, xor, sum"),
                ('driver = "line"\npattern = "("', "pattern: the pattern is no regular expression"),
                ('driver = "line"\npattern = "[0-9]+"', "pattern: "),
                ('driver = "modbus"\nunit = 0', "unit: expected a number from 1 to 247"),
                ('driver = "modbus"\nfirst_register = 65533', "first_register: expected a number from 0 to 65532"),
            )
        ),
        (GOOD + "[place]\ncounter = 0", "place: counter: expected a number from 1 to 999"),
        *(
            (GOOD + f"[place]\nunits = {units}", "place: units: expected up to 100 identifiers of units, like H57.14")
            for units in ('["h57.14"]', '["H57.14", ""]', '["H57.14-261008-0975"]', ["H57"] * 101)
        ),
        (GOOD + '[place]\nunits = "H57.14"', "place.units: Expected `array`, got `str`"),
        (GOOD + "[place]\nofice = 'x'", "place: Object contains unknown field `ofice`"),
        (GOOD + "[screen]\nwidth = 100", "screen: width, height: expected 320 to 7680 pixels"),
        (GOOD + '[screen]\nlanguage = "fr"', "screen: language: expected one of vi, en"),
        *(
            (GOOD + f"[screen]\nrotation = {degrees}", "screen: rotation: expected 0, 90, 180 or 270")
            for degrees in (1, 45, -90, 360)
        ),
        (GOOD + "[screen]\nrotation = true", "screen.rotation: Expected `int`, got `bool`"),
        *(
            (GOOD + f"[service]\npin = {pin}", "service: pin: expected 4 to 12 digits")
            for pin in ('"123"', '"1234567890123"', '"12a4"', '"١٢٣٤"', '"1234\\n"')
        ),
        *(
            (GOOD + f"[service]\nbadges = [{badge}]", "service: badges: expected badges like NV-0012")
            for badge in ('"0012"', '"nv-0012"', '"NV-0012", "NV-1"', '""')
        ),
        (GOOD + "[service]\npin = 1234", "service.pin: Expected `str`, got `int`"),
        (GOOD + "[export]", "export: Object missing required field `signing_key`"),
        (GOOD + EXPORT.replace("1a1a", "1A1a"), "export: signing_key: expected 64 hexadecimal digits"),
        (GOOD + EXPORT.replace("2b2b", "2b2", 1), "export: server_key: expected 64 hexadecimal digits"),
        (GOOD + EXPORT.replace("3c3c", "3c3c3", 1), "export: receipt_key: expected 64 hexadecimal digits"),
        (GOOD + "[storage]\nretention_days = 0", "storage: retention_days: expected a number from 1 to 3660"),
        (GOOD + "[storage]\nmost_megabytes = 0", "storage: most_megabytes: expected a number from 1 to 1000000"),
        (GOOD + "[scren]", "top level: Object contains unknown field `scren`"),
    ],
)
def test_a_mistake_names_file_and_field_and_no_secret(tmp_path: Path, mistake: str, named: str) -> None:
    path = written(tmp_path, mistake)
    with pytest.raises(SettingsMistake) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}: {named}")
    assert "secret" not in str(caught.value)
    assert "0f0f" not in str(caught.value)
    assert "1a1a" not in str(caught.value).lower()


@pytest.mark.parametrize(
    ("mistake", "told"),
    [
        ("[place]\ncounter = 1000", "{path}: place: counter: expected a number from 1 to 999"),
        ('authority = "nowhere.pem"', "{folder}/nowhere.pem: cannot be read: No such file or directory"),
        ('authority = "kiosk.toml"', "{path}: holds no certificate; expected the authority's, as PEM"),
    ],
)
def test_the_program_answers_a_mistake_with_one_line(tmp_path: Path, mistake: str, told: str) -> None:
    path = written(tmp_path, GOOD + mistake)
    done = subprocess.run(
        [sys.executable, "-m", "kiosk", "--no-window", "--settings", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == f"kiosk: {told.format(path=path, folder=tmp_path)}\n"
