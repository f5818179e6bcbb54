"""Votes on paper, and by which channel votes came

Revision: 0008.
"""

import sqlalchemy as sa
from alembic import op

from sync_server.store.columns import Instant

revision = "0008"
down_revision = "0007"

NAME = sa.String(length=32)
MOMENT = Instant(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("figure_cells") as cells:
        cells.alter_column("kiosk", existing_type=NAME, nullable=True)
        cells.add_column(sa.Column("channel", NAME, nullable=False, server_default="kiosk"))
    op.create_table(
        "paper_batches",
        sa.Column("site", NAME, nullable=False),
        sa.Column("batch", NAME, nullable=False),
        sa.Column("channel", NAME, nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("survey", sa.Integer(), nullable=False),
        sa.Column("issued", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("withdrawn_because", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["site"], ["sites.site"], name=op.f("fk_paper_batches_site_sites")),
        sa.PrimaryKeyConstraint("site", "batch", name=op.f("pk_paper_batches")),
    )
    _lines()
    op.create_table(
        "paper_decisions",
        sa.Column("site", NAME, nullable=False),
        sa.Column("batch", NAME, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_because", sa.Text(), nullable=False),
        _of_batch("paper_decisions"),
        sa.PrimaryKeyConstraint("site", "batch", "number", name=op.f("pk_paper_decisions")),
    )


def _lines() -> None:
    line = sa.String(length=32)
    op.create_table(
        "paper_lines",
        sa.Column("line", line, nullable=False),
        sa.Column("site", NAME, nullable=False),
        sa.Column("batch", NAME, nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=True),
        sa.Column("officer", NAME, nullable=True),
        sa.Column("field", NAME, nullable=True),
        sa.Column("procedure", sa.String(length=64), nullable=True),
        sa.Column("forms", sa.BigInteger(), nullable=False),
        sa.Column("votes", sa.BigInteger(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("entered_at", MOMENT, nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False),
        _of_batch("paper_lines"),
        sa.PrimaryKeyConstraint("line", name=op.f("pk_paper_lines")),
        sa.UniqueConstraint("site", "batch", "entry", "number", name=op.f("uq_paper_lines_site_batch_entry_number")),
    )
    op.create_index(op.f("ix_paper_lines_site_paper_lines_day"), "paper_lines", ["site", "day"])
    op.create_table(
        "paper_answers",
        sa.Column("line", line, nullable=False),
        sa.Column("criterion", NAME, nullable=False),
        sa.Column("level", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("forms", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["line"], ["paper_lines.line"], name=op.f("fk_paper_answers_line_paper_lines")),
        sa.PrimaryKeyConstraint("line", "criterion", "level", name=op.f("pk_paper_answers")),
    )
    op.create_table(
        "paper_reasons",
        sa.Column("line", line, nullable=False),
        sa.Column("reason", NAME, nullable=False),
        sa.ForeignKeyConstraint(["line"], ["paper_lines.line"], name=op.f("fk_paper_reasons_line_paper_lines")),
        sa.PrimaryKeyConstraint("line", "reason", name=op.f("pk_paper_reasons")),
    )


def _of_batch(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["site", "batch"],
        ["paper_batches.site", "paper_batches.batch"],
        name=op.f(f"fk_{table}_site_batch_paper_batches"),
    )
