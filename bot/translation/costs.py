"""How many characters the machine was given today, in the database, so that all processes share one limit. Days are those of UTC."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.translation.models import TranslationDay


def reserve(session: Session, characters: int, most: int) -> bool:
    """Counts them before they are sent. False, and nothing is counted, when they would be more than `most`."""
    day = now().date()
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(insert(TranslationDay).values(day=day, characters=0).on_conflict_do_nothing())
    with_these = TranslationDay.characters + characters
    counted = update(TranslationDay).where(TranslationDay.day == day, with_these <= most).values(characters=with_these)
    return bool(session.execute(counted).rowcount == 1)  # type: ignore[attr-defined]  # a CursorResult


def give_back(session: Session, characters: int) -> None:
    """They were not sent after all, or not taken."""
    less = update(TranslationDay).where(TranslationDay.day == now().date(), TranslationDay.characters >= characters)
    session.execute(less.values(characters=TranslationDay.characters - characters))


def today(session: Session) -> int:
    row = session.get(TranslationDay, now().date())
    return row.characters if row else 0


def tomorrow() -> dt.datetime:
    """When there is room again."""
    return dt.datetime.combine(now().date() + dt.timedelta(days=1), dt.time(), dt.UTC)
