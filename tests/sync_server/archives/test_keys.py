"""The key that an office signs with: made once, nobody else's, and shown by its public half."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sync_server.archives.keys import SigningKey, fingerprint_of, public_key_text, signing_key
from sync_server.keys import KeyTrouble, all_keys, site_key
from sync_server.verifier import verify

# RFC 8032, 7.1, test 1.
SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
SIGNATURE = (
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
    "655141438e7a100b"
)


def test_it_is_made_on_first_use_for_its_owner_only_and_stays(tmp_path: Path) -> None:
    key = signing_key(tmp_path, "sia")
    path = tmp_path / "keys" / "decision.sia.key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert signing_key(tmp_path, "sia").public == key.public
    assert signing_key(tmp_path, "phu").public != key.public
    assert site_key(tmp_path, "sia") != key.seed
    assert all_keys(tmp_path).keys() == {"sia", "decision.sia", "decision.phu"}, "a backup has it"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_one_that_others_may_read_signs_nothing(tmp_path: Path, mode: int) -> None:
    signing_key(tmp_path, "sia")
    (tmp_path / "keys" / "decision.sia.key").chmod(mode)
    with pytest.raises(KeyTrouble, match="chmod 600"):
        signing_key(tmp_path, "sia")


@pytest.mark.parametrize("site", ["../sia", "", "decision.sia"])
def test_no_name_leads_out_of_the_folder(tmp_path: Path, site: str) -> None:
    with pytest.raises(ValueError, match="a site is named with"):
        signing_key(tmp_path, site)


def test_it_signs_as_the_standard_says() -> None:
    key = SigningKey(SEED)
    assert key.public == PUBLIC
    assert key.sign(b"").hex() == SIGNATURE
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(PUBLIC)).verify(key.sign(b"a"), b"a")


def test_nothing_tells_it_by_mistake() -> None:
    assert SEED.hex() not in repr(SigningKey(SEED))
    assert repr(SEED) not in repr(SigningKey(SEED))


def test_what_is_published_is_read_by_the_verifier(tmp_path: Path) -> None:
    text = public_key_text(PUBLIC, "UBND thị trấn Sịa")
    path = tmp_path / "key.txt"
    path.write_text(text, encoding="utf-8")
    assert verify.wanted_key(str(path)) == verify.wanted_key(PUBLIC.upper()) == PUBLIC
    assert fingerprint_of(PUBLIC) in text
    assert fingerprint_of(PUBLIC).startswith("21fe 31df ")
