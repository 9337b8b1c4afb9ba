"""What a machine was given to translate: replies that are not sent yet, and how much of a day."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, UniqueConstraint
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
