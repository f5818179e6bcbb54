"""Votes added up by half months

Revision: 0006.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from sync_server.core.half_months import half_of
from sync_server.store.columns import Instant

revision = "0006"
down_revision = "0005"

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def upgrade() -> None:
    name = sa.String(length=32)
    op.create_table(
        "figure_cells",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("site", name, nullable=False),
        sa.Column("half", sa.Date(), nullable=False),
        sa.Column("until_half", sa.Date(), nullable=False),
        sa.Column("outcome", name, nullable=False),
        sa.Column("survey", sa.Integer(), nullable=False),
        sa.Column("criterion", name, nullable=True),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("officer", name, nullable=True),
        sa.Column("field", name, nullable=True),
        sa.Column("procedure", sa.String(length=64), nullable=True),
        sa.Column("counter", sa.Integer(), nullable=True),
        sa.Column("kiosk", name, nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("votes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.site"], name=op.f("fk_figure_cells_site_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_figure_cells")),
    )
    op.create_index(op.f("ix_figure_cells_site_figure_cells_half"), "figure_cells", ["site", "half"])
    stale = op.create_table(
        "stale_halves",
        sa.Column("site", name, nullable=False),
        sa.Column("half", sa.Date(), nullable=False),
        sa.Column("touched_hour", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.site"], name=op.f("fk_stale_halves_site_sites")),
        sa.PrimaryKeyConstraint("site", "half", name=op.f("pk_stale_halves")),
    )
    votes = sa.table("votes", sa.column("site", sa.String()), sa.column("day", sa.Date()))
    days = op.get_bind().execute(sa.select(votes.c.site, votes.c.day).distinct())
    there = {(row.site, half_of(row.day)) for row in days}
    op.bulk_insert(stale, [{"site": site, "half": half, "touched_hour": LONG_AGO} for site, half in sorted(there)])
