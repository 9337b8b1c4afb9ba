"""What people need from us: hand-offs to a caseworker, referrals to a service, and the words that were exchanged."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, SecretJson, SecretText, UtcDateTime, now


class Handoff(Base):
    """A person asks for a person. `state`: waiting, claimed, answered, closed. `urgency`: danger, today, week, any."""

    __tablename__ = "handoffs"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]  # asked, danger, immigration, not_understood, technical
    urgency: Mapped[str]
    reason: Mapped[str] = mapped_column(SecretText)
    reach: Mapped[str] = mapped_column(SecretText)  # how the person wants to be reached
    state: Mapped[str] = mapped_column(default="waiting")
    claimed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    outcome: Mapped[str | None]
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    claimed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class Referral(Base):
    """A service is asked to help, with consent. `state`: see bot/cases/states.py. `made_from`: the button, tapped once."""

    __tablename__ = "referrals"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    made_from: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    service: Mapped[str]
    need: Mapped[str]
    state: Mapped[str]
    shared: Mapped[Any] = mapped_column(SecretJson)
    consent_until: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)


class CaseEvent(Base):
    """Every move of a hand-off or referral: who, when, from what to what, why."""

    __tablename__ = "case_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    handoff_id: Mapped[int | None] = mapped_column(ForeignKey("handoffs.id", ondelete="CASCADE"), index=True)
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referrals.id", ondelete="CASCADE"), index=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    actor: Mapped[str]  # "person", "bot", "staff:<id>"
    was: Mapped[str | None]
    becomes: Mapped[str]
    why: Mapped[str] = mapped_column(default="")


class Message(Base):
    """What was said in a chat, kept for the time named in the privacy text. `sender`: person, bot, staff."""

    __tablename__ = "messages"

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    sender: Mapped[str]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    language: Mapped[str]
    text: Mapped[str] = mapped_column(SecretText)
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id", ondelete="SET NULL"))


Index("ix_handoffs_queue", Handoff.state, Handoff.created_at)
Index("ix_messages_chat", Message.chat_id, Message.id)
Index("ix_messages_at", Message.at)
