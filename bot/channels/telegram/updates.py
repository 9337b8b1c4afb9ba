"""The door for updates, by polling or webhook: kept on disk first, acknowledged afterwards."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot import crypto
from bot.channels.telegram import client, courtesy
from bot.channels.telegram.reading import KINDS
from bot.conversation import inbox
from bot.house import House
from bot.people.models import Chat

log = logging.getLogger(__name__)
CHANNEL = "telegram"
_Found = tuple[str, dict[str, Any], dict[str, Any]]
_poison = 0  # updates without a meaning since the start


async def accept(house: House, update: dict[str, Any]) -> bool:
    """Takes one update into safe keeping. True when it is new and waits for its answer, False when nothing is to be kept:
    a repeat, a group, a kind we did not ask for, something that is no update.

    When it returns, the caller acknowledges to Telegram. Raises DBAPIError when the database does not take it: the caller
    does not acknowledge, and the person is told.
    """
    found = _look_at(update)
    if found is None:
        set_aside()
        return False
    kind, event, chat = found
    line = client.line(house.settings)
    try:
        if is_id(event.get("migrate_to_chat_id")):
            await asyncio.to_thread(_move, house, str(chat["id"]), str(event["migrate_to_chat_id"]))
            if line.groups.known(str(chat["id"])):  # the same people: they have read our line
                line.groups.first(str(event["migrate_to_chat_id"]))
            return False
        if chat.get("type") != "private":
            courtesy.acknowledge(line, update)
            courtesy.private_only(line, house.settings, kind, event, chat)
            return False
        new, held = await asyncio.to_thread(_keep, house, str(chat["id"]), str(update["update_id"]), update)
    except DBAPIError:
        courtesy.trouble(line, house.settings, event, chat)
        raise
    house.inbox_bell.ring()
    courtesy.acknowledge(line, update)
    if new and not held and kind != "my_chat_member":  # nobody types while a caseworker holds the chat
        courtesy.typing(line, chat)
    return new


def set_aside() -> None:
    """Counts something that is no update of ours, and says so without its content."""
    global _poison
    _poison += 1
    log.warning("set aside an update without a meaning (%d since the start)", _poison)


def _keep(house: House, address: str, update_id: str, update: dict[str, Any]) -> tuple[bool, bool]:
    """Whether the update is new, and whether a caseworker holds the chat."""
    with house.sessions.begin() as session:
        new = inbox.receive(session, CHANNEL, address, update_id, storable(update)) is not None
        chat = _chat(session, address)
        return new, chat is not None and chat.held_by_handoff is not None


def _move(house: House, old: str, new: str) -> None:
    """The chat at `old` is at `new` from now on, unless there is one already."""
    with house.sessions.begin() as session:
        chat = _chat(session, old)
        if chat is not None and _chat(session, new) is None:
            chat.address, chat.address_hash = new, crypto.pseudonym(CHANNEL, new)


def _chat(session: Session, address: str) -> Chat | None:
    return session.scalar(select(Chat).where(Chat.channel == CHANNEL, Chat.address_hash == crypto.pseudonym(CHANNEL, address)))


def storable(update: dict[str, Any]) -> dict[str, Any]:
    """`update` with what cannot be written as UTF-8 replaced: half characters, which some keyboards send."""
    try:
        msgspec.json.encode(update)
    except UnicodeEncodeError:
        cleaned: dict[str, Any] = _clean(update)
        return cleaned
    return update


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_clean(key): _clean(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_clean(inner) for inner in value]
    return value


def _look_at(update: dict[str, Any]) -> _Found | None:
    """The kind of update, what happened, and in which chat; None when it is nothing we can keep."""
    kind = next((name for name in KINDS if isinstance(update.get(name), dict)), None)
    if kind is None or not is_id(update.get("update_id")):
        return None
    event: dict[str, Any] = update[kind]
    within = event.get("message") if kind == "callback_query" else event
    chat = within.get("chat") if isinstance(within, dict) else None
    if chat is None and kind == "callback_query":  # tapped under a message that Telegram does not tell
        sender = event.get("from")
        chat = {"id": sender.get("id"), "type": "private"} if isinstance(sender, dict) else None
    return (kind, event, chat) if isinstance(chat, dict) and is_id(chat.get("id")) else None


def is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
