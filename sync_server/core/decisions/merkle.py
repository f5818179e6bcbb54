"""Merkle trees as RFC 6962 (2.1) and RFC 9162 (2.1.3) have them: one hash of many leaves, and short proofs. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf; that of a node can never be the same."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two hashes."""
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that grows by a leaf at a time and keeps no more than a hash for each of its storeys."""

    def __init__(self) -> None:
        self.size = 0
        self._whole: list[bytes] = []  # of the full trees that the leaves so far make, the largest first

    def add(self, leaf: bytes) -> None:
        """Add a leaf at the end."""
        top, size = leaf_hash(leaf), self.size
        while size & 1:
            top, size = node_hash(self._whole.pop(), top), size >> 1
        self._whole.append(top)
        self.size += 1

    def root(self) -> bytes:
        """Return the hash of all leaves so far."""
        if not self._whole:
            return sha256(b"").digest()
        top = self._whole[-1]
        for left in reversed(self._whole[:-1]):
            top = node_hash(left, top)
        return top


def root_of(leaves: Iterable[bytes]) -> bytes:
    """Return the hash of all leaves."""
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


def inclusion_proof(leaves: Iterable[bytes], size: int, place: int) -> tuple[bytes, ...]:
    """Return the hashes that lead from the leaf at a place to the root of *size* leaves, which are gone through once.

    ValueError unless there is such a place.
    """
    if not 0 <= place < size:
        raise ValueError("there is no leaf at this place")
    return tuple(_path(iter(leaves), size, place))


def root_by_proof(leaf: bytes, place: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """Return the root that a proof leads to from a leaf; None where no proof of this length can be."""
    if not 0 <= place < size:
        return None
    here, last, top = place, size - 1, leaf_hash(leaf)
    for other in proof:
        if last == 0:
            return None
        if here & 1 or here == last:
            top = node_hash(other, top)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            top = node_hash(top, other)
        here, last = here >> 1, last >> 1
    return top if last == 0 else None


def _path(leaves: Iterator[bytes], size: int, place: int) -> list[bytes]:
    if size == 1:
        next(leaves)
        return []
    left = 1 << (size - 1).bit_length() - 1  # the largest power of two below the size
    if place < left:
        path = _path(leaves, left, place)
        return [*path, root_of(islice(leaves, size - left))]
    top = root_of(islice(leaves, left))
    return [*_path(leaves, size - left, place - left), top]
