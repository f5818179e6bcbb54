"""Entering lines into a batch, and deciding between two entries; each function inside its transaction."""

from collections.abc import Sequence

from sqlalchemy import Connection

from sync_server.core.names import counted
from sync_server.core.paper import FIRST_ENTRY, MOST_LINES, SECOND_ENTRY, Line, are_twins
from sync_server.store.paper import Deed, KeptBatch, PaperTrouble, kept_batches
from sync_server.store.paper_lines import add_decision, add_lines, compared, decisions, lines_of

MOST_NAMED = 20


def enter(connection: Connection, kept: KeptBatch, lines: Sequence[Line], deed: Deed, *, again: bool = False) -> int:
    """Enter lines; return how many are new. What is there already, and is the same, stays.

    PaperTrouble, and nothing is entered, when a number is there with something else, or when the batch is not open.
    """
    name, entry = kept.batch.batch, SECOND_ENTRY if again else FIRST_ENTRY
    there = lines_of(connection, kept.site, name, entry)
    other = [line.number for line in lines if line.number in there and there[line.number] != line]
    if other:
        raise PaperTrouble(
            f"{name}: {counted(len(other), 'form')} of this file were entered before, and differently: {_named(other)};"
            " nothing was entered. If they were entered wrongly: paper withdraw, and enter all into another batch"
        )
    new = [line for line in lines if line.number not in there]
    if not new:
        return 0
    _check_open(kept)
    if again and not lines_of(connection, kept.site, name, FIRST_ENTRY):
        raise PaperTrouble(f"{name}: nothing was entered a first time; leave out --again")
    if len(there) + len(new) > MOST_LINES:
        raise PaperTrouble(f"{name}: would hold more than {MOST_LINES:,} lines; open another batch")
    add_lines(connection, kept.site, name, entry, new, deed.by, deed.at)
    return len(new)


def twins(connection: Connection, kept: KeptBatch) -> list[str]:
    """Return the batches, not withdrawn, that hold what this one does: the same stack entered twice, perhaps."""
    mine = lines_of(connection, kept.site, kept.batch.batch, FIRST_ENTRY).values()
    others = [other for other in kept_batches(connection, kept.site) if other.withdrawn is None]
    names = [other.batch.batch for other in others if other.batch.batch != kept.batch.batch]
    return [name for name in names if are_twins(mine, lines_of(connection, kept.site, name, FIRST_ENTRY).values())]


def decide(connection: Connection, kept: KeptBatch, number: int, entry: int, deed: Deed) -> bool:
    """Note which entry of a number counts; return False when that was decided already.

    PaperTrouble when its entries do not differ, or when the other one was decided for.
    """
    name = kept.batch.batch
    done = decisions(connection, kept.site, name)
    if number in done:
        if done[number] != entry:
            raise PaperTrouble(f"{name}: of form {number} the other entry was decided for; that stands")
        return False
    _check_open(kept)
    if number not in {each.number for each in compared(connection, kept.site, name)}:
        raise PaperTrouble(f"{name}: the entries of form {number} do not differ; there is nothing to decide")
    add_decision(connection, kept.site, name, number, entry, deed.by, deed.because, deed.at)
    return True


def _check_open(kept: KeptBatch) -> None:
    if kept.withdrawn is not None:
        raise PaperTrouble(f"{kept.batch.batch}: was withdrawn; open another batch")
    if kept.closed is not None:
        raise PaperTrouble(f"{kept.batch.batch}: is closed; open another batch for what is missing, or paper withdraw")


def _named(numbers: Sequence[int]) -> str:
    named = ", ".join(map(str, numbers[:MOST_NAMED]))
    return named if len(numbers) <= MOST_NAMED else f"{named} and {len(numbers) - MOST_NAMED:,} more"
