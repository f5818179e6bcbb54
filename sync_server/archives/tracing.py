"""Finding a vote in an archive, with the proof that it is one of those that the archive's root stands for."""

import json
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sync_server.archives.ground import ArchiveTrouble, silent
from sync_server.core.decisions.merkle import inclusion_proof, root_by_proof
from sync_server.core.decisions.votes_file import BREAKDOWNS, TOTALS, VOTES, leaf_of
from sync_server.core.exports.tables import Row
from sync_server.verifier import verify


@dataclass(frozen=True)
class Found:
    """A vote in an archive; *left_out* names the labels for which it does not count, and *proof* leads to the root."""

    leaf: bytes
    place: int
    size: int
    proof: tuple[bytes, ...]
    root: str
    left_out: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the proof leads from the vote to the root."""
        root = root_by_proof(self.leaf, self.place, self.size, self.proof)
        return root is not None and root.hex() == self.root


def find_vote(votes_file: Path, vote: str, root: str) -> Found | None:
    """Return where a vote lies in a file of votes whose root is known; None when it is in none of its rows.

    A vote of a tally on paper lies under the ids that `ballots.ids_of` gives. ArchiveTrouble when it cannot be read.
    """
    try:
        with closing(sqlite3.connect(f"{votes_file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as file:
            row = file.execute(f"SELECT rowid, * FROM {VOTES} WHERE vote = ?", (vote,)).fetchone()
            if row is None:
                return None
            place, row = row[0] - 1, row[1:]
            size = sum(file.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in _IN_TREE)
            proof = inclusion_proof(_leaves(file), size, place)
    except sqlite3.Error as error:
        raise ArchiveTrouble(f"{votes_file}: cannot be read: {error}") from None
    left_out = tuple(row[3].split(",")) if row[3] else ()
    return Found(leaf_of(VOTES, row), place, size, proof, root, left_out)


def trace(archive: Path, vote: str) -> tuple[Found, str] | None:
    """Return where a vote lies in an archive, and which Decision that is of ("2026-Q4, 1"); None when it is not in it.

    Raises as `find_vote`. Whether the archive itself holds is for the verifier to say.
    """
    with tempfile.TemporaryDirectory(prefix="trace-") as folder:
        votes_file = Path(folder) / "votes.sqlite"
        try:
            with archive.open("rb") as file:
                opened = verify.Archive(file, silent)
                manifest = opened.json("manifest.json")
                opened.copy("votes.sqlite", votes_file)
            found = find_vote(votes_file, vote, manifest["root"])
        except OSError as error:
            raise ArchiveTrouble(f"{archive}: cannot be read: {error.strerror}") from None
        except (verify.Differs, *verify.UNREADABLE) as error:
            raise ArchiveTrouble(f"{archive}: is no archive: {error}") from None
    return None if found is None else (found, f"{manifest['span']}, {manifest['version']}")


def proof_as_json(found: Found) -> str:
    """Return a proof for whoever checks it with a program of their own (RFC 9162, 2.1.3.2)."""
    told = {
        "leaf": found.leaf.decode(),
        "place": found.place,
        "size": found.size,
        "proof": [each.hex() for each in found.proof],
        "root": found.root,
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


_IN_TREE = (VOTES, BREAKDOWNS, TOTALS)


def _leaves(file: sqlite3.Connection) -> Iterator[bytes]:
    for table in _IN_TREE:
        row: Row
        for row in file.execute(f"SELECT * FROM {table} ORDER BY rowid"):
            yield leaf_of(table, row)
