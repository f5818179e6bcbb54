"""When cases are due and returned, how they were handed in, and where they are read from

Revision: 0010.
"""

import sqlalchemy as sa
from alembic import op

from sync_server.store.columns import Instant

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    name = sa.String(length=32)
    op.add_column("cases", sa.Column("due", sa.Date(), nullable=True))
    op.add_column("cases", sa.Column("returned", sa.Date(), nullable=True))
    op.add_column("cases", sa.Column("channel", name, nullable=True))
    op.create_index(op.f("ix_cases_site_cases_returned"), "cases", ["site", "returned"])
    op.create_table(
        "case_sources",
        sa.Column("site", name, nullable=False),
        sa.Column("source", name, nullable=False),
        sa.Column("mapping", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("progress", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("read_at", Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.site"], name=op.f("fk_case_sources_site_sites")),
        sa.PrimaryKeyConstraint("site", "source", name=op.f("pk_case_sources")),
    )
