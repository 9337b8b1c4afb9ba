"""The tables between the world and the conversation. What is committed here is never lost."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, SecretBytes, SecretJson, SecretText, UtcDateTime, now

# SQLite gives the ids of deleted rows out again unless told not to; ours are in buttons and in what pages have seen
NEVER_AGAIN = {"sqlite_autoincrement": True}


class Inbox(Base):
    """One update from a channel, once. `state`: open, done, dead. `raw` is erased when the row is done."""

    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("channel", "update_id"), NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    update_id: Mapped[str]
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    raw: Mapped[Any] = mapped_column(SecretJson, nullable=True, deferred=True)  # read only where failing is handled
    state: Mapped[str] = mapped_column(default="open")
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    button: Mapped[str | None]  # the tapped button, to answer a double tap once
    failure: Mapped[str | None]  # the kind of error, never its text
    received_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    done_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class Outbox(Base):
    """One message to a chat. `state`: queued, sending, sent, failed. `origin` makes it unique: an inbox row and place."""

    __tablename__ = "outbox"
    __table_args__ = (NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    origin: Mapped[str] = mapped_column(unique=True)
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id", ondelete="SET NULL"))
    body: Mapped[Any] = mapped_column(SecretJson)
    state: Mapped[str] = mapped_column(default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    possible_repeat: Mapped[bool] = mapped_column(default=False)  # sent, but perhaps twice: we died before noting it
    not_before: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    lease_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    channel_message_id: Mapped[str | None]
    failure: Mapped[str | None]
    erase_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)  # sooner than the rest: a copy of other words
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    sent_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class Photo(Base):
    """A photo of a letter on its way to be read. `state`: arrived (uploaded, its message is not answered yet), waiting,
    reading, done, failed. What the photo is (`media_id` or `body`) is erased when it is done or failed.
    """

    __tablename__ = "photos"
    __table_args__ = (NEVER_AGAIN,)  # what becomes of a photo goes into the inbox under its id, once

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id", ondelete="SET NULL"), index=True)
    media_id: Mapped[str | None] = mapped_column(SecretText)  # where the channel keeps it
    body: Mapped[bytes | None] = mapped_column(SecretBytes, deferred=True)  # what was uploaded to us
    for_person: Mapped[bool] = mapped_column(default=False)  # sent as what a caseworker is to read
    state: Mapped[str] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    lease_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str | None]  # a kind, never a text
    received_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    done_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


_OPEN = text("state = 'open'")
_UNREAD = text("state IN ('arrived', 'waiting', 'reading')")
_UNSENT = text("state IN ('queued', 'sending')")
Index("ix_inbox_open", Inbox.chat_id, Inbox.id, sqlite_where=_OPEN, postgresql_where=_OPEN)
Index("ix_inbox_button", Inbox.chat_id, Inbox.button)
Index("ix_outbox_unsent", Outbox.chat_id, Outbox.id, sqlite_where=_UNSENT, postgresql_where=_UNSENT)
Index("ix_outbox_chat", Outbox.chat_id, Outbox.id)
Index("ix_outbox_inbox", Outbox.inbox_id)
Index("ix_outbox_created", Outbox.created_at)
Index("ix_inbox_received", Inbox.received_at)
_TO_ERASE = text("erase_at IS NOT NULL")
Index("ix_outbox_erase", Outbox.erase_at, sqlite_where=_TO_ERASE, postgresql_where=_TO_ERASE)
Index("ix_photos_unread", Photo.chat_id, Photo.id, sqlite_where=_UNREAD, postgresql_where=_UNREAD)
