"""What somebody wants of an entry before the bot speaks it, and what became of that."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.db.base import Base, UtcDateTime, now


class Draft(Base):
    """Of an entry, or of one that is not there yet. `state`: draft, in_review, approved, scheduled; at its end published or
    discarded. `wish`: change, unpublish, archive, republish.

    `base` is the entry as it was when the draft began, `changes` what differs, both by place (bot/knowledge/document.py).
    """

    __tablename__ = "knowledge_drafts"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("knowledge_entries.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str]
    key: Mapped[str]
    author: Mapped[str]  # as the audit names them: "staff:3"
    wish: Mapped[str] = mapped_column(default="change")
    base: Mapped[Any] = mapped_column(JSON)
    changes: Mapped[Any] = mapped_column(JSON)
    checked: Mapped[Any] = mapped_column(JSON, default=list)  # languages of which somebody who speaks them has read the texts
    state: Mapped[str] = mapped_column(default="draft")
    mark: Mapped[int] = mapped_column(default=0)  # grows with each save, so that two windows do not write over each other
    why: Mapped[str] = mapped_column(default="")
    approved_by: Mapped[str | None]
    approved_hash: Mapped[str | None]  # of exactly what was approved
    publish_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    publish_by: Mapped[str | None]
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)

    steps: Mapped[list[DraftStep]] = relationship(cascade="all, delete-orphan", passive_deletes=True, order_by="DraftStep.id")


class DraftStep(Base):
    """What became of a draft: when, who, why. `becomes` is a state, or "returned" or "conflict"."""

    __tablename__ = "knowledge_draft_steps"

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("knowledge_drafts.id", ondelete="CASCADE"), index=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    who: Mapped[str]
    becomes: Mapped[str]
    why: Mapped[str] = mapped_column(default="")


_IS_OPEN = text("state IN ('draft', 'in_review', 'approved', 'scheduled')")
_IS_SCHEDULED = text("state = 'scheduled'")
Index(
    "uq_knowledge_drafts_open",
    Draft.kind,
    Draft.key,
    Draft.author,
    unique=True,
    sqlite_where=_IS_OPEN,
    postgresql_where=_IS_OPEN,
)
Index("ix_knowledge_drafts_due", Draft.publish_at, sqlite_where=_IS_SCHEDULED, postgresql_where=_IS_SCHEDULED)
