"""What is kept for looking after the knowledge. Nothing here is about a person who asks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.db.base import Base, UtcDateTime, now


class Finding(Base):
    """Something about an entry that needs care. Once for each `kind` and place (`entry_kind`, `key`, `part`).

    `mark` changes when what is found changes. `state`: open, snoozed (until `wakes_at`), done (`mark` then in `done_mark`).
    """

    __tablename__ = "upkeep_findings"
    __table_args__ = (UniqueConstraint("kind", "entry_kind", "key", "part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    entry_kind: Mapped[str]
    key: Mapped[str]
    part: Mapped[str] = mapped_column(default="")
    name: Mapped[str]  # of the entry, as a list shows it
    says: Mapped[Any] = mapped_column(JSON)  # what the kind's sentence names: {"day": "2026-11-01", ...}
    mark: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    assigned_to: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    wakes_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    done_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    done_mark: Mapped[str | None]
    since: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)


class Job(Base):
    """Work of the background that one process at a time does: when it is due, and how it ended last.

    `asked`: somebody asked for it while it ran.
    """

    __tablename__ = "upkeep_jobs"

    name: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[dt.datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    failure: Mapped[str] = mapped_column(default="")
    asked: Mapped[bool] = mapped_column(default=False)


class Link(Base):
    """A web address that the knowledge names. `failures`: looks in a row at which it did not answer, since `failing_since`."""

    __tablename__ = "upkeep_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(unique=True)
    due_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now, index=True)
    checked_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    result: Mapped[str] = mapped_column(default="")
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)


class LinkCheck(Base):
    """One look at a link. `result` as in bot/knowledge/links.py: "" when it answered."""

    __tablename__ = "upkeep_link_checks"

    id: Mapped[int] = mapped_column(primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("upkeep_links.id", ondelete="CASCADE"))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    result: Mapped[str]


class FeedSource(Base):
    """An Open Referral feed that is read by itself. `problems`: of the last reading, one line each; [] when it went well."""

    __tablename__ = "upkeep_feeds"

    id: Mapped[int] = mapped_column(primary_key=True)
    url: Mapped[str] = mapped_column(unique=True)
    every_hours: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)
    due_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    lease_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    tried_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    read_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)
    failures: Mapped[int] = mapped_column(default=0)
    problems: Mapped[Any] = mapped_column(JSON, default=list)
    etags: Mapped[Any] = mapped_column(JSON, default=dict)


class Arrival(Base):
    """A file or feed that waits for somebody to choose what of it is taken. `kind`: terms, services, oruk, backup.

    `state`: open, done, dropped. What is done or dropped has no `content` any more.
    """

    __tablename__ = "upkeep_arrivals"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    encoding: Mapped[str] = mapped_column(default="")
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    choices: Mapped[Any] = mapped_column(JSON, default=dict)  # key -> {field, or "" for all of it: "ours" or "theirs"}
    feed_id: Mapped[int | None] = mapped_column(ForeignKey("upkeep_feeds.id", ondelete="CASCADE"))
    brought_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id", ondelete="SET NULL"))
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    state: Mapped[str] = mapped_column(default="open")


class Backup(Base):
    """All the knowledge as it was before something large was done to it: a file as docs/backup-format.md describes it."""

    __tablename__ = "upkeep_backups"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    who: Mapped[str]
    why: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)


Index("ix_upkeep_findings_state", Finding.state, Finding.kind)
Index("ix_upkeep_link_checks_link_id", LinkCheck.link_id, LinkCheck.at)
