"""What the bot speaks from, as it stands in the database: entries, their texts in each language, and every version."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.db.base import Base, UtcDateTime, now


class Entry(Base):
    """A term, service, safety number or pathway: its facts. Shapes: bot/knowledge/seed.py, without the texts."""

    __tablename__ = "knowledge_entries"
    __table_args__ = (UniqueConstraint("kind", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]  # terms, services, safety, pathways
    key: Mapped[str]
    data: Mapped[Any] = mapped_column(JSON)
    seed_hash: Mapped[str | None]  # of the file's entry last loaded; None: made by an admin
    edited: Mapped[bool] = mapped_column(default=False)  # an admin changed it: loading never overwrites it again
    published: Mapped[bool] = mapped_column(default=True)
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)

    texts: Mapped[list[Text]] = relationship(cascade="all, delete-orphan", passive_deletes=True)


class Text(Base):
    """One text of one entry in one language; `en` is the source. `state`: draft, machine-drafted, reviewed, outdated.

    `field` is a field of the entry, or `<step>/<field>` for a pathway's step.
    """

    __tablename__ = "knowledge_texts"
    __table_args__ = (UniqueConstraint("entry_id", "language", "field"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("knowledge_entries.id", ondelete="CASCADE"))
    language: Mapped[str]
    field: Mapped[str]
    text: Mapped[str]
    state: Mapped[str] = mapped_column(default="machine-drafted")
    seed_hash: Mapped[str | None]
    edited: Mapped[bool] = mapped_column(default=False)


class Version(Base):
    """What an entry was before a change: who changed it, when, why. The newest state is in Entry and Text."""

    __tablename__ = "knowledge_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("knowledge_entries.id", ondelete="CASCADE"), index=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    who: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    before: Mapped[Any] = mapped_column(JSON)  # {"data": ..., "texts": {language: {field: text}}}


class Revision(Base):
    """One row: a number that grows with every change, so that each process knows when to read again."""

    __tablename__ = "knowledge_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(default=0)


class Unknown(Base):
    """A word that was asked and not known, or a message not understood, masked and counted; never who asked."""

    __tablename__ = "knowledge_unknown"
    __table_args__ = (UniqueConstraint("kind", "language", "words"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]  # word, message, profession, need, rated
    language: Mapped[str]
    words: Mapped[str]
    times: Mapped[int] = mapped_column(default=1)
    last_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)


Index("ix_knowledge_texts_entry", Text.entry_id)
