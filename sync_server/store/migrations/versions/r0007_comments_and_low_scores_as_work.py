"""Comments and low scores as work

Revision: 0007.
"""

import sqlalchemy as sa
from alembic import op

from sync_server.store.columns import Instant

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    name = sa.String(length=32)
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "matters",
        sa.Column("number", number, autoincrement=True, nullable=False),
        sa.Column("site", name, nullable=False),
        sa.Column("vote_id", name, nullable=False),
        sa.Column("kind", name, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("state", name, nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.site"], name=op.f("fk_matters_site_sites")),
        sa.ForeignKeyConstraint(["vote_id"], ["votes.vote_id"], name=op.f("fk_matters_vote_id_votes")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_matters")),
        sa.UniqueConstraint("vote_id", name=op.f("uq_matters_vote_id")),
    )
    op.create_index(op.f("ix_matters_site_matters_state"), "matters", ["site", "state"])
    op.create_table(
        "matter_steps",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("at", Instant(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("state", name, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["matters.number"], name=op.f("fk_matter_steps_number_matters")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter_steps")),
    )
    op.create_index(op.f("ix_matter_steps_number"), "matter_steps", ["number"])
