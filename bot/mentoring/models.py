"""The tables of mentoring: who offers an hour, who asks for one, the pair, what is passed on between the two, and what was decided."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.conversation.models import NEVER_AGAIN
from bot.db.base import Base, SecretText, UtcDateTime, now


class Mentor(Base):
    """Somebody who offers an hour. `state`: see bot/mentoring/states.py. Nothing here is shown to anybody before both agreed.

    `way`: what they went through, one of WAYS; `way_words`: in their own words, for a caseworker. `called`: what a mentee is told when
    both want it. `left_at`: the other one of a pair has gone and they are still to be told.
    """

    __tablename__ = "mentors"
    __table_args__ = (UniqueConstraint("person_id"), NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(default="draft", index=True)
    profession: Mapped[str]
    languages: Mapped[Any] = mapped_column(JSON)
    times: Mapped[Any] = mapped_column(JSON)
    often: Mapped[str]
    way: Mapped[str]
    way_words: Mapped[str | None] = mapped_column(SecretText)
    gender: Mapped[str | None] = mapped_column(SecretText)  # woman, man; only when they wished to say
    called: Mapped[str | None] = mapped_column(SecretText)
    references: Mapped[str | None] = mapped_column("vouched", SecretText)  # whom a caseworker asked, and what they said
    most: Mapped[int] = mapped_column(default=1)  # mentees at the same time
    agreed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)  # to what a mentor may not do
    recheck_on: Mapped[dt.date | None]
    left_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)


class MentorWish(Base):
    """Somebody who asks for a mentor. `state`: waiting, met, ended. `gender`: which one they wish the mentor to be, or any.

    `called`: a name they chose for the mentor to see from the first message on; never a full name (gate.is_a_nickname).
    """

    __tablename__ = "mentor_wishes"
    __table_args__ = (UniqueConstraint("person_id"), NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(default="waiting", index=True)
    profession: Mapped[str]
    languages: Mapped[Any] = mapped_column(JSON)
    times: Mapped[Any] = mapped_column(JSON)
    gender: Mapped[str] = mapped_column(SecretText)
    called: Mapped[str | None] = mapped_column(SecretText)
    left_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)


class MentorPair(Base):
    """One mentor and one who asked. `state`: see states.PAIR; `reason`: codes of what fits, for the words of the introduction.

    `alarm_at`: danger or a threat was heard, or one of them reported; from then until `handled_at` a caseworker may read the words.
    """

    __tablename__ = "mentor_pairs"
    __table_args__ = (UniqueConstraint("mentor_id", "wish_id"), NEVER_AGAIN)

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentors.id", ondelete="CASCADE"))
    wish_id: Mapped[int] = mapped_column(ForeignKey("mentor_wishes.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(default="proposed", index=True)
    why: Mapped[str] = mapped_column(default="")  # of the state: a code
    reason: Mapped[Any] = mapped_column(JSON)
    mentor_agreed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    mentee_agreed_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    mentor_names: Mapped[bool] = mapped_column(default=False)  # would like names to be used
    mentee_names: Mapped[bool] = mapped_column(default=False)
    alarm_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    alarm: Mapped[str] = mapped_column(default="")  # reported, threat, danger
    alarm_by: Mapped[str] = mapped_column(default="")  # mentor, mentee: who reported, or whose words they were
    handled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)

    mentor: Mapped[Mentor] = relationship()
    wish: Mapped[MentorWish] = relationship()

    @property
    def names(self) -> bool:
        """Whether both want names to be used."""
        return self.mentor_names and self.mentee_names


class MentorMessage(Base):
    """What goes to one of a pair: the other's words, or a notice of ours. `state`: waiting, sent, dropped, held (a threat, danger).

    `side`: whom it is for, mentor or mentee. `kind`: words, or the code of the notice.
    """

    __tablename__ = "mentor_messages"
    __table_args__ = (NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("mentor_pairs.id", ondelete="CASCADE"), index=True)
    side: Mapped[str]
    kind: Mapped[str]
    text: Mapped[str | None] = mapped_column(SecretText)
    language: Mapped[str] = mapped_column(default="en")
    state: Mapped[str] = mapped_column(default="waiting")
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    done_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class MentorWriting(Base):
    """Words of this chat go to the other of the pair, not to the bot, until then or until one tap."""

    __tablename__ = "mentor_writing"

    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True)
    pair_id: Mapped[int] = mapped_column(ForeignKey("mentor_pairs.id", ondelete="CASCADE"), index=True)
    until: Mapped[dt.datetime] = mapped_column(UtcDateTime)


class MentorEvent(Base):
    """Each move of a mentor: who, when, from what to what, and why in words."""

    __tablename__ = "mentor_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentors.id", ondelete="CASCADE"), index=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    actor: Mapped[str]  # "person", "bot", "staff:<id>"
    was: Mapped[str]
    becomes: Mapped[str]
    words: Mapped[str | None] = mapped_column(SecretText)


_WAITING = text("state = 'waiting'")
Index("ix_mentor_messages_waiting", MentorMessage.id, sqlite_where=_WAITING, postgresql_where=_WAITING)
Index("ix_mentor_messages_at", MentorMessage.at)
