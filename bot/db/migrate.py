"""Brings the database to the newest form. Safe to repeat; two processes at once wait for each other."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

from bot.errors import PermanentError

SCRIPTS = Path(__file__).parent / "migrations"
LOCK = 0x0DE1_0517  # any number of ours, for PostgreSQL's advisory lock
TIMEOUT = "30s"


def create(engine: Engine) -> None:
    """Makes or upgrades every table. Raises what the database raises; nothing is then changed."""
    with engine.connect() as connection, _no_cascade(connection), connection.begin():  # on SQLite this is a write lock already
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout = '{TIMEOUT}'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        command.upgrade(config(connection), "head")
        if connection.dialect.name == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first():
            raise PermanentError("a migration left rows that name what is not there: it was taken back")


@contextmanager
def _no_cascade(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew and dropping the old one, and dropping deletes what names its rows, unless foreign
    keys are off. They can be switched only outside a transaction.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver = cast(sqlite3.Connection, connection.connection.driver_connection)  # SQLAlchemy would begin a transaction first
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def config(connection: Connection) -> Config:
    """Alembic's settings for an open connection."""
    settings = Config()
    settings.set_main_option("script_location", str(SCRIPTS))
    settings.attributes["connection"] = connection
    return settings
