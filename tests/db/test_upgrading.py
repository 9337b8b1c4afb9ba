"""An upgrade of a database that is in use keeps every row, on SQLite, too, which makes a table anew to change it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, text

from bot import crypto
from bot.db import migrate
from bot.db.session import connect

ROWS = (
    "INSERT INTO people (id, language, language_confirmed, welcomed, created_at, last_seen_at) VALUES"
    " (1, 'ar', true, true, '2026-01-01', '2026-01-01')",
    "INSERT INTO chats (id, channel, address_hash, address, person_id, misunderstood, stopped, created_at) VALUES"
    " (1, 'web', 'h', :sealed, 1, 0, false, '2026-01-01')",
    "INSERT INTO handoffs (id, reference, person_id, chat_id, kind, urgency, reason, reach, state, created_at) VALUES"
    " (1, 'H-1', 1, 1, 'asked', 'any', :sealed, :sealed, 'waiting', '2026-01-01')",
    "INSERT INTO case_events (id, handoff_id, at, actor, becomes, why) VALUES (1, 1, '2026-01-01', 'person', 'waiting', '')",
    "INSERT INTO messages (id, chat_id, at, sender, language, text) VALUES (1, 1, '2026-01-01', 'person', 'ar', :sealed)",
)


@pytest.fixture(params=["sqlite", "postgresql"])
def in_use(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of the first version, with a case."""
    crypto.use_key(b"k" * 32)
    url = request.getfixturevalue("empty_postgresql") if request.param == "postgresql" else f"sqlite:///{tmp_path / 'old.db'}"
    made = connect(url)
    with made.begin() as connection:
        command.upgrade(migrate.config(connection), "0001")
        sealed = crypto.encrypt(b"words")
        for row in ROWS:
            connection.execute(text(row), {"sealed": sealed} if ":sealed" in row else {})
    yield made
    made.dispose()


def test_no_row_is_lost(in_use: Engine) -> None:
    migrate.create(in_use)
    with in_use.connect() as connection:
        for table in ("people", "chats", "handoffs", "case_events", "messages"):
            assert connection.scalar(text(f"SELECT count(*) FROM {table}")) == 1, table


def test_foreign_keys_are_watched_again_afterwards(in_use: Engine) -> None:
    migrate.create(in_use)
    with in_use.begin() as connection:
        connection.execute(text("DELETE FROM people"))
        assert connection.scalar(text("SELECT count(*) FROM case_events")) == 0
