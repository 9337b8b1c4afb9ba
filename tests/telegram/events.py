"""Updates as Telegram writes them, and what a test looks up afterwards."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event as hooks
from sqlalchemy import select
from sqlalchemy.orm import undefer

from bot.conversation.models import Inbox
from bot.house import House
from bot.people.models import Chat

PERSON = 5_550_001
_ids = itertools.count(1_000)


def sender(chat: int = PERSON, language: str | None = "so") -> dict[str, Any]:
    person = {"id": chat, "is_bot": False, "first_name": "A"}
    return person | ({"language_code": language} if language else {})


def message(text: str | None = None, *, chat: int = PERSON, language: str | None = "so", **more: Any) -> dict[str, Any]:
    """A message in a private chat; `more` are its other fields."""
    made = {
        "message_id": next(_ids),
        "from": sender(chat, language),
        "chat": {"id": chat, "type": "private", "first_name": "A"},
        "date": 1_790_000_000,
    }
    return made | ({"text": text} if text is not None else {}) | more


def in_group(text: str = "hello", *, chat: int = -100_777, **more: Any) -> dict[str, Any]:
    return message(text, **more) | {"chat": {"id": chat, "type": "supergroup", "title": "Friends"}}


def tap(data: str, *, chat: int = PERSON, query: str = "4382bfdwdsb323b2d9") -> dict[str, Any]:
    below = message("Which?", chat=chat) | {"from": {"id": 110201543, "is_bot": True, "first_name": "Bridge"}}
    return {"id": query, "from": sender(chat), "message": below, "chat_instance": "77", "data": data}


def membership(status: str, *, chat: int = PERSON, kind: str = "private") -> dict[str, Any]:
    bot = {"id": 110201543, "is_bot": True, "first_name": "Bridge"}
    was = {"user": bot, "status": "left"}
    now = {"user": bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})
    where = {"id": chat, "type": kind}
    return {"chat": where, "from": sender(), "date": 1_790_000_000, "old_chat_member": was, "new_chat_member": now}


def rows(house: House) -> list[Inbox]:
    with house.sessions() as session:
        return list(session.scalars(select(Inbox).options(undefer(Inbox.raw)).order_by(Inbox.id)))


def chats(house: House) -> list[Chat]:
    with house.sessions() as session:
        return list(session.scalars(select(Chat).order_by(Chat.id)))


@contextmanager
def locked(house: House) -> Iterator[None]:
    """Another process holds the database and does not let go; ours gives up after a moment instead of ten seconds."""

    def impatient(connection: sqlite3.Connection, _: Any) -> None:
        connection.execute("PRAGMA busy_timeout=20")

    hooks.listen(house.database, "connect", impatient)
    house.database.dispose()
    other = sqlite3.connect(str(house.database.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()
        hooks.remove(house.database, "connect", impatient)
        house.database.dispose()
