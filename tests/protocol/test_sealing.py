"""Only the server reads an export, only a kiosk's key makes one, and not a bit of a file can be changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.public import PrivateKey, PublicKey, SealedBox

from protocol.sealing import (
    Opened,
    new_secret,
    open_export,
    open_receipt,
    seal_export,
    sealing_key,
    sign_receipt,
    verify_key,
)
from protocol.stick import Flaw, Kind, body_of, header

contents = st.binary(max_size=500)
secrets = st.binary(min_size=32, max_size=32)
KIOSK_SECRET = b"k" * 32
SERVER_SECRET = b"s" * 32
SERVER_KEY = sealing_key(SERVER_SECRET)
RECEIPT_KEY = verify_key(SERVER_SECRET)


@given(contents, secrets, secrets)
def test_an_export_is_opened_by_the_server_it_is_for(content: bytes, kiosk: bytes, server: bytes) -> None:
    sealed = seal_export(content, kiosk, sealing_key(server))
    assert open_export(sealed, server) == Opened(verify_key(kiosk), content)


@given(contents, secrets)
def test_a_receipt_is_believed_from_its_server(content: bytes, server: bytes) -> None:
    assert open_receipt(sign_receipt(content, server), verify_key(server)) == content


@given(contents, st.data())
def test_a_flipped_bit_is_refused_wherever_it_is(content: bytes, data: st.DataObject) -> None:
    for whole in (seal_export(content, KIOSK_SECRET, SERVER_KEY), sign_receipt(content, SERVER_SECRET)):
        altered = bytearray(whole)
        altered[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
        assert isinstance(open_export(bytes(altered), SERVER_SECRET), Flaw)
        assert isinstance(open_receipt(bytes(altered), RECEIPT_KEY), Flaw)


def test_every_single_bit_of_one_file_of_each_kind_counts() -> None:
    sealed = seal_export(b"votes", KIOSK_SECRET, SERVER_KEY)
    signed = sign_receipt(b"receipt", SERVER_SECRET)
    for bit in range(8 * len(sealed)):
        altered = bytearray(sealed)
        altered[bit // 8] ^= 1 << bit % 8
        assert isinstance(open_export(bytes(altered), SERVER_SECRET), Flaw)
    for bit in range(8 * len(signed)):
        altered = bytearray(signed)
        altered[bit // 8] ^= 1 << bit % 8
        assert isinstance(open_receipt(bytes(altered), RECEIPT_KEY), Flaw)


@given(contents, st.data())
def test_a_file_that_is_cut_short_or_goes_on_is_refused(content: bytes, data: st.DataObject) -> None:
    for whole in (seal_export(content, KIOSK_SECRET, SERVER_KEY), sign_receipt(content, SERVER_SECRET)):
        cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
        for altered in (cut, whole + b"\0"):
            assert isinstance(open_export(altered, SERVER_SECRET), Flaw)
            assert isinstance(open_receipt(altered, RECEIPT_KEY), Flaw)


@given(st.binary(max_size=400))
def test_any_bytes_are_refused_without_an_exception(data: bytes) -> None:
    assert isinstance(open_export(data, SERVER_SECRET), Flaw)
    assert isinstance(open_receipt(data, RECEIPT_KEY), Flaw)


def test_neither_is_taken_for_the_other_or_from_elsewhere() -> None:
    sealed = seal_export(b"votes", KIOSK_SECRET, SERVER_KEY)
    signed = sign_receipt(b"receipt", SERVER_SECRET)
    assert open_export(sealed, b"o" * 32) is Flaw.ANOTHER_SERVER
    assert open_receipt(signed, verify_key(b"o" * 32)) is Flaw.ANOTHER_SERVER
    assert open_export(signed, SERVER_SECRET) is Flaw.NOT_OURS
    assert open_receipt(sealed, RECEIPT_KEY) is Flaw.NOT_OURS


def test_an_export_cannot_be_sealed_anew_for_another_server() -> None:
    # What the first server opens, it may seal to a second one; the kiosk's signature names the first.
    other = b"o" * 32
    body = body_of(seal_export(b"votes", KIOSK_SECRET, SERVER_KEY), Kind.VOTES, SERVER_KEY)
    assert isinstance(body, bytes)
    plain = SealedBox(PrivateKey(SERVER_SECRET)).decrypt(body)
    forwarded = SealedBox(PublicKey(sealing_key(other))).encrypt(plain)
    assert open_export(header(Kind.VOTES, sealing_key(other), len(forwarded)) + forwarded, other) is Flaw.DAMAGED


def test_two_files_of_the_same_votes_have_nothing_in_common_behind_their_header() -> None:
    one, two = (seal_export(b"votes" * 100, KIOSK_SECRET, SERVER_KEY).partition(b"\n")[2] for _ in range(2))
    assert one[:32] != two[:32]
    assert b"votes" not in one


def test_a_secret_is_new_each_time() -> None:
    assert len(new_secret()) == 32
    assert new_secret() != new_secret()


@pytest.mark.parametrize("key", [b"", b"k" * 31, b"k" * 33])
def test_a_key_of_another_length_is_refused(key: bytes) -> None:
    for use in (
        lambda: verify_key(key),
        lambda: sealing_key(key),
        lambda: seal_export(b"", key, SERVER_KEY),
        lambda: seal_export(b"", KIOSK_SECRET, key),
        lambda: open_export(b"", key),
        lambda: sign_receipt(b"", key),
    ):
        with pytest.raises(ValueError, match="32 bytes"):
            use()


def test_a_key_that_nothing_can_be_sealed_to_is_named() -> None:
    with pytest.raises(ValueError, match="not one that anything can be sealed to"):
        seal_export(b"", KIOSK_SECRET, bytes(32))


def test_a_receipt_key_that_is_none_believes_nothing() -> None:
    data = b"hailong-receipt v1 " + b"ff" * 32 + b" 64\n" + bytes(64)
    assert open_receipt(data, b"\xff" * 32) is Flaw.DAMAGED
