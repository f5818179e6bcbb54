"""Comments and low scores on paper as work

Revision: 0013.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    hex128 = sa.String(length=32)
    with op.batch_alter_table("matters") as matters:
        matters.alter_column("vote_id", existing_type=hex128, nullable=True)
        matters.add_column(sa.Column("line", hex128, nullable=True))
        matters.create_foreign_key(op.f("fk_matters_line_paper_lines"), "paper_lines", ["line"], ["line"])
        matters.create_unique_constraint(op.f("uq_matters_line"), ["line"])
        matters.create_check_constraint(op.f("ck_matters_one_origin"), "(vote_id IS NULL) <> (line IS NULL)")
