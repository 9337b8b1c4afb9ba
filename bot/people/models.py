"""Whom we talk to: a person, the chats they use, what they agreed to, and their plan."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.db.base import Base, SecretJson, SecretText, UtcDateTime, now


class Person(Base):
    """No name, no status, no nationality: a language and when we last spoke."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(default="en")
    language_confirmed: Mapped[bool] = mapped_column(default=False)
    welcomed: Mapped[bool] = mapped_column(default=False)  # was told who this is
    language_off_told: Mapped[str | None]  # the language of which they were told that it is not spoken any more
    source: Mapped[str | None]  # the deep link they came by, e.g. "gp-surgery"
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    last_seen_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    forgotten_at: Mapped[dt.datetime | None] = mapped_column(
        UtcDateTime
    )  # had everything deleted; goes too, unless they write again


class Chat(Base):
    """One conversation on one channel. `address` is the channel's own id of it; `address_hash` finds it."""

    __tablename__ = "chats"
    __table_args__ = (UniqueConstraint("channel", "address_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    address_hash: Mapped[str]
    address: Mapped[str] = mapped_column(SecretText)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    dialogue: Mapped[Any] = mapped_column(SecretJson, default=None, nullable=True)
    draft: Mapped[Any] = mapped_column(SecretJson, default=None, nullable=True)  # words of a form that is not yet sent
    held_by_handoff: Mapped[int | None]  # a caseworker answers here; the bot is silent
    misunderstood: Mapped[int] = mapped_column(default=0)  # in a row
    stopped: Mapped[bool] = mapped_column(default=False)  # said /stop: only answers, nothing unasked
    unreachable_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    not_before: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)  # the channel asked us to wait
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)

    person: Mapped[Person] = relationship()


class Consent(Base):
    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str]  # e.g. "referral:R-7K3M"
    shared: Mapped[Any] = mapped_column(SecretJson)  # exactly what the person was told is sent
    given_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    until: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class Plan(Base):
    """The route a person chose, with the answers that shaped it."""

    __tablename__ = "plans"
    __table_args__ = (UniqueConstraint("person_id", "pathway"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    pathway: Mapped[str]
    answers: Mapped[Any] = mapped_column(SecretJson)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)

    steps: Mapped[list[PlanStep]] = relationship(cascade="all, delete-orphan", passive_deletes=True, order_by="PlanStep.position")


class PlanStep(Base):
    """`state`: todo, doing, done, not_for_me."""

    __tablename__ = "plan_steps"
    __table_args__ = (UniqueConstraint("plan_id", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"))
    step: Mapped[str]
    position: Mapped[int]
    state: Mapped[str] = mapped_column(default="todo")
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)


class Reminder(Base):
    """Of one step of a plan, asked for by the person. `state`: waiting, sent, cancelled, dropped."""

    __tablename__ = "reminders"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), index=True)
    pathway: Mapped[str]
    step: Mapped[str]
    due_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    state: Mapped[str] = mapped_column(default="waiting")
    sent_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)


_WAITING = text("state = 'waiting'")
Index("ix_reminders_due", Reminder.due_at, sqlite_where=_WAITING, postgresql_where=_WAITING)
Index("ix_people_last_seen_at", Person.last_seen_at)
_FORGOTTEN = text("forgotten_at IS NOT NULL")
Index("ix_people_forgotten", Person.forgotten_at, sqlite_where=_FORGOTTEN, postgresql_where=_FORGOTTEN)
