"""The server's settings: a TOML file, read once at the start; everything has a default."""

import re
from ipaddress import ip_address
from pathlib import Path

import msgspec

from protocol.settings_file import read_settings
from protocol.topics import NAME, NAME_RULE

MOST_WORKERS = 32
MOST_MESSAGES_A_SECOND = 100_000


def is_this_machine(host: str) -> bool:
    """Whether an address is the loopback's: nobody else can listen in."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{16,200}")  # as RFC 6750 lets it travel


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
    """The MQTT broker: the one within the server, or an outside one such as Mosquitto."""

    embedded: bool = True  #: the broker within the server; false: an outside one
    host: str = "127.0.0.1"  #: address to listen on, or where the outside broker is; others cannot reach the default
    port: int = 1883  #: TCP port
    insecure: bool = False  #: beyond this machine without TLS: passwords and votes can be read on the way
    certificate: str = ""  #: embedded: PEM file, the certificate with those above it; with the key, TLS
    key: str = ""  #: embedded: PEM file, the certificate's private key
    messages_a_second: int = 50  #: embedded: of one kiosk; more has to wait, so that a flood does not slow the others
    user: str = "ingest"  #: outside: the name that the server signs in with
    password_file: str = ""  #: outside: file with the password of that name
    authority: str = ""  #: outside: PEM file of the only authority that may vouch for the broker; empty: no TLS
    workers: int = 1  #: outside: how many `ingest` commands share the kiosks; each signs in under a name of its own

    def __post_init__(self) -> None:
        _check_port(self.port)
        if bool(self.certificate) != bool(self.key):
            raise ValueError("certificate, key: expected both or neither")
        if self.embedded and (self.password_file or self.authority or self.workers != 1):
            raise ValueError("password_file, authority, workers: only with embedded = false")
        if not self.embedded and self.certificate:
            raise ValueError("certificate, key: only with embedded = true; an outside broker has its own")
        if not self.embedded and not self.password_file:
            raise ValueError("password_file: expected, with embedded = false; 'broker write' makes it")
        if not 1 <= self.messages_a_second <= MOST_MESSAGES_A_SECOND:
            raise ValueError(f"messages_a_second: expected a number from 1 to {MOST_MESSAGES_A_SECOND}")
        if not NAME.fullmatch(self.user):
            raise ValueError(f"user: expected {NAME_RULE}")
        if not 1 <= self.workers <= MOST_WORKERS:
            raise ValueError(f"workers: expected a number from 1 to {MOST_WORKERS}")
        if not (self.insecure or self.encrypted or is_this_machine(self.host)):
            cure = "certificate and key" if self.embedded else "authority"
            raise ValueError(f"host: {self.host} is not this machine: set {cure} for TLS, or insecure = true")

    @property
    def encrypted(self) -> bool:
        return bool(self.certificate if self.embedded else self.authority)

    def user_of(self, worker: int) -> str:
        """Return the name that a worker signs in with; the first has the plain one."""
        return self.user if worker == 1 else f"{self.user}-{worker}"

    @property
    def users(self) -> tuple[str, ...]:
        """The names of all workers."""
        return tuple(self.user_of(worker) for worker in range(1, self.workers + 1))


class Web(_Section, frozen=True):
    """The admin pages."""

    host: str = "127.0.0.1"  #: address to listen on; other machines cannot reach the default
    port: int = 8080  #: TCP port
    public_address: str = ""  #: what to write before the path in printed links; empty: http://host:port
    metrics_token: str = ""  #: what a monitor has to show to read /metrics; empty: that page does not exist
    api_token: str = ""  #: what a program has to show to enter forms and read reports under /api; empty: there is none

    def __post_init__(self) -> None:
        _check_port(self.port)
        for name, token in (("metrics_token", self.metrics_token), ("api_token", self.api_token)):
            if token and not _TOKEN.fullmatch(token):
                raise ValueError(f"{name}: expected 16 to 200 letters, digits and signs like - . _ ~ + / =")


class Cases(_Section, frozen=True):
    """Where the case register comes from."""

    feeds: dict[str, str] = {}  #: of each site the TOML file that says where its cases are fetched from

    def __post_init__(self) -> None:
        if not all(NAME.fullmatch(site) for site in self.feeds):
            raise ValueError(f"feeds: expected sites as keys: {NAME_RULE}")


class Documents(_Section, frozen=True):
    """How Decisions are rendered."""

    font_folder: str = ""  #: folder with fonts for PDF files, such as a licensed Times New Roman; empty: the system's


class Settings(_Section, frozen=True):
    """Everything a server is told."""

    storage: Storage = Storage()
    mqtt: Mqtt = Mqtt()
    web: Web = Web()
    cases: Cases = Cases()
    documents: Documents = Documents()

    @property
    def font_folders(self) -> tuple[Path, ...]:
        return (Path(self.documents.font_folder),) if self.documents.font_folder else ()

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
    """Read the settings, relative paths starting at their file; without one, the defaults.

    SettingsMistake when the file is wrong.
    """
    if path is None:
        return Settings()
    settings = read_settings(path, Settings)
    here = path.resolve().parent
    files = {
        name: str(here / value)
        for name in ("certificate", "key", "password_file", "authority")
        if (value := getattr(settings.mqtt, name))
    }
    return msgspec.structs.replace(
        settings,
        storage=msgspec.structs.replace(settings.storage, folder=str(here / settings.storage.folder)),
        mqtt=msgspec.structs.replace(settings.mqtt, **files),
        cases=Cases({site: str(here / file) for site, file in settings.cases.feeds.items()}),
        documents=Documents(str(here / settings.documents.font_folder) if settings.documents.font_folder else ""),
    )
