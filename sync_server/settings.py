"""The server's settings: a TOML file, read once at the start; everything has a default."""

from pathlib import Path

import msgspec

from protocol.settings_file import read_settings


def _check_port(port: int) -> None:
    if not 1 <= port <= 65535:
        raise ValueError("port: expected a number from 1 to 65535")


class _Section(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Storage(_Section, frozen=True):
    """Where things are kept."""

    folder: str = "data/server"  #: folder for the database and the keys; a relative path starts at this file
    database: str = ""  #: SQLAlchemy URL; empty: SQLite in the folder


class Mqtt(_Section, frozen=True):
    """The embedded MQTT broker."""

    host: str = "127.0.0.1"  #: address to listen on; other machines cannot reach the default
    port: int = 1883  #: TCP port

    def __post_init__(self) -> None:
        _check_port(self.port)


class Web(_Section, frozen=True):
    """The admin pages."""

    host: str = "127.0.0.1"  #: address to listen on; other machines cannot reach the default
    port: int = 8080  #: TCP port
    public_address: str = ""  #: what to write before the path in printed links; empty: http://host:port

    def __post_init__(self) -> None:
        _check_port(self.port)


class Settings(_Section, frozen=True):
    """Everything a server is told."""

    storage: Storage = Storage()
    mqtt: Mqtt = Mqtt()
    web: Web = Web()

    @property
    def folder(self) -> Path:
        return Path(self.storage.folder)

    @property
    def database_url(self) -> str:
        return self.storage.database or f"sqlite:///{self.folder / 'server.sqlite'}"

    @property
    def public_address(self) -> str:
        return self.web.public_address.rstrip("/") or f"http://{self.web.host}:{self.web.port}"


def load(path: Path | None) -> Settings:
    """Read the settings; without a file, the defaults. SettingsMistake when the file is wrong."""
    if path is None:
        return Settings()
    settings = read_settings(path, Settings)
    folder = path.resolve().parent / settings.storage.folder
    return msgspec.structs.replace(settings, storage=msgspec.structs.replace(settings.storage, folder=str(folder)))
