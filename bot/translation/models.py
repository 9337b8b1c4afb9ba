"""What a machine was given to translate: replies that are not sent yet, and how much of a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, SecretText, UtcDateTime, now


class ReplyDraft(Base):
    """A caseworker's English with its translation and what that says in English again, to look at before it is sent.

    One for each case and caseworker. `state`: wanted, working, ready, failed; `token` changes with the words, so that a form shown
    before cannot send what nobody has looked at.
    """

    __tablename__ = "reply_drafts"
    __table_args__ = (UniqueConstraint("handoff_id", "staff_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    handoff_id: Mapped[int] = mapped_column(ForeignKey("handoffs.id", ondelete="CASCADE"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    token: Mapped[str] = mapped_column(unique=True)
    language: Mapped[str]
    original: Mapped[str] = mapped_column(SecretText)
    text: Mapped[str | None] = mapped_column(SecretText)
    back: Mapped[str | None] = mapped_column(SecretText)
    made_by: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="wanted", index=True)
    failure: Mapped[str | None]
    lease_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)


class TranslationDay(Base):
    """Characters that were given to the machine on a day, by UTC."""

    __tablename__ = "translation_days"

    day: Mapped[dt.date] = mapped_column(primary_key=True)
    characters: Mapped[int]


class Suggestion(Base):
    """A machine's translation of one of our own texts, for somebody who speaks the language. `place`: as in bot/knowledge/units.py.

    `state`: wanted, working, ready, failed. `english`: the forms it is made from; of another English it says nothing.
    """

    __tablename__ = "text_suggestions"
    __table_args__ = (UniqueConstraint("language", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str]
    place: Mapped[str]
    english: Mapped[Any] = mapped_column(JSON)
    forms: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    made_by: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="wanted", index=True)
    failure: Mapped[str | None]
    lease_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
