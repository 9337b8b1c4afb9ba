"""The tables of stories that people tell: their words, what was made of them, and each move."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, false
from sqlalchemy.orm import Mapped, mapped_column

from bot.conversation.models import NEVER_AGAIN
from bot.db.base import Base, SecretJson, SecretText, UtcDateTime, now


class ToldStory(Base):
    """One person's story. `state`: see bot/stories/states.py; `words`: as they told it, in `language`.

    `texts`: language -> title, story, helped: as it is to be told, English and the person's own language. `name`, `country`: only where
    they chose to have them said. `mark` grows with everything that would be told otherwise: a yes is to one mark. `wish`: what they
    want changed. `entry_key`: of the entry of the knowledge base that tells it.
    """

    __tablename__ = "stories"
    __table_args__ = (NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(default="told", index=True)
    by: Mapped[str]  # "person", or "staff:<id>" who wrote it down
    language: Mapped[str]
    pathway: Mapped[str] = mapped_column(default="")
    words: Mapped[str | None] = mapped_column(SecretText)
    texts: Mapped[Any] = mapped_column(SecretJson)
    name: Mapped[str | None] = mapped_column(SecretText)
    country: Mapped[str | None] = mapped_column(SecretText)
    in_reports: Mapped[bool] = mapped_column(default=False, server_default=false())
    wish: Mapped[str | None] = mapped_column(SecretText)
    mark: Mapped[int] = mapped_column(default=0)
    entry_key: Mapped[str | None] = mapped_column(index=True)
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consents.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now, index=True)


class StoryMove(Base):
    """Who moved a story, and when. `why`: a code, never words."""

    __tablename__ = "story_moves"

    id: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("stories.id", ondelete="CASCADE"), index=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    actor: Mapped[str]  # "person", "bot", "staff:<id>"
    was: Mapped[str]
    becomes: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
