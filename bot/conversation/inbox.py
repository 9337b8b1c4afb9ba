"""Taking updates in, once each, and giving them out, one at a time per chat, oldest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import bindparam, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased, contains_eager

from bot import crypto
from bot.conversation.models import Inbox
from bot.db.base import UtcDateTime, now
from bot.db.session import has_one_writer, insert_new
from bot.people.models import Chat, Person

MAX_ATTEMPTS = 6
BACKOFF_SECONDS = (1, 5, 20, 60, 300)
DOUBLE_TAP_SECONDS = 3


# Statements of the way of every message are built once: SQLAlchemy then finds their compiled form without reading them anew.
_CHAT = select(Chat).where(Chat.channel == bindparam("channel"), Chat.address_hash == bindparam("address_hash"))
_CHAT_ID = _CHAT.with_only_columns(Chat.id)
_EARLIER = aliased(Inbox)
_IS_FIRST = ~exists().where(_EARLIER.chat_id == Inbox.chat_id, _EARLIER.state == "open", _EARLIER.id < Inbox.id)
_IS_DUE = (Inbox.not_before.is_(None)) | (Inbox.not_before <= bindparam("at", type_=UtcDateTime))
_NEXT_OPEN = (
    select(Inbox, Chat)
    .join(Chat, Chat.id == Inbox.chat_id)
    .join(Chat.person)
    .options(contains_eager(Chat.person))
    .where(Inbox.state == "open", Inbox.channel.in_(bindparam("channels", expanding=True)), _IS_FIRST, _IS_DUE)
    .order_by(Inbox.id)
    .limit(1)
    .with_for_update(of=Chat, skip_locked=True)
)


def receive(session: Session, channel: str, address: str, update_id: str, raw: dict[str, Any]) -> int | None:
    """Stores one raw update and returns its row's id; None when this update was stored before.

    The caller commits, and only then acknowledges to the channel.
    """
    known = {"channel": channel, "address_hash": crypto.pseudonym(channel, address)}
    chat_id = session.scalar(_CHAT_ID, known) or chat_for(session, channel, address).id
    return insert_new(session, Inbox, channel=channel, update_id=update_id, chat_id=chat_id, raw=raw)


def chat_for(session: Session, channel: str, address: str) -> Chat:
    """The chat with this address; a new one, with a new person, when there is none."""
    known = {"channel": channel, "address_hash": crypto.pseudonym(channel, address)}
    chat = session.scalar(_CHAT, known)
    if chat is None:
        try:
            with session.begin_nested():
                chat = Chat(address=address, **known)
                chat.person = Person()
                session.add(chat)
        except IntegrityError:
            chat = session.scalars(_CHAT, known).one()
    return chat


def next_open(session: Session, channels: Collection[str], at: dt.datetime | None = None) -> tuple[Inbox, Chat] | None:
    """The oldest open row that is due and first in its chat, with its chat locked until the transaction ends.

    Only of `channels`: what came by one that is off now waits until it is on again. A row that waits for its next attempt
    holds back the later ones of its chat, so that order is kept.
    """
    found = session.execute(_NEXT_OPEN, {"channels": list(channels), "at": at or now()}).first()
    if found is None:
        return None
    row, chat = found
    if not has_one_writer(session):  # it may have been finished between reading and locking
        session.refresh(row)
    return (row, chat) if row.state == "open" else None


def finish(row: Inbox) -> None:
    """The update is answered: what the person wrote is erased from here."""
    row.state, row.raw, row.done_at, row.failure = "done", None, now(), None


def postpone(session: Session, inbox_id: int, failure: str) -> Inbox:
    """Notes a failed attempt. After MAX_ATTEMPTS the row is `dead`: a caseworker sees it."""
    row = session.get_one(Inbox, inbox_id)
    row.attempts += 1
    row.failure = failure
    if row.attempts >= MAX_ATTEMPTS:
        row.state, row.raw = "dead", None
    else:
        row.not_before = now() + dt.timedelta(seconds=BACKOFF_SECONDS[min(row.attempts, len(BACKOFF_SECONDS)) - 1])
    return row


def is_double_tap(session: Session, row: Inbox, button: str) -> bool:
    """Whether the same button was tapped in the same chat a moment before."""
    row.button = button
    return (
        session.scalar(
            select(Inbox.id)
            .where(Inbox.chat_id == row.chat_id, Inbox.button == button, Inbox.id < row.id)
            .where(Inbox.received_at > row.received_at - dt.timedelta(seconds=DOUBLE_TAP_SECONDS))
            .limit(1)
        )
        is not None
    )


def wake_all(session: Session) -> None:
    """Makes every open row due now (the engine is back)."""
    session.execute(update(Inbox).where(Inbox.state == "open").values(not_before=None))
