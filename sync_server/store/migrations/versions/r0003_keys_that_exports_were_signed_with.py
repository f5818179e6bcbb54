"""Keys that exports were signed with before a kiosk's settings were renewed

Revision: 0003.
"""

import sqlalchemy as sa
from alembic import op

from sync_server.store.columns import Instant

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "former_export_keys",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("site", sa.String(length=32), nullable=False),
        sa.Column("kiosk", sa.String(length=32), nullable=False),
        sa.Column("ended_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site", "kiosk"], ["kiosks.site", "kiosks.kiosk"], name=op.f("fk_former_export_keys_site_kiosk_kiosks")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_former_export_keys")),
    )
