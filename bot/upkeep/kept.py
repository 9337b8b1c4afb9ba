"""The backups that were made by themselves before something large."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from bot.upkeep.models import Backup


def listed(session: Session) -> list[Backup]:
    """The newest first, without their content."""
    return list(session.scalars(select(Backup).options(defer(Backup.content)).order_by(Backup.id.desc())))


def find(session: Session, number: int) -> Backup | None:
    return session.get(Backup, number)
