"""The first tables

Revision: 0001.
"""

import sqlalchemy as sa
from alembic import op

from sync_server.store.columns import Instant

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "admins",
        sa.Column("admin", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("admin", name=op.f("pk_admins")),
    )
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changes")),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("stream", sa.String(length=32), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
    )
    with op.batch_alter_table("quarantine", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quarantine_stream_quarantine_number"), ["stream", "number"], unique=False)

    op.create_table(
        "refusals",
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("reason", name=op.f("pk_refusals")),
    )
    op.create_table(
        "sites",
        sa.Column("site", sa.String(length=32), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("site", name=op.f("pk_sites")),
    )
    op.create_table(
        "fields",
        sa.Column("site", sa.String(length=32), nullable=False),
        sa.Column("field", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.site"], name=op.f("fk_fields_site_sites")),
        sa.PrimaryKeyConstraint("site", "field", name=op.f("pk_fields")),
    )
    op.create_table(
        "kiosks",
        sa.Column("site", sa.String(length=32), nullable=False),
        sa.Column("kiosk", sa.String(length=32), nullable=False),
        sa.Column("password_digest", sa.String(length=64), nullable=False),
        sa.Column("added_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.site"], name=op.f("fk_kiosks_site_sites")),
        sa.PrimaryKeyConstraint("site", "kiosk", name=op.f("pk_kiosks")),
    )
    op.create_table(
        "sessions",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("admin", sa.String(length=32), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("last_seen_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["admin"], ["admins.admin"], name=op.f("fk_sessions_admin_admins")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sessions")),
    )
    op.create_table(
        "sign_in_links",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("admin", sa.String(length=32), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["admin"], ["admins.admin"], name=op.f("fk_sign_in_links_admin_admins")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_sign_in_links")),
    )
    op.create_table(
        "kiosk_status",
        sa.Column("site", sa.String(length=32), nullable=False),
        sa.Column("kiosk", sa.String(length=32), nullable=False),
        sa.Column("stream", sa.String(length=32), nullable=False),
        sa.Column("boot", sa.BigInteger(), nullable=False),
        sa.Column("tick", sa.BigInteger(), nullable=False),
        sa.Column("highest", sa.BigInteger(), nullable=False),
        sa.Column("waiting", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("scanner", sa.Text(), nullable=False),
        sa.Column("storage", sa.Text(), nullable=False),
        sa.Column("refused_scans", sa.JSON(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site", "kiosk"], ["kiosks.site", "kiosks.kiosk"], name=op.f("fk_kiosk_status_site_kiosk_kiosks")
        ),
        sa.PrimaryKeyConstraint("site", "kiosk", name=op.f("pk_kiosk_status")),
    )
    op.create_table(
        "officers",
        sa.Column("site", sa.String(length=32), nullable=False),
        sa.Column("officer", sa.String(length=32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("field", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["site", "field"], ["fields.site", "fields.field"], name=op.f("fk_officers_site_field_fields")
        ),
        sa.ForeignKeyConstraint(["site"], ["sites.site"], name=op.f("fk_officers_site_sites")),
        sa.PrimaryKeyConstraint("site", "officer", name=op.f("pk_officers")),
    )
    op.create_table(
        "procedures",
        sa.Column("site", sa.String(length=32), nullable=False),
        sa.Column("procedure", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("field", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["site", "field"], ["fields.site", "fields.field"], name=op.f("fk_procedures_site_field_fields")
        ),
        sa.ForeignKeyConstraint(["site"], ["sites.site"], name=op.f("fk_procedures_site_sites")),
        sa.PrimaryKeyConstraint("site", "procedure", name=op.f("pk_procedures")),
    )
    op.create_table(
        "streams",
        sa.Column("stream", sa.String(length=32), nullable=False),
        sa.Column("site", sa.String(length=32), nullable=False),
        sa.Column("kiosk", sa.String(length=32), nullable=False),
        sa.Column("stored_up_to", sa.BigInteger(), nullable=False),
        sa.Column("first_seen", Instant(), nullable=False),
        sa.Column("last_seen", Instant(), nullable=False),
        sa.CheckConstraint("stored_up_to >= 0", name=op.f("ck_streams_not_negative")),
        sa.ForeignKeyConstraint(
            ["site", "kiosk"], ["kiosks.site", "kiosks.kiosk"], name=op.f("fk_streams_site_kiosk_kiosks")
        ),
        sa.PrimaryKeyConstraint("stream", name=op.f("pk_streams")),
    )
    op.create_table(
        "cases",
        sa.Column("site", sa.String(length=32), nullable=False),
        sa.Column("case_token", sa.String(length=32), nullable=False),
        sa.Column("procedure", sa.String(length=64), nullable=False),
        sa.Column("officer", sa.String(length=32), nullable=False),
        sa.Column("received", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site", "officer"], ["officers.site", "officers.officer"], name=op.f("fk_cases_site_officer_officers")
        ),
        sa.ForeignKeyConstraint(
            ["site", "procedure"],
            ["procedures.site", "procedures.procedure"],
            name=op.f("fk_cases_site_procedure_procedures"),
        ),
        sa.ForeignKeyConstraint(["site"], ["sites.site"], name=op.f("fk_cases_site_sites")),
        sa.PrimaryKeyConstraint("site", "case_token", name=op.f("pk_cases")),
    )
    op.create_table(
        "counters",
        sa.Column("site", sa.String(length=32), nullable=False),
        sa.Column("counter", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("officer", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["site", "officer"], ["officers.site", "officers.officer"], name=op.f("fk_counters_site_officer_officers")
        ),
        sa.ForeignKeyConstraint(["site"], ["sites.site"], name=op.f("fk_counters_site_sites")),
        sa.PrimaryKeyConstraint("site", "counter", name=op.f("pk_counters")),
    )
    op.create_table(
        "votes",
        sa.Column("vote_id", sa.String(length=32), nullable=False),
        sa.Column("stream", sa.String(length=32), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("site", sa.String(length=32), nullable=False),
        sa.Column("kiosk", sa.String(length=32), nullable=False),
        sa.Column("hour", Instant(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("survey", sa.Integer(), nullable=False),
        sa.Column("counter", sa.Integer(), nullable=True),
        sa.Column("case_token", sa.String(length=32), nullable=True),
        sa.Column("officer", sa.String(length=32), nullable=True),
        sa.Column("field", sa.String(length=32), nullable=True),
        sa.Column("procedure", sa.String(length=64), nullable=True),
        sa.Column("received_hour", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["stream"], ["streams.stream"], name=op.f("fk_votes_stream_streams")),
        sa.PrimaryKeyConstraint("vote_id", name=op.f("pk_votes")),
        sa.UniqueConstraint("stream", "number", name=op.f("uq_votes_stream_number")),
    )
    with op.batch_alter_table("votes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_votes_site_votes_case_token"), ["site", "case_token"], unique=False)
        batch_op.create_index(batch_op.f("ix_votes_site_votes_day"), ["site", "day"], unique=False)

    op.create_table(
        "answers",
        sa.Column("vote_id", sa.String(length=32), nullable=False),
        sa.Column("criterion", sa.String(length=32), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["vote_id"], ["votes.vote_id"], name=op.f("fk_answers_vote_id_votes")),
        sa.PrimaryKeyConstraint("vote_id", "criterion", name=op.f("pk_answers")),
    )
    op.execute(sa.text("INSERT INTO changes (id, number) VALUES (1, 0)"))
