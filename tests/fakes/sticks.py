"""A kiosk's exports as they lie on a stick, made without a kiosk."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from protocol.chain import EMPTY
from protocol.messages import Hello, Vote, VoteBatch
from protocol.sealing import seal_export, sealing_key, verify_key
from protocol.stick import VOTES_TOGETHER, encode_export, export_name
from protocol.topics import Address
from sync_server.keys import StickKeys

SERVER = StickKeys(votes=b"v" * 32, receipts=b"r" * 32)


@dataclass(frozen=True)
class Exporter:
    """One kiosk with its key and its stream."""

    address: Address
    stream: str = "5" * 32
    signing_key: bytes = field(default=b"k" * 32)
    server: StickKeys = SERVER

    @property
    def key(self) -> bytes:
        return verify_key(self.signing_key)

    def file(
        self,
        folder: Path,
        votes: Sequence[Vote],
        *,
        kept_from: int = 1,
        chain_before: str = EMPTY,
        named: Address | None = None,
        together: int = VOTES_TOGETHER,
    ) -> Path:
        """Write these votes into a file, as the kiosk *named*, or else under its own name."""
        hello = Hello(
            stream=self.stream,
            highest=votes[-1].number,
            kept_from=kept_from,
            chain_before=chain_before,
            boot=1,
            nonce="0123456789abcdef",
            version="0.1",
        )
        batches = [
            VoteBatch(self.stream, tuple(votes[begin : begin + together])) for begin in range(0, len(votes), together)
        ]
        content = encode_export(named or self.address, hello, batches)
        path = folder / export_name(self.address, self.stream, votes[0].number, votes[-1].number)
        path.write_bytes(seal_export(content, self.signing_key, sealing_key(self.server.votes)))
        return path
