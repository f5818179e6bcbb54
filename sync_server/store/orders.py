"""What kiosks are to be told: the setup of their office, and commands until they are answered."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, insert, select, tuple_, update

from protocol.codec import decode, encode
from protocol.messages import Action, Command, CommandAnswer, Count, Setup
from protocol.topics import Address
from sync_server.core.setup_standing import KioskSetup
from sync_server.store.changes import Subject, bump
from sync_server.store.schema import commands, kiosk_status, kiosks, setups, streams

AFTER_A_RESTORE = "after a restore"  # who made such a setup
# No server has lost as many revisions: a kiosk that knows one so far ahead is broken or hostile.
FURTHEST_AHEAD = 1_000_000
# A hostile kiosk may claim a newer revision each time: the others are not told a new one each time.
PAUSE_AFTER_A_RESTORE = timedelta(minutes=10)


@dataclass(frozen=True)
class InForce:
    """The setup of a site, as it is sent."""

    revision: int
    content: bytes
    made_at: datetime
    made_by: str


@dataclass(frozen=True)
class Issued:
    """A command and what became of it."""

    address: Address
    command: Command
    issued_at: datetime
    issued_by: str
    answered_at: datetime | None
    outcome: str | None
    detail: str | None


def setups_in_force(connection: Connection, sites: Iterable[str]) -> dict[str, InForce]:
    """Return the setup of each of the sites that has one."""
    newest = (
        select(setups.c.site, func.max(setups.c.revision).label("revision"))
        .where(setups.c.site.in_(list(sites)))
        .group_by(setups.c.site)
        .subquery()
    )
    rows = connection.execute(
        select(setups).join(newest, (newest.c.site == setups.c.site) & (newest.c.revision == setups.c.revision))
    )
    return {row.site: InForce(row.revision, bytes(row.content), row.made_at, row.made_by) for row in rows}


def put_in_force(
    connection: Connection, site: str, draft: Setup, by: str, now: datetime, *, above: int = 0
) -> InForce | None:
    """Give a setup the next revision and put it in force; None when it says what the present one says already.

    The revision is higher than any that a kiosk of the site has reported, and than *above*: after a restore from a
    backup the kiosks may know later ones, and would refuse what looks older. MalformedMessage when it is too large.
    """
    present = setups_in_force(connection, [site]).get(site)
    so_far = present.revision if present else 0
    believed = [revision for revision in _reported(connection, site) if revision <= so_far + FURTHEST_AHEAD]
    highest = max(so_far, above, *believed)
    if present is not None and present.revision == highest and _says_the_same(present, draft):
        return None
    made = InForce(highest + 1, encode(_numbered(draft, highest + 1)), now, by)
    connection.execute(
        insert(setups).values(site=site, revision=made.revision, content=made.content, made_at=now, made_by=by)
    )
    bump(connection, Subject.ORDERS)
    return made


def put_again(connection: Connection, site: str, above: int, now: datetime) -> InForce:
    """Give the setup in force a revision above one that a kiosk knows, if that can be believed; return it."""
    present = setups_in_force(connection, [site])[site]
    just_done = present.made_by == AFTER_A_RESTORE and now < present.made_at + PAUSE_AFTER_A_RESTORE
    if just_done or above > present.revision + FURTHEST_AHEAD:
        return present
    made = put_in_force(connection, site, decode(present.content, Setup), AFTER_A_RESTORE, now, above=above)
    return made or present


def issue(
    connection: Connection,
    address: Address,
    action: Action,
    by: str,
    now: datetime,
    expires: datetime,
    *,
    resend_from: int | None = None,
    update_to: str | None = None,
) -> Command:
    """Issue a command; the kiosk is told at once, and again with each of its reports until it answers."""
    command = Command(
        command=secrets.token_hex(16), expires=expires, action=action, resend_from=resend_from, update_to=update_to
    )
    encode(command)  # refuses what the kiosk could not read
    connection.execute(
        insert(commands).values(
            command=command.command,
            site=address.site,
            kiosk=address.kiosk,
            action=action,
            resend_from=resend_from,
            update_to=update_to,
            issued_at=now,
            issued_by=by,
            expires_at=expires,
        )
    )
    bump(connection, Subject.ORDERS)
    return command


def pending(
    connection: Connection, now: datetime, to: Iterable[Address] | None = None
) -> list[tuple[Address, Command]]:
    """Return the commands that wait for an answer and are not too late, to these kiosks or to all that may send."""
    query = (
        select(commands)
        .join(kiosks, (kiosks.c.site == commands.c.site) & (kiosks.c.kiosk == commands.c.kiosk))
        .where(commands.c.answered_at.is_(None), commands.c.expires_at > now, kiosks.c.revoked_at.is_(None))
        .order_by(commands.c.issued_at, commands.c.command)
    )
    if to is not None:
        wanted = [(address.site, address.kiosk) for address in to]
        query = query.where(tuple_(commands.c.site, commands.c.kiosk).in_(wanted))
    return [(Address(row.site, row.kiosk), _command(row)) for row in connection.execute(query)]


def note_answers(connection: Connection, address: Address, answers: Sequence[CommandAnswer], now: datetime) -> None:
    """Keep what a kiosk says it did about commands that are its own and not answered yet."""
    if not answers:
        return
    # It repeats its newest answers in every report; hardly ever is one of them news.
    unanswered = set(
        connection.execute(
            select(commands.c.command).where(
                commands.c.site == address.site, commands.c.kiosk == address.kiosk, commands.c.answered_at.is_(None)
            )
        ).scalars()
    )
    for answer in answers:
        if answer.command in unanswered:
            connection.execute(
                update(commands)
                .where(commands.c.command == answer.command, commands.c.answered_at.is_(None))
                .values(answered_at=now, outcome=str(answer.outcome), detail=answer.detail)
            )


def issued(connection: Connection, address: Address, most: int = 50) -> list[Issued]:
    """Return the newest commands of a kiosk, newest first."""
    rows = connection.execute(
        select(commands)
        .where(commands.c.site == address.site, commands.c.kiosk == address.kiosk)
        .order_by(commands.c.issued_at.desc(), commands.c.command)
        .limit(most)
    )
    return [
        Issued(address, _command(row), row.issued_at, row.issued_by, row.answered_at, row.outcome, row.detail)
        for row in rows
    ]


def announced(connection: Connection, address: Address) -> Count:
    """Return the highest number that a kiosk has spoken of in the stream it goes on with; 0 before the first vote."""
    mine = (streams.c.site == address.site) & (streams.c.kiosk == address.kiosk)
    newest = select(streams.c.highest_announced).where(mine, streams.c.closed_at.is_(None))
    return connection.scalar(newest.order_by(streams.c.last_seen.desc(), streams.c.first_seen.desc()).limit(1)) or 0


def behind_on_setup(connection: Connection) -> list[tuple[Address, InForce]]:
    """Return the kiosks whose last report names an older setup than their site's."""
    in_force = setups_in_force(connection, list(connection.execute(select(setups.c.site).distinct()).scalars()))
    rows = connection.execute(
        select(kiosks.c.site, kiosks.c.kiosk, kiosk_status.c.report)
        .join(kiosk_status, (kiosk_status.c.site == kiosks.c.site) & (kiosk_status.c.kiosk == kiosks.c.kiosk))
        .where(kiosks.c.site.in_(list(in_force)), kiosks.c.revoked_at.is_(None))
    )
    return [
        (Address(row.site, row.kiosk), in_force[row.site])
        for row in rows
        if row.report.get("setup", 0) < in_force[row.site].revision
    ]


