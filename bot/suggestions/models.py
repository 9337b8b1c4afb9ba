"""Suggestions as they stand in the database, and who wants to hear what was done."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, SecretText, UtcDateTime, now


class Suggestion(Base):
    """One thing a person said is wrong or missing.

    `what`: place, or one of bot/suggestions/kinds.WRONG. `about_kind`, `about_key`: the entry it is about, a pathway's step as
    `<pathway>/<step>`; "" for a new place. `state`: open, taken (somebody works on it), used, declined, merged. `why`: of
    kinds.DECLINED. `words` are the person's own, identifiers masked; `english` is made by bot/translation/suggested.py.
    """

    __tablename__ = "suggestions"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), index=True)
    language: Mapped[str]
    what: Mapped[str]
    about_kind: Mapped[str] = mapped_column(default="")
    about_key: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(SecretText)
    english: Mapped[str | None] = mapped_column(SecretText)
    english_by: Mapped[str | None]  # gloss, or the machine's name
    asked_machine_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)  # once: what fails stays a gloss
    state: Mapped[str] = mapped_column(default="open")
    why: Mapped[str] = mapped_column(default="")
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("suggestions.id", ondelete="SET NULL"), index=True)
    hear: Mapped[bool] = mapped_column(default=False)  # they want one message when it is decided
    told_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    decided_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)  # grows with every decision; a form that carries another is stale


class NewsWish(Base):
    """A person who wants to hear, at most once a month, what was done with what people suggested. `seen`: the last item told."""

    __tablename__ = "news_wishes"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), index=True)
    asked_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    told_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class NewsItem(Base):
    """One thing people said and what we did. Its texts are an entry of the knowledge of the kind `we_did`, so that they are
    translated and reviewed as every text is. `number`: how many people said it. None in `published_at`: a draft."""

    __tablename__ = "news_items"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    number: Mapped[int] = mapped_column(default=1)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    published_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


_WAITS = text("state IN ('open', 'taken')")
Index("ix_suggestions_waiting", Suggestion.id, sqlite_where=_WAITS, postgresql_where=_WAITS)
_TO_TELL = text("hear AND told_at IS NULL AND decided_at IS NOT NULL")
Index("ix_suggestions_to_tell", Suggestion.decided_at, sqlite_where=_TO_TELL, postgresql_where=_TO_TELL)
Index("ix_suggestions_about", Suggestion.about_kind, Suggestion.about_key)
