"""What the bot speaks from, as it stands in the database: entries, their texts in each language, and every version."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, LargeBinary, UniqueConstraint, event, false, inspect
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from bot.db.base import Base, SecretText, UtcDateTime, now


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
    archived: Mapped[bool] = mapped_column(default=False, server_default=false())  # not published, and out of sight
    title: Mapped[str] = mapped_column(default="", server_default="")  # what lists are sorted by (bot/knowledge/indexing.py)
    search: Mapped[str] = mapped_column(default="", server_default="")  # what it is found by, folded
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)

    texts: Mapped[list[Text]] = relationship(cascade="all, delete-orphan", passive_deletes=True, back_populates="entry")


class Text(Base):
    """One text of one entry in one language; `en` is the source. `state`: draft, machine-drafted, reviewed, outdated.

    `field` is a field of the entry, or `<step>/<field>` for a pathway's step. `made_from`: of a translation, the English it was made
    or reviewed from (noted below, whoever writes); None: not known.
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
    made_from: Mapped[str | None] = mapped_column(deferred=True)  # not needed to speak, so the snapshot does not hold it

    entry: Mapped[Entry] = relationship(back_populates="texts")


class Version(Base):
    """What an entry was before a change: who changed it, when, why. The newest state is in Entry and Text."""

    __tablename__ = "knowledge_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("knowledge_entries.id", ondelete="CASCADE"), index=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    who: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
    what: Mapped[str] = mapped_column(default="change", server_default="change")  # change, create, restore, unpublish, ...
    approved_by: Mapped[str | None]  # the second person, where there must be one
    before: Mapped[Any] = mapped_column(JSON)  # {"data": ..., "texts": {language: {field: text}}}; data None: it was not there


KNOWLEDGE, INSTALLATION, WORDING = 1, 2, 3  # ids of the rows of Revision


class Revision(Base):
    """Numbers that grow with every change, so that each process knows when to read again: of the knowledge, of the settings
    that an admin changes (bot/installation), and of the sentences (bot/wording). One table, so that a turn asks for all at once."""

    __tablename__ = "knowledge_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
    files: Mapped[str] = mapped_column(default="", server_default="")  # of the knowledge: the files last loaded (bot/prepare.py)


class Unknown(Base):
    """Something asked and not known, not understood or not helpful: masked words and a count, never who asked.

    `about`: the answer that did not help ("terms/council-tax", "intent/find_help"), "" where there was none. `state`: open, done,
    dismissed; what was done and is asked again is open again.
    """

    __tablename__ = "knowledge_unknown"
    __table_args__ = (UniqueConstraint("kind", "language", "words", "about"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]  # word, message, profession, need, rated
    language: Mapped[str]
    words: Mapped[str]
    about: Mapped[str] = mapped_column(default="")
    times: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime, default=now)  # None: older than this column
    last_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    state: Mapped[str] = mapped_column(default="open")
    assigned_to: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    settled_as: Mapped[str] = mapped_column(default="")  # what was made of it: "term:...", "example:3"


class UnknownWeek(Base):
    """How often in the week that begins on this Monday."""

    __tablename__ = "knowledge_unknown_weeks"
    __table_args__ = (UniqueConstraint("unknown_id", "week"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unknown_id: Mapped[int] = mapped_column(ForeignKey("knowledge_unknown.id", ondelete="CASCADE"))
    week: Mapped[dt.date] = mapped_column(Date)
    times: Mapped[int] = mapped_column(default=0)


class Use(Base):
    """How often an entry was part of an answer on a day; never whose."""

    __tablename__ = "knowledge_uses"

    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    times: Mapped[int] = mapped_column(default=1)


class Review(Base):
    """What somebody who speaks the language said of a text. `place`: as in bot/knowledge/units.py.

    `verdict`: right, corrected, asked, proposed, skipped. `token`: of the text it was said of; it says nothing of another one.
    `words`: the question, or the correction that somebody else must publish. Of these two `settled_at` tells when it was dealt with.
    """

    __tablename__ = "text_reviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    language: Mapped[str]
    place: Mapped[str]
    verdict: Mapped[str]
    token: Mapped[str]
    words: Mapped[str | None] = mapped_column(SecretText)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    settled_by: Mapped[str | None]
    settled_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class TranslationFile(Base):
    """A file of translations that somebody has sent and looked through, but not taken over yet; a day at most."""

    __tablename__ = "translation_files"

    token: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    language: Mapped[str]
    name: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)


Index("ix_knowledge_texts_entry", Text.entry_id)
Index("ix_knowledge_entries_title", Entry.kind, Entry.archived, Entry.title)
Index("ix_text_reviews_language", Review.language, Review.verdict)
Index("ix_knowledge_unknown_open", Unknown.state, Unknown.last_at)


@event.listens_for(Session, "before_flush")
def _note_english(session: Session, *_: object) -> None:
    """Of every translation that is written or confirmed, by whatever way: the English as it is at that moment."""
    english: dict[Entry, dict[str, str]] = {}
    for row in (*session.new, *session.dirty):
        if not isinstance(row, Text) or row.language == "en" or not row.text or row.state == "outdated":
            continue
        entry = row.entry or session.get(Entry, row.entry_id)
        if entry is None or not (inspect(row).attrs.text.history.has_changes() or inspect(row).attrs.state.history.has_changes()):
            continue
        if entry not in english:
            english[entry] = {one.field: one.text for one in entry.texts if one.language == "en"}
        row.made_from = english[entry].get(row.field)
