"""The tree is RFC 6962's, and a proof leads to the root from its own leaf and place and from nothing else."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_server.core.decisions.merkle import Tree, inclusion_proof, root_by_proof, root_of

# Those that Certificate Transparency's own tests use, with the roots that its logs give (first n of them).
LEAVES = [bytes.fromhex(each) for each in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")]
LEAVES.append(bytes.fromhex("606162636465666768696a6b6c6d6e6f"))
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def plain_root(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, as it stands there."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + plain_root(leaves[:k]) + plain_root(leaves[k:])).digest()


def plain_path(place: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 6962, 2.1.1."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if place < k:
        return [*plain_path(place, leaves[:k]), plain_root(leaves[k:])]
    return [*plain_path(place - k, leaves[k:]), plain_root(leaves[:k])]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_certificate_transparency(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_nothing_has_the_root_of_nothing() -> None:
    assert Tree().root() == sha256(b"").digest()


def test_three_leaves_by_hand() -> None:
    a, b, c = (sha256(b"\x00" + leaf).digest() for leaf in (b"a", b"b", b"c"))
    left = sha256(b"\x01" + a + b).digest()
    assert root_of([b"a", b"b", b"c"]) == sha256(b"\x01" + left + c).digest()
    assert inclusion_proof([b"a", b"b", b"c"], 3, 2) == (left,)
    assert inclusion_proof([b"a", b"b", b"c"], 3, 0) == (b, c)


@given(st.lists(st.binary(max_size=4), max_size=70))
def test_a_growing_tree_is_the_tree_of_its_leaves(leaves: list[bytes]) -> None:
    assert root_of(leaves) == plain_root(leaves)


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=70), st.data())
def test_a_proof_leads_from_a_leaf_to_the_root_and_from_no_other(leaves: list[bytes], data: st.DataObject) -> None:
    size = len(leaves)
    place = data.draw(st.integers(0, size - 1))
    proof = inclusion_proof(leaves, size, place)
    root = root_of(leaves)
    assert list(proof) == plain_path(place, leaves)
    assert root_by_proof(leaves[place], place, size, proof) == root
    assert root_by_proof(leaves[place] + b"x", place, size, proof) != root
    assert root_by_proof(leaves[place], place, size, (*proof, root)) is None
    if proof:
        assert root_by_proof(leaves[place], place, size, proof[:-1]) is None


@pytest.mark.parametrize(("place", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(place: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        inclusion_proof([b"a", b"b", b"c"], size, place)
    assert root_by_proof(b"a", place, size, ()) is None
