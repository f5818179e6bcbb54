"""What the QR for a new kiosk says comes back as it was written, or not at all."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.enrolment import (
    LONGEST_ENROLMENT,
    LONGEST_HOST,
    Enrolment,
    is_enrolment,
    read_enrolment,
    write_enrolment,
)

ALPHANUMERIC = set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")  # of a QR (ISO/IEC 18004)
GOOD = Enrolment("hailong.example", 8443, bytes(range(32)), bytes(range(16)))
WRITTEN = (
    "HAILONG-ENROL/1/HAILONG.EXAMPLE/8443/AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQTCQKRMFYYDENBWHA5DYPQ"
    "/AAAQEAYEAUDAOCAJBIFQYDIOB4/{check}"
)

labels = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)
names = st.lists(labels, min_size=1, max_size=5).map(".".join)
addresses = st.ip_addresses().map(str)
enrolments = st.builds(
    Enrolment,
    host=names | addresses,
    port=st.integers(1, 65535),
    fingerprint=st.binary(min_size=32, max_size=32),
    one_time_code=st.binary(min_size=16, max_size=16),
)


@given(enrolments, st.booleans())
def test_it_comes_back_as_it_was_written(enrolment: Enrolment, caps_lock: bool) -> None:
    text = write_enrolment(enrolment)
    assert read_enrolment(text.lower() if caps_lock else text) == enrolment
    assert is_enrolment(text)
    assert set(text) <= ALPHANUMERIC
    assert len(text) <= LONGEST_ENROLMENT


def test_the_text_is_as_documented() -> None:
    text = write_enrolment(GOOD)
    assert text.startswith(WRITTEN.format(check=""))
    assert len(text.rpartition("/")[2]) == 8


def test_the_longest_one_is_shorter_than_any_line() -> None:
    host = ".".join(["a" * 63] * 3 + ["b" * 61])
    assert len(host) == LONGEST_HOST
    text = write_enrolment(Enrolment(host, 65535, bytes(32), bytes(16)))
    assert len(text) == LONGEST_ENROLMENT < 512


@given(enrolments, st.data())
def test_one_wrong_character_is_noticed(enrolment: Enrolment, data: st.DataObject) -> None:
    text = write_enrolment(enrolment)
    place = data.draw(st.integers(0, len(text) - 1))
    wrong = data.draw(st.sampled_from(sorted(ALPHANUMERIC - {text[place]})))
    assert read_enrolment(text[:place] + wrong + text[place + 1 :]) is None


@given(enrolments, st.data())
def test_what_is_cut_off_is_noticed(enrolment: Enrolment, data: st.DataObject) -> None:
    text = write_enrolment(enrolment)
    begin = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(begin + 1, len(text)))
    assert read_enrolment(text[:begin] + text[end:]) is None


@given(st.text(max_size=300) | st.from_regex(r"HAILONG-ENROL/1/[A-Z0-9.:/-]{0,200}", fullmatch=True))
def test_no_text_makes_it_fail(text: str) -> None:
    assert read_enrolment(text) is None


def sealed(said: str) -> str:
    """The text with the check that it should have."""
    from protocol.enrolment import _check

    return f"{said}/{_check(said)}"


@pytest.mark.parametrize(
    ("sound", "wrong"),
    [
        ("/8443/", "/65536/"),
        ("/8443/", "/0/"),
        ("/8443/", "/08443/"),
        ("HAILONG.EXAMPLE", "HAILONG..EXAMPLE"),
        ("HAILONG.EXAMPLE", "-HAILONG"),
        ("HAILONG.EXAMPLE", "2001:DB8:0:0::1"),  # not the shortest way to write it
        ("HAILONG.EXAMPLE", "1:2"),
        ("DYPQ/", "DYPR/"),  # bits beyond the fingerprint
        ("/AAAQEAYEAUDAOCAJBIFQYDIOB4", "/AAAQEAYEAUDAOCAJBIFQYDIOB5"),  # and beyond the code
        ("/1/", "/2/"),
    ],
)
def test_what_is_written_otherwise_is_not_taken_though_its_check_is_right(sound: str, wrong: str) -> None:
    said = WRITTEN.removesuffix("/{check}")
    assert sound in said
    assert read_enrolment(sealed(said)) == GOOD
    assert read_enrolment(sealed(wrong.join(said.rsplit(sound, 1)))) is None


@pytest.mark.parametrize(
    ("host", "port", "fingerprint", "code", "told"),
    [
        ("", 1, 32, 16, "host: expected a name or an address, in small letters"),
        ("Hailong.example", 1, 32, 16, "host: "),
        ("hải-long.vn", 1, 32, 16, "host: "),
        ("a b", 1, 32, 16, "host: "),
        ("a" * 64, 1, 32, 16, "host: "),
        (".".join(["a" * 63] * 4), 1, 32, 16, "host: "),
        ("fe80::1%eth0", 1, 32, 16, "host: "),
        ("::FFFF", 1, 32, 16, "host: "),
        ("a", 0, 32, 16, "port: expected a number from 1 to 65535"),
        ("a", 65536, 32, 16, "port: "),
        ("a", 1, 31, 16, "fingerprint: expected 32 bytes"),
        ("a", 1, 32, 17, "one_time_code: expected 16 bytes"),
    ],
)
def test_what_cannot_be_is_told_without_its_content(
    host: str, port: int, fingerprint: int, code: int, told: str
) -> None:
    with pytest.raises(ValueError, match=told) as caught:
        Enrolment(host, port, b"f" * fingerprint, b"c" * code)
    assert not host or len(host) < 3 or host not in str(caught.value)
    assert "ccc" not in str(caught.value)


@pytest.mark.parametrize("address", [IPv4Address("192.0.2.7"), IPv6Address("2001:db8::1")])
def test_a_server_may_be_named_by_its_address(address: IPv4Address | IPv6Address) -> None:
    enrolment = Enrolment(str(address), 443, bytes(32), bytes(16))
    assert read_enrolment(write_enrolment(enrolment)) == enrolment


def test_no_log_line_can_hold_the_one_time_code() -> None:
    assert repr(GOOD) == f"{GOOD}" == "Enrolment(…)"
