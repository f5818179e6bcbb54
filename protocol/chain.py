"""Which votes a stream consists of, in 128 bits.

The chain at number n is SHA-256(chain at n - 1, id of vote n), cut to 128 bits; at 0 it is all zeros. Two sides
whose chains at a number agree hold the same votes in the same order up to there; that is how a receipt proves what
it confirms, and how a copied or restored card is found out.
"""

import hashlib
from collections.abc import Iterable

from protocol.messages import Chain

EMPTY: Chain = "0" * 32
CHAIN_BYTES = 16


def link(chain: Chain, vote_id: str) -> Chain:
    """Return the chain one vote later."""
    return hashlib.sha256(bytes.fromhex(chain) + vote_id.encode()).digest()[:CHAIN_BYTES].hex()


def extend(chain: Chain, vote_ids: Iterable[str]) -> Chain:
    """Return the chain after these votes, in their order."""
    for vote_id in vote_ids:
        chain = link(chain, vote_id)
    return chain
