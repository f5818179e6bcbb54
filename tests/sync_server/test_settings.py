"""The server's settings: what does not go together is named, and nothing is open by accident."""

from pathlib import Path

import msgspec
import pytest

from protocol.settings_file import SettingsMistake
from sync_server.settings import Mqtt, Settings, is_this_machine, load


def loaded(tmp_path: Path, mqtt: str) -> Settings:
    path = tmp_path / "server.toml"
    path.write_text(f"[mqtt]\n{mqtt}\n", encoding="utf-8")
    return load(path)


def test_without_a_file_the_broker_is_embedded_and_only_this_machine_reaches_it() -> None:
    settings = load(None)
    assert settings.mqtt.embedded
    assert is_this_machine(settings.mqtt.host)
    assert not settings.mqtt.encrypted


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_on_the_loopback_no_tls_is_needed(tmp_path: Path, host: str) -> None:
    assert loaded(tmp_path, f'host = "{host}"').mqtt.host == host
    assert is_this_machine(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "broker.example", ""])
def test_beyond_this_machine_tls_is_needed_unless_it_is_said_otherwise(tmp_path: Path, host: str) -> None:
    for outside in ("", 'embedded = false\npassword_file = "x"\n'):
        with pytest.raises(SettingsMistake, match=r"mqtt: host: .* is not this machine: set .* insecure = true"):
            loaded(tmp_path, f'{outside}host = "{host}"')
        assert not loaded(tmp_path, f'{outside}host = "{host}"\ninsecure = true').mqtt.encrypted
    assert loaded(tmp_path, f'host = "{host}"\ncertificate = "c"\nkey = "k"').mqtt.encrypted
    assert loaded(tmp_path, f'{outside}host = "{host}"\nauthority = "a"').mqtt.encrypted


@pytest.mark.parametrize(
    ("mqtt", "told"),
    [
        ('certificate = "c"', "certificate, key: expected both or neither"),
        ('key = "k"', "certificate, key: expected both or neither"),
        ('password_file = "x"', "only with embedded = false"),
        ('authority = "x"', "only with embedded = false"),
        ("workers = 2", "only with embedded = false"),
        ('embedded = false\npassword_file = "x"\ncertificate = "c"\nkey = "k"', "only with embedded = true"),
        ("embedded = false", "password_file: expected, with embedded = false"),
        ('embedded = false\npassword_file = "x"\nuser = "sia.quay-1"', "user: expected 1 to 32 characters"),
        ('embedded = false\npassword_file = "x"\nworkers = 0', "workers: expected a number from 1 to 32"),
        ('embedded = false\npassword_file = "x"\nworkers = 33', "workers: expected a number from 1 to 32"),
        ("messages_a_second = 0", "messages_a_second: expected a number from 1 to 100000"),
        ("port = 0", "port: expected a number from 1 to 65535"),
        ('embedded = "yes"', "Expected `bool`"),
    ],
)
def test_what_does_not_go_together_is_named_with_its_file(tmp_path: Path, mqtt: str, told: str) -> None:
    with pytest.raises(SettingsMistake, match=r"server\.toml: mqtt") as mistake:
        loaded(tmp_path, mqtt)
    assert told in str(mistake.value)


def test_a_folder_of_fonts_may_be_named(tmp_path: Path) -> None:
    path = tmp_path / "server.toml"
    path.write_text('[documents]\nfont_folder = "fonts"\n', encoding="utf-8")
    assert load(path).font_folders == (tmp_path / "fonts",)
    assert load(None).font_folders == ()


def test_relative_paths_start_at_the_file(tmp_path: Path) -> None:
    mqtt = loaded(tmp_path, 'certificate = "c.pem"\nkey = "/etc/k.pem"').mqtt
    assert (mqtt.certificate, mqtt.key) == (str(tmp_path / "c.pem"), "/etc/k.pem")
    assert (mqtt.password_file, mqtt.authority) == ("", "")
    mqtt = loaded(tmp_path, 'embedded = false\npassword_file = "p"\nauthority = "a.pem"').mqtt
    assert (mqtt.password_file, mqtt.authority) == (str(tmp_path / "p"), str(tmp_path / "a.pem"))


def test_each_worker_signs_in_under_a_name_that_no_kiosk_can_have() -> None:
    mqtt = Mqtt(embedded=False, password_file="x", workers=3)
    assert mqtt.users == ("ingest", "ingest-2", "ingest-3")
    assert not any("." in user for user in mqtt.users)
    assert msgspec.structs.replace(mqtt, workers=1).users == ("ingest",)


@pytest.mark.parametrize("token", ["short", "x" * 201, "sixteen characters", "mật-khẩu-đủ-dài-rồi"])
def test_a_token_for_the_metrics_is_long_and_can_travel(tmp_path: Path, token: str) -> None:
    path = tmp_path / "server.toml"
    path.write_text(f'[web]\nmetrics_token = "{token}"\n', encoding="utf-8")
    with pytest.raises(SettingsMistake, match=r"server\.toml: web: metrics_token: expected 16 to 200"):
        load(path)
    path.write_text('[web]\nmetrics_token = "0123456789abcdef"\n', encoding="utf-8")
    assert load(path).web.metrics_token == "0123456789abcdef"
    assert load(None).web.metrics_token == ""
