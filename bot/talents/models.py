"""What people say they have done and can do; and what was imported of ESCO, in which words are looked up."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, SecretJson, SecretText, UtcDateTime, now


class Talent(Base):
    """One thing somebody has done or can do. `kind`: job, skill, language, own (in their words).

    `state`: asked (with others), singly (asked by itself), held (they said yes), renaming (held; new words are awaited), not_so (they
    said no: it is not guessed again). `key` is of data/skills or "esco:<concept>"; `words` are theirs, instead of the list's.
    """

    __tablename__ = "talents"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    key: Mapped[str] = mapped_column(SecretText)
    words: Mapped[str | None] = mapped_column(SecretText, nullable=True)
    language: Mapped[str]  # of `words`
    years: Mapped[Any] = mapped_column(SecretJson, nullable=True)
    implied_by: Mapped[str | None] = mapped_column(SecretText, nullable=True)  # the job from which it was guessed
    state: Mapped[str]
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now, index=True)


class EscoConcept(Base):
    """A skill or an occupation (`kind`: skill, job) of the imported ESCO files. `key`: the last part of its URI."""

    __tablename__ = "esco_concepts"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    isco: Mapped[str]
    name: Mapped[str]  # preferred label in English


class EscoLabel(Base):
    """A label of a concept; `compact` is the form in which it is looked up (bot/talents/forms.py)."""

    __tablename__ = "esco_labels"
    __table_args__ = (UniqueConstraint("concept_id", "language", "compact"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    concept_id: Mapped[int] = mapped_column(ForeignKey("esco_concepts.id", ondelete="CASCADE"))
    language: Mapped[str]
    compact: Mapped[str]
    name: Mapped[str]
    preferred: Mapped[bool]


class EscoLink(Base):
    """That an occupation essentially needs a skill."""

    __tablename__ = "esco_links"

    job_id: Mapped[int] = mapped_column(ForeignKey("esco_concepts.id", ondelete="CASCADE"), primary_key=True)
    skill_id: Mapped[int] = mapped_column(ForeignKey("esco_concepts.id", ondelete="CASCADE"), primary_key=True)


Index("ix_esco_labels_compact", EscoLabel.compact, EscoLabel.language)