def kiosk_setups(connection: Connection, site: str) -> list[KioskSetup]:
    """Return every registered kiosk of a site with what it said last about setups, ordered by name."""
    last = (kiosk_status.c.site == kiosks.c.site) & (kiosk_status.c.kiosk == kiosks.c.kiosk)
    rows = connection.execute(
        select(kiosks.c.kiosk, kiosks.c.revoked_at, kiosk_status.c.report)
        .join_from(kiosks, kiosk_status, last, isouter=True)
        .where(kiosks.c.site == site)
        .order_by(kiosks.c.kiosk)
    )
    return [
        KioskSetup(
            row.kiosk,
            None if row.report is None else row.report.get("setup", 0),
            "" if row.report is None else row.report.get("setup_refused", ""),
            revoked=row.revoked_at is not None,
        )
        for row in rows
    ]


def _reported(connection: Connection, site: str) -> list[int]:
    reports = connection.execute(select(kiosk_status.c.report).where(kiosk_status.c.site == site)).scalars()
    return [int(report.get("setup", 0)) for report in reports]


def _numbered(setup: Setup, revision: int) -> Setup:
    return msgspec.structs.replace(setup, revision=revision)


def _says_the_same(present: InForce, draft: Setup) -> bool:
    # Both as they are read: a number may be written in several ways.
    return decode(present.content, Setup) == decode(encode(_numbered(draft, present.revision)), Setup)


def _command(row: Row[Any]) -> Command:
    return Command(
        command=row.command,
        expires=row.expires_at,
        action=Action(row.action),
        resend_from=row.resend_from,
        update_to=row.update_to,
    )
