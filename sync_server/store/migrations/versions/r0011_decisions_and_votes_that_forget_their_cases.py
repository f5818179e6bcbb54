"""Decisions, version by version and step by step; and the cases that were rated by votes that forgot them

Revision: 0011.
"""

import sqlalchemy as sa
from alembic import op

from sync_server.store.columns import Instant

revision = "0011"
down_revision = "0010"

NAME = sa.String(length=32)
DIGEST = sa.String(length=64)
MOMENT = Instant(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "decisions",
        sa.Column("site", NAME, nullable=False),
        sa.Column("span", NAME, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", NAME, nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("amends", sa.Integer(), nullable=True),
        sa.Column("change", NAME, nullable=True),
        sa.Column("change_because", sa.Text(), nullable=False),
        sa.Column("lacking", sa.JSON(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("held", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("figures", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("root", DIGEST, nullable=True),
        sa.Column("fingerprint", DIGEST, nullable=True),
        sa.Column("folder", sa.Text(), nullable=True),
        sa.Column("archive_sha256", DIGEST, nullable=True),
        sa.Column("number", sa.Text(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("issued_at", MOMENT, nullable=True),
        sa.Column("forgetting_at", MOMENT, nullable=True),
        sa.Column("forgotten_at", MOMENT, nullable=True),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.site"], name=op.f("fk_decisions_site_sites")),
        sa.PrimaryKeyConstraint("site", "span", "version", name=op.f("pk_decisions")),
    )
    op.create_table(
        "decision_steps",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("site", NAME, nullable=False),
        sa.Column("span", NAME, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("step", NAME, nullable=False),
        sa.Column("state", NAME, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site", "span", "version"],
            ["decisions.site", "decisions.span", "decisions.version"],
            name=op.f("fk_decision_steps_site_span_version_decisions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_steps")),
    )
    place = ["site", "span", "version"]
    op.create_index("ix_decision_steps_of_one", "decision_steps", place)
    op.create_table(
        "spent_tokens",
        sa.Column("site", NAME, nullable=False),
        sa.Column("case_token", NAME, nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.site"], name=op.f("fk_spent_tokens_site_sites")),
        sa.PrimaryKeyConstraint("site", "case_token", "first", name=op.f("pk_spent_tokens")),
    )
