"""Which votes of a time are here, and which have come since a Decision was made of it."""

from datetime import date

from sqlalchemy import Connection, func, select

from protocol.visits import VisitOutcome
from sync_server.core.channels import Channel
from sync_server.core.decisions.late import Held, Late, late_forms
from sync_server.store.cells import cells
from sync_server.store.paper_cells import COUNTED, LINES
from sync_server.store.schema import paper_lines, streams, votes


def held_now(connection: Connection, site: str, first: date, last: date) -> Held:
    """Return what is here of a time, in the view of this connection."""
    marks = connection.execute(select(streams.c.stream, streams.c.stored_up_to).where(streams.c.site == site))
    return Held(
        votes=_of_kiosks(connection, site, first, last),
        streams={row.stream: row.stored_up_to for row in marks.all()},
        batches=_batches(connection, site, first, last),
    )


def late_votes(connection: Connection, site: str, first: date, last: date, held: Held) -> Late:
    """Return what has come of a time since then."""
    forms, withdrawn = late_forms(held.batches, _batches(connection, site, first, last))
    votes_now = _of_kiosks(connection, site, first, last)
    late = 0 if votes_now == held.votes else _beyond(connection, site, first, last, held)
    return Late(late, forms, withdrawn)


def _of_kiosks(connection: Connection, site: str, first: date, last: date) -> int:
    found = cells(connection, site, first, last)
    ours = (cell for cell in found if cell.is_whole_votes and cell.channel == Channel.KIOSK)
    return sum(cell.votes for cell in ours if cell.lies_within(first, last))


def _beyond(connection: Connection, site: str, first: date, last: date, held: Held) -> int:
    marks = connection.execute(select(streams.c.stream, streams.c.stored_up_to).where(streams.c.site == site)).all()
    late = 0
    for row in marks:
        if row.stored_up_to > held.streams.get(row.stream, 0):
            these = (votes.c.stream == row.stream) & (votes.c.number > held.streams.get(row.stream, 0))
            within = (votes.c.day >= first) & (votes.c.until_day <= last) & (votes.c.outcome == VisitOutcome.ANSWERED)
            late += connection.scalar(select(func.count()).select_from(votes).where(these, within)) or 0
    return late


def _batches(connection: Connection, site: str, first: date, last: date) -> dict[str, int]:
    within = (paper_lines.c.site == site) & (paper_lines.c.day >= first) & (paper_lines.c.until_day <= last)
    counted = select(paper_lines.c.batch, func.sum(paper_lines.c.votes).label("votes")).select_from(LINES)
    rows = connection.execute(counted.where(COUNTED, within).group_by(paper_lines.c.batch))
    return {row.batch: int(row.votes) for row in rows}
