"""The ledger of the streams, hours that are intervals, setups, commands and counts

Revision: 0002.
"""

import json

import sqlalchemy as sa
from alembic import op

from protocol.chain import EMPTY, extend
from sync_server.store.columns import Instant

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("kiosks") as table:
        table.alter_column("password_digest", existing_type=sa.String(length=64), type_=sa.Text(), nullable=False)
        table.add_column(sa.Column("revoked_at", Instant(), nullable=True))
        table.add_column(sa.Column("export_key", sa.String(length=64), nullable=True))
    with op.batch_alter_table("streams") as table:
        table.add_column(sa.Column("chain", sa.String(length=32), nullable=True))
        table.add_column(sa.Column("highest_announced", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("conflicts", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("replaces", sa.String(length=32), nullable=True))
        table.add_column(sa.Column("replaced_because", sa.String(length=32), nullable=True))
        table.add_column(sa.Column("carried", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("closed_at", Instant(), nullable=True))
        table.add_column(sa.Column("closed_by", sa.Text(), nullable=True))
        table.add_column(sa.Column("closed_because", sa.Text(), nullable=True))
    _fill_the_ledger()
    with op.batch_alter_table("streams") as table:
        table.alter_column("chain", existing_type=sa.String(length=32), nullable=False)
        table.alter_column("highest_announced", existing_type=sa.BigInteger(), nullable=False)
        table.alter_column("conflicts", existing_type=sa.BigInteger(), nullable=False)
        table.create_index(table.f("ix_streams_site_streams_kiosk"), ["site", "kiosk"], unique=False)
    op.create_table(
        "stream_gaps",
        sa.Column("stream", sa.String(length=32), nullable=False),
        sa.Column("first", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("noted_at", Instant(), nullable=False),
        sa.Column("accepted_by", sa.Text(), nullable=True),
        sa.Column("accepted_because", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["stream"], ["streams.stream"], name=op.f("fk_stream_gaps_stream_streams")),
        sa.PrimaryKeyConstraint("stream", "first", name=op.f("pk_stream_gaps")),
    )
    with op.batch_alter_table("votes") as table:
        table.add_column(sa.Column("until_hour", Instant(), nullable=True))
        table.add_column(sa.Column("until_day", sa.Date(), nullable=True))
    op.execute(sa.text("UPDATE votes SET until_hour = hour, until_day = day"))
    with op.batch_alter_table("votes") as table:
        table.alter_column("until_hour", existing_type=Instant(), nullable=False)
        table.alter_column("until_day", existing_type=sa.Date(), nullable=False)
    op.execute(sa.text("DELETE FROM kiosk_status"))  # each kiosk sends a whole one within a minute
    with op.batch_alter_table("kiosk_status") as table:
        table.add_column(sa.Column("connection", sa.BigInteger(), nullable=False))
        table.add_column(sa.Column("gone_at", Instant(), nullable=True))
        table.add_column(sa.Column("report", sa.JSON(), nullable=False))
    op.create_table(
        "setups",
        sa.Column("site", sa.String(length=32), nullable=False),
        sa.Column("revision", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.site"], name=op.f("fk_setups_site_sites")),
        sa.PrimaryKeyConstraint("site", "revision", name=op.f("pk_setups")),
    )
    op.create_table(
        "commands",
        sa.Column("command", sa.String(length=32), nullable=False),
        sa.Column("site", sa.String(length=32), nullable=False),
        sa.Column("kiosk", sa.String(length=32), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("resend_from", sa.BigInteger(), nullable=True),
        sa.Column("update_to", sa.Text(), nullable=True),
        sa.Column("issued_at", Instant(), nullable=False),
        sa.Column("issued_by", sa.Text(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["site", "kiosk"], ["kiosks.site", "kiosks.kiosk"], name=op.f("fk_commands_site_kiosk_kiosks")
        ),
        sa.PrimaryKeyConstraint("command", name=op.f("pk_commands")),
    )
    with op.batch_alter_table("commands") as table:
        table.create_index(table.f("ix_commands_site_commands_kiosk"), ["site", "kiosk"], unique=False)
    op.create_table(
        "ingest_counts",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_ingest_counts")),
    )
    op.execute(sa.text("INSERT INTO changes (id, number) VALUES (2, 0), (3, 0)"))


def _fill_the_ledger() -> None:
    connection = op.get_bind()
    for stream, stored_up_to in connection.execute(sa.text("SELECT stream, stored_up_to FROM streams")).all():
        counted = connection.execute(
            sa.text("SELECT number, vote_id FROM votes WHERE stream = :stream"), {"stream": stream}
        )
        ids = {number: vote_id for number, vote_id in counted}
        refused = connection.execute(
            sa.text("SELECT number, payload FROM quarantine WHERE stream = :stream AND number IS NOT NULL"),
            {"stream": stream},
        )
        for number, payload in refused:
            ids.setdefault(number, _vote_id_in(bytes(payload)))
        chain = extend(EMPTY, (ids.get(number, "") for number in range(1, stored_up_to + 1)))
        connection.execute(
            sa.text(
                "UPDATE streams SET chain = :chain, highest_announced = stored_up_to, conflicts = 0"
                " WHERE stream = :stream"
            ),
            {"chain": chain, "stream": stream},
        )


def _vote_id_in(payload: bytes) -> str:
    try:
        vote_id = json.loads(payload)["vote_id"]
    except (ValueError, KeyError, TypeError):
        return ""
    return vote_id if isinstance(vote_id, str) else ""
