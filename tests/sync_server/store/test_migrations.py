"""The migrations make what the schema says."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, select

from sync_server.store.database import Database
from sync_server.store.schema import metadata, sites


def test_migrations_and_schema_agree(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_keeps_what_is_there(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(insert(sites).values(site="sia", office="a", unit="b"))
    database.migrate()
    with database.reading() as connection:
        assert connection.execute(select(sites.c.site)).scalars().all() == ["sia"]
