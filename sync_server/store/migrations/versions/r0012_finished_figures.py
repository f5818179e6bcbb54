"""Half months that count how often they changed, and figures that are kept until one does

Revision: 0012.
"""

import sqlalchemy as sa
from alembic import op

from sync_server.store.columns import Instant

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    name = sa.String(length=32)
    touched = op.create_table(
        "touched_halves",
        sa.Column("site", name, nullable=False),
        sa.Column("half", sa.Date(), nullable=False),
        sa.Column("touched_hour", Instant(timezone=True), nullable=False),
        sa.Column("changes", sa.BigInteger(), nullable=False),
        sa.Column("folded", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.ForeignKeyConstraint(["site"], ["sites.site"], name=op.f("fk_touched_halves_site_sites")),
        sa.PrimaryKeyConstraint("site", "half", name=op.f("pk_touched_halves")),
    )
    stale = sa.table(
        "stale_halves",
        sa.column("site", sa.String()),
        sa.column("half", sa.Date()),
        sa.column("touched_hour", Instant(timezone=True)),
    )
    marks = op.get_bind().execute(sa.select(stale)).all()
    op.bulk_insert(touched, [{**row._mapping, "changes": 1, "folded": 0} for row in marks])
    op.drop_table("stale_halves")
    op.create_table(
        "kept_figures",
        sa.Column("site", name, nullable=False),
        sa.Column("what", name, nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("result", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.site"], name=op.f("fk_kept_figures_site_sites")),
        sa.PrimaryKeyConstraint("site", "what", "first", "last", name=op.f("pk_kept_figures")),
    )
