"""The database's form: what the migrations make is what the program expects, on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect

from bot import crypto
from bot.db import migrate, tables
from bot.db.session import connect


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    crypto.use_key(b"k" * 32)
    if request.param == "sqlite":
        made = connect(f"sqlite:///{tmp_path / 'new.db'}")
    else:
        made = connect(request.getfixturevalue("empty_postgresql"))
    yield made
    made.dispose()


def test_the_migrations_make_what_the_models_say(database: Engine) -> None:
    migrate.create(database)
    with database.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), tables.Base.metadata)
    assert differences == []


def test_migrating_twice_changes_nothing(database: Engine) -> None:
    migrate.create(database)
    migrate.create(database)
    assert set(inspect(database).get_table_names()) >= set(tables.Base.metadata.tables)


def test_down_and_up_again_leaves_the_same(database: Engine) -> None:
    migrate.create(database)
    with database.begin() as connection:
        command.downgrade(migrate.config(connection), "base")
    assert set(inspect(database).get_table_names()) <= {"alembic_version"}
    migrate.create(database)
    assert set(inspect(database).get_table_names()) >= set(tables.Base.metadata.tables)
