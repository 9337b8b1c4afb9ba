"""Connections. SQLite by default, PostgreSQL by setting; the same promises on both.

A transaction begins as a writer on SQLite (`BEGIN IMMEDIATE`): two writers then wait for each other instead of one being
refused half-way, which is what SQLite does to a reader that turns writer after somebody else wrote.
"""

from __future__ import annotations

import sqlite3
from functools import cache
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from bot.db.base import Base
from bot.errors import TransientError

BUSY_SECONDS = 10.0  # longer than the longest turn (settings.action_seconds)
Sessions = sessionmaker[Session]


def connect(database_url: str, *, pool_size: int = 8, busy_seconds: float = BUSY_SECONDS) -> Engine:
    """An engine for `database_url` (`sqlite:///...` or `postgresql+psycopg://...`). Its errors never show parameters."""
    if database_url.startswith("sqlite"):
        engine = create_engine(
            database_url, hide_parameters=True, connect_args={"timeout": busy_seconds, "check_same_thread": False}
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_as_writer)
        return engine
    return create_engine(database_url, hide_parameters=True, pool_size=pool_size, pool_pre_ping=True)


def sessions(engine: Engine) -> Sessions:
    """Makes sessions whose objects stay readable after commit."""
    return sessionmaker(engine, expire_on_commit=False)


def read_only(sessions: Sessions) -> Session:
    """A session that takes no lock: on SQLite it neither waits for a writer nor holds one up."""
    session = sessions()
    session.connection(execution_options={"reader": True})
    return session


def truncate_log(engine: Engine) -> bool:
    """On SQLite: writes the log into the database file and empties it, so that what was deleted stands in neither any more.

    Waits for nobody; False when somebody was reading or writing, and it is to be tried again.
    """
    if engine.dialect.name != "sqlite":
        return True
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {patience:d}")
        return not busy
    finally:
        connection.close()


def _prepare_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "temp_store=MEMORY", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_as_writer(connection: Any) -> None:
    reader = connection.get_execution_options().get("reader", False)
    connection.exec_driver_sql("BEGIN" if reader else "BEGIN IMMEDIATE")


def has_one_writer(session: Session) -> bool:
    """Whether a transaction that has begun here is the only one that writes."""
    return session.get_bind().dialect.name == "sqlite"


def insert_new(session: Session, table: type[Base], **values: Any) -> int | None:
    """Inserts one row at once and returns its id; None when a unique constraint says that it is there already."""
    statement = _insert_or_nothing(session.get_bind().dialect.name, table)
    return session.connection().execute(statement, values).scalar()


@cache
def _insert_or_nothing(dialect: str, table: type[Base]) -> Any:
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    columns = table.__table__
    return insert(columns).on_conflict_do_nothing().returning(columns.c.id)  # type: ignore[arg-type]  # a Table, not any FromClause


def as_transient(error: DBAPIError) -> TransientError:
    """The database is locked, full, read-only or away: the same for the caller, who keeps the work and tries again."""
    return TransientError(f"the database does not take writes now ({type(error.orig).__name__})")
