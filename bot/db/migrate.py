"""Brings the database to the newest form. Safe to repeat; two processes at once wait for each other."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

SCRIPTS = Path(__file__).parent / "migrations"
LOCK = 0x0DE1_0517  # any number of ours, for PostgreSQL's advisory lock
TIMEOUT = "30s"


def create(engine: Engine) -> None:
    """Makes or upgrades every table. Raises what the database raises; nothing is then changed."""
    with engine.begin() as connection:  # on SQLite this is a write lock already
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET LOCAL lock_timeout = '{TIMEOUT}'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        command.upgrade(config(connection), "head")


def config(connection: Connection) -> Config:
    """Alembic's settings for an open connection."""
    settings = Config()
    settings.set_main_option("script_location", str(SCRIPTS))
    settings.attributes["connection"] = connection
    return settings
