"""Check-ins, what changed for people, and what a trial was to bring."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.db.base import Base, SecretJson, SecretText, UtcDateTime, now


class CheckInRhythm(Base):
    """How often a person wants to be asked. `rhythm`: of bot/journeys/rhythms.RHYTHMS, or ended (they never answered).

    `unanswered`: check-ins in a row to which nothing came back. A person has at most one; without one they were never asked.
    """

    __tablename__ = "check_in_rhythms"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), unique=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), index=True)
    rhythm: Mapped[str]
    next_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    unanswered: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)


class CheckIn(Base):
    """One time that somebody was asked, or asked for it themselves (`rhythm`: asked). Faces from 1 (hard) to 5 (good), sealed."""

    __tablename__ = "check_ins"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), index=True)
    rhythm: Mapped[str]
    sent_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now, index=True)
    answered_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    feeling: Mapped[Any] = mapped_column(SecretJson, nullable=True)
    belonging: Mapped[Any] = mapped_column(SecretJson, nullable=True)


class Outcome(Base):
    """Something that changed. `kind`: of bot/journeys/outcomes.KINDS. `how`: who says so: person, caseworker, service.

    `state`: proposed (we think so; nobody has said it), confirmed, declined. `source` names what it was heard by, so that the same is noted
    once: "check_in:12", "step:nurse/register", "referral:R-7K3M", "staff:3:<form>". `detail`: a referral's state, a level of English
    (bot/journeys/english.py), else "".
    `faces`: [then, now] of a confidence, sealed.
    """

    __tablename__ = "outcomes"
    __table_args__ = (UniqueConstraint("person_id", "kind", "source"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    how: Mapped[str]
    state: Mapped[str]
    source: Mapped[str]
    detail: Mapped[str] = mapped_column(default="")
    words: Mapped[str | None] = mapped_column(SecretText)
    language: Mapped[str] = mapped_column(default="en")  # of `words`
    faces: Mapped[Any] = mapped_column(SecretJson, nullable=True)
    happened_on: Mapped[dt.date]
    noted_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)


class Trial(Base):
    """Some days in which something is tried. `learnt` and `decision` (go_on, stop, change) are typed by people, never computed."""

    __tablename__ = "trials"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    first: Mapped[dt.date]
    last: Mapped[dt.date]
    learnt: Mapped[str] = mapped_column(default="")
    decision: Mapped[str] = mapped_column(default="")
    why: Mapped[str] = mapped_column(default="")
    made_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)

    goals: Mapped[list[TrialGoal]] = relationship(cascade="all, delete-orphan", passive_deletes=True, order_by="TrialGoal.id")


class TrialGoal(Base):
    """What a trial was to bring, as the lead wrote it and on which day; and what is said of it afterwards."""

    __tablename__ = "trial_goals"

    id: Mapped[int] = mapped_column(primary_key=True)
    trial_id: Mapped[int] = mapped_column(ForeignKey("trials.id", ondelete="CASCADE"), index=True)
    goal: Mapped[str]
    came_of_it: Mapped[str] = mapped_column(default="")
    written_on: Mapped[dt.date]


_WAITS = text("next_at IS NOT NULL")
Index("ix_check_in_rhythms_due", CheckInRhythm.next_at, sqlite_where=_WAITS, postgresql_where=_WAITS)
