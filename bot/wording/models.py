"""The program's own sentences where this installation says them otherwise, and what people have said of their translations."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, UtcDateTime, now


class Wording(Base):
    """What is known of one sentence in one language here. `forms`: said instead of the shipped ones; null: those are said.

    `state`: draft, machine-drafted, reviewed. `english`: the English forms it was made or reviewed from; `shipped`: the forms of
    the catalogue at that time. When either is another one by now, the row is outdated (bot/wording/sentences.py).
    """

    __tablename__ = "wordings"
    __table_args__ = (UniqueConstraint("language", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str]
    key: Mapped[str]
    forms: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    state: Mapped[str]
    english: Mapped[Any] = mapped_column(JSON)
    shipped: Mapped[Any] = mapped_column(JSON)
    who: Mapped[str]
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)


class WordingVersion(Base):
    """What a sentence was before a change. `forms` null: the shipped ones."""

    __tablename__ = "wording_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str]
    key: Mapped[str]
    forms: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    who: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)


Index("ix_wording_versions_sentence", WordingVersion.language, WordingVersion.key)
