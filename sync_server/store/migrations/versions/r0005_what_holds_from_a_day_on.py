"""What holds from a day on: names, people, counters, procedures, surveys and rules

What was there held always, as far as is known.

Revision: 0005.
"""

from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

from sync_server.store.columns import Instant

revision = "0005"
down_revision = "0004"

ALWAYS = date.min
NOBODY_NOTED_WHEN = datetime(2000, 1, 1, tzinfo=UTC)
KEYS = {"fields": "field", "officers": "officer", "counters": "counter", "procedures": "procedure"}


def upgrade() -> None:
    records = op.create_table(
        "records",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("site", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("made_at", Instant(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["site"], ["sites.site"], name=op.f("fk_records_site_sites")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_records")),
    )
    op.create_index(op.f("ix_records_site_records_kind"), "records", ["site", "kind"])
    made = {"since": ALWAYS, "made_at": NOBODY_NOTED_WHEN, "made_by": "migration 0005"}
    op.bulk_insert(records, [entry | made for entry in _present()])
    with op.batch_alter_table("cases") as cases:
        cases.drop_constraint(op.f("fk_cases_site_procedure_procedures"), type_="foreignkey")
        cases.drop_constraint(op.f("fk_cases_site_officer_officers"), type_="foreignkey")
    for table in ("procedures", "counters", "officers", "fields"):
        op.drop_table(table)
    op.drop_column("sites", "office")
    op.drop_column("sites", "unit")


def _present() -> list[dict[str, Any]]:
    connection = op.get_bind()
    found = [
        {"site": row.site, "kind": "office", "key": "office", "content": {"office": row.office, "unit": row.unit}}
        for row in connection.execute(sa.text("SELECT site, office, unit FROM sites"))
    ]
    for table, key in KEYS.items():
        for row in connection.execute(sa.text(f"SELECT * FROM {table}")).mappings():
            content = {name: value for name, value in row.items() if name != "site"}
            found.append({"site": row["site"], "kind": key, "key": str(row[key]), "content": content})
    return found
