"""The last good setup stays, whatever arrives and whatever the disk does."""

from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from kiosk.core.setups import objection
from kiosk.languages import LANGUAGES
from kiosk.setup_store import SetupStore, Taken
from protocol.codec import LARGEST_MESSAGE, encode
from protocol.messages import Look, Setup
from tests.fakes.small_disk import fill, small_disk
from tests.kiosk.core.test_setups import GOOD


def a_store(path: Path, counter: int | None = 2) -> SetupStore:
    return SetupStore(path, lambda setup: objection(setup, counter, LANGUAGES))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "setup.json"


def revised(revision: int, office: str = "UBND XÃ VÍ DỤ") -> Setup:
    return replace(GOOD, revision=revision, look=Look(office, "Một cửa"))


def test_a_new_kiosk_has_none(path: Path) -> None:
    store = a_store(path)
    assert (store.current, store.revision, store.refused) == (None, 0, "")


def test_a_good_one_is_in_force_and_still_is_after_a_restart(path: Path) -> None:
    store = a_store(path)
    assert store.take(encode(GOOD)) is Taken.IN_FORCE
    for reader in (store, a_store(path)):
        assert (reader.current, reader.revision, reader.refused) == (GOOD, 4, "")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"{", "cannot be read: Input data was truncated"),
        (b"\xff" * 40, "cannot be read: JSON is malformed: invalid character"),
        (b"{" + b" " * LARGEST_MESSAGE, f"cannot be read: larger than {LARGEST_MESSAGE} bytes"),
        (b'{"revision":5}', "cannot be read: Object missing required field `survey`"),
        (encode(revised(3)), "revision 3: revision 4 is in force"),
        (encode(revised(4, "another office")), "revision 4: revision 4 is in force"),
        (encode(revised(5, " ")), "revision 5: the header would be empty"),
        (encode(replace(GOOD, revision=5, counters=())), "revision 5: there is no counter 2, where this kiosk stands"),
    ],
)
def test_a_broken_an_older_or_an_impossible_one_is_refused_and_the_last_good_one_stays(
    path: Path, data: bytes, why: str
) -> None:
    store = a_store(path)
    store.take(encode(GOOD))
    assert store.take(data) is Taken.REFUSED
    assert (store.current, store.refused) == (GOOD, why)
    assert a_store(path).current == GOOD
    assert store.take(encode(revised(6))) is Taken.IN_FORCE
    assert store.refused == ""


def test_the_same_one_again_is_no_news(path: Path) -> None:
    store = a_store(path)
    store.take(encode(GOOD))
    assert store.take(encode(GOOD)) is Taken.REPEATED
    assert store.refused == ""


def test_a_reason_fits_into_a_status_however_long_it_is(path: Path) -> None:
    store = SetupStore(path, lambda _: "a long reason " * 40)
    store.take(encode(GOOD))
    assert len(store.refused) == 200


def test_a_refusal_that_is_repeated_every_minute_is_logged_once(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = SetupStore(path, lambda _: "a long reason " * 40)
    for _ in range(5):
        store.take(encode(GOOD))
    assert caplog.text.count("a setup is refused") == 1


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff\xfe", b"x" * (LARGEST_MESSAGE + 1), msgspec.json.encode([1])], ids=len
)
def test_a_damaged_file_is_reported_and_replaced_by_the_next_setup(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    store = a_store(path)
    assert store.revision == 0, "so the server sends it again"
    assert store.refused.startswith("the stored one cannot be read: ")
    assert store.take(encode(GOOD)) is Taken.IN_FORCE
    assert a_store(path).current == GOOD


def test_a_folder_in_its_place_is_reported(path: Path) -> None:
    path.mkdir()
    store = a_store(path)
    assert store.refused == "the stored one cannot be read: Is a directory"


def test_a_kiosk_that_was_moved_to_another_counter_does_not_follow_the_old_one(path: Path) -> None:
    a_store(path).take(encode(GOOD))
    store = a_store(path, counter=9)
    assert store.revision == 0
    assert store.refused == "the stored one cannot be followed: there is no counter 9, where this kiosk stands"


def test_on_a_full_disk_it_is_in_force_and_the_file_stays_the_last_whole_one(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with small_disk(tmp_path / "small", 128) as disk:
        store = a_store(disk / "setup.json")
        store.take(encode(GOOD))
        fill(disk)
        assert store.take(encode(revised(5))) is Taken.IN_FORCE
        assert store.revision == 5
        assert a_store(disk / "setup.json").current == GOOD
    assert "the setup of revision 5 cannot be stored: No space left on device" in caplog.text


def test_what_is_left_of_an_interrupted_write_is_not_read(path: Path) -> None:
    a_store(path).take(encode(GOOD))
    path.with_name("setup.json.new").write_bytes(b"{half")
    assert a_store(path).current == GOOD
    a_store(path).take(encode(revised(5)))
    assert list(path.parent.iterdir()) == [path], "the next write took the draft's place"
