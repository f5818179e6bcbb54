"""What else a visit says: how it ended, reasons, a comment, labels

Revision: 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("votes", sa.Column("outcome", sa.String(length=32), nullable=False, server_default="answered"))
    op.add_column("votes", sa.Column("best_first", sa.Integer(), nullable=False, server_default=sa.text("0")))
    for table, column, kind, keyed in (
        ("vote_reasons", "reason", sa.String(length=32), True),
        ("vote_labels", "label", sa.String(length=32), True),
        ("comments", "text", sa.Text(), False),
    ):
        op.create_table(
            table,
            sa.Column("vote_id", sa.String(length=32), nullable=False),
            sa.Column(column, kind, nullable=False),
            sa.ForeignKeyConstraint(["vote_id"], ["votes.vote_id"], name=op.f(f"fk_{table}_vote_id_votes")),
            sa.PrimaryKeyConstraint("vote_id", *([column] if keyed else []), name=op.f(f"pk_{table}")),
        )
