"""Taking updates in, once each, and giving them out, one at a time per chat, oldest first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from bot import crypto
from bot.conversation.models import Inbox
from bot.db.base import now
from bot.people.models import Chat, Person

MAX_ATTEMPTS = 6
BACKOFF_SECONDS = (1, 5, 20, 60, 300)
DOUBLE_TAP_SECONDS = 3


def receive(session: Session, channel: str, address: str, update_id: str, raw: dict[str, Any]) -> int | None:
    """Stores one raw update and returns its row's id; None when this update was stored before.

    The caller commits, and only then acknowledges to the channel.
    """
    if session.scalar(select(Inbox.id).where(Inbox.channel == channel, Inbox.update_id == update_id)):
        return None
    row = Inbox(channel=channel, update_id=update_id, chat_id=chat_for(session, channel, address).id, raw=raw)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # the same update at the same moment in another process
        return None
    return row.id


def chat_for(session: Session, channel: str, address: str) -> Chat:
    """The chat with this address; a new one, with a new person, when there is none."""
    found = select(Chat).where(Chat.channel == channel, Chat.address_hash == crypto.pseudonym(channel, address))
    chat = session.scalar(found)
    if chat is None:
        try:
            with session.begin_nested():
                chat = Chat(channel=channel, address=address, address_hash=crypto.pseudonym(channel, address))
                chat.person = Person()
                session.add(chat)
        except IntegrityError:
            chat = session.scalars(found).one()
    return chat


def next_open(session: Session, channels: Collection[str], at: dt.datetime | None = None) -> tuple[Inbox, Chat] | None:
    """The oldest open row that is due and first in its chat, with its chat locked until the transaction ends.

    Only of `channels`: what came by one that is off now waits until it is on again. A row that waits for its next attempt holds back the later ones of its chat, so that order is kept.
    """
    at = at or now()
    earlier = aliased(Inbox)
    first = ~exists().where(earlier.chat_id == Inbox.chat_id, earlier.state == "open", earlier.id < Inbox.id)
    due = (Inbox.not_before.is_(None)) | (Inbox.not_before <= at)
    query = (
        select(Inbox, Chat)
        .join(Chat, Chat.id == Inbox.chat_id)
        .where(Inbox.state == "open", Inbox.channel.in_(channels), first, due)
        .order_by(Inbox.id)
        .limit(1)
        .with_for_update(of=Chat, skip_locked=True)
    )
    row = session.execute(query).first()
    if row is None:
        return None
    # on PostgreSQL the row may have been finished between reading and locking
    session.refresh(row[0])
    return (row[0], row[1]) if row[0].state == "open" else None


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
