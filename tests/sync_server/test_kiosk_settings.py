"""The file that the server writes is the file that the kiosk reads, whatever the office is called."""

import dataclasses
import tempfile
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from kiosk.__main__ import load
from kiosk.settings import Export, Identity, Place, Scanner, Screen, Server, Settings
from protocol.topics import Address
from sync_server.kiosk_settings import ExportSettings, KioskSettings, OfficeSign, settings_text
from tests.protocol.strategies import moments

names = st.from_regex(r"[a-z0-9-]{1,32}", fullmatch=True)
texts = st.text(st.characters(codec="utf-8"), max_size=60)
told = st.builds(
    KioskSettings,
    address=st.builds(Address, names, names),
    password=texts,
    site_key=st.binary(min_size=32, max_size=32),
    host=st.from_regex(r"[a-z]{1,20}(\.[a-z]{2,5})?", fullmatch=True),
    port=st.integers(1, 65535),
    state=texts.map(lambda text: "/" + text.replace("\0", "").strip("/.")),
    scanner=texts.map("/dev/kiosk/".__add__),
    office=st.builds(OfficeSign, texts, texts),
    counter=st.none() | st.integers(1, 999),
    field=texts,
    fullscreen=st.booleans(),
    registered=moments,
    export=st.builds(ExportSettings, *[st.binary(min_size=32, max_size=32)] * 3),
)
AN_OFFICE = KioskSettings(
    address=Address("sia", "quay-1"),
    password='"]\\\'"""\u0000\u007f\u0085\u2028\ud7ff\ufeff\U0010ffff',
    site_key=bytes(32),
    host="::1",
    port=1883,
    state="/var/lib/kiosk",
    scanner="/dev/kiosk/scanner",
    office=OfficeSign('Trung tâm "Một cửa"', "UBND\r\nthị trấn\tSịa"),
    counter=1,
    field="Tư pháp – Hộ tịch # '''",
    fullscreen=True,
    registered=datetime(2026, 11, 24, 3, 0, 1, tzinfo=UTC),
    export=ExportSettings(b"\1" * 32, b"\2" * 32, b"\3" * 32),
)


@given(told)
@example(AN_OFFICE)
def test_what_the_server_writes_the_kiosk_reads(told: KioskSettings) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "kiosk.toml"
        path.write_text(settings_text(told), encoding="utf-8")
        read = load(path)
    assert read == Settings(
        identity=Identity(
            told.address.site, told.address.kiosk, told.site_key.hex(), str(Path(told.state)), told.registered
        ),
        server=Server(told.password, told.host, told.port),
        scanner=Scanner(told.scanner),
        place=Place(
            told.office.office,
            told.office.unit,
            told.counter,
            "" if told.counter is None else told.field,
        ),
        screen=Screen(fullscreen=told.fullscreen),
        export=Export(told.export.signing_key.hex(), told.export.server_key.hex(), told.export.receipt_key.hex()),
    )


def test_the_secrets_are_not_in_its_repr() -> None:
    assert AN_OFFICE.password not in repr(AN_OFFICE)
    assert AN_OFFICE.site_key.hex() not in repr(AN_OFFICE)
    assert repr(AN_OFFICE.export.signing_key) not in repr(AN_OFFICE.export)


@given(texts)
def test_the_authority_of_an_encrypted_broker_is_named_and_no_other(path: str) -> None:
    text = settings_text(dataclasses.replace(AN_OFFICE, authority=path))
    assert tomllib.loads(text)["server"].get("authority", "") == path
    assert ("authority" in tomllib.loads(text)["server"]) is bool(path)
