"""Labels that rules give, what people decide about labels, and who did what

Revision: 0009.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from sync_server.store.columns import Instant

revision = "0009"
down_revision = "0008"

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def upgrade() -> None:
    name = sa.String(length=32)
    instant = Instant(timezone=True)
    op.create_table(
        "rule_labels",
        sa.Column("vote_id", name, nullable=False),
        sa.Column("label", name, nullable=False),
        sa.ForeignKeyConstraint(["vote_id"], ["votes.vote_id"], name=op.f("fk_rule_labels_vote_id_votes")),
        sa.PrimaryKeyConstraint("vote_id", "label", name=op.f("pk_rule_labels")),
    )
    op.create_table(
        "label_reviews",
        sa.Column("vote_id", name, nullable=False),
        sa.Column("label", name, nullable=False),
        sa.Column("decision", name, nullable=False),
        sa.Column("decided_at", instant, nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["vote_id"], ["votes.vote_id"], name=op.f("fk_label_reviews_vote_id_votes")),
        sa.PrimaryKeyConstraint("vote_id", "label", name=op.f("pk_label_reviews")),
    )
    op.create_table(
        "audit_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("done_at", instant, nullable=False),
        sa.Column("done_by", sa.Text(), nullable=False),
        sa.Column("action", name, nullable=False),
        sa.Column("site", name, nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.site"], name=op.f("fk_audit_log_site_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    unjudged = op.create_table(
        "unjudged_days",
        sa.Column("site", name, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("touched_hour", instant, nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.site"], name=op.f("fk_unjudged_days_site_sites")),
        sa.PrimaryKeyConstraint("site", "day", name=op.f("pk_unjudged_days")),
    )
    op.create_index(op.f("ix_cases_site_cases_received"), "cases", ["site", "received"])
    votes = sa.table("votes", sa.column("site", sa.String()), sa.column("day", sa.Date()))
    days = op.get_bind().execute(sa.select(votes.c.site, votes.c.day).distinct())
    there = sorted((row.site, row.day) for row in days)
    op.bulk_insert(unjudged, [{"site": site, "day": day, "touched_hour": LONG_AGO} for site, day in there])
