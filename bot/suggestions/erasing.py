"""Suggestions that go: with their person, or when their time is over, and out of drafts as well. How many there were of each end stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from bot.cases.counting import Gone
from bot.suggestions import unwriting
from bot.suggestions.models import Suggestion

OPEN_DAYS = 365  # one that nobody decided about in so long goes as well


def of_people(session: Session, people: Sequence[int], gone: Gone) -> None:
    """All of theirs."""
    _erase(session, Suggestion.person_id.in_(people), gone)


def these(session: Session, ids: Sequence[int], gone: Gone) -> None:
    _erase(session, Suggestion.id.in_(ids), gone)


def old(days: int, at: dt.datetime) -> list[ColumnElement[bool]]:
    """Decided so many days ago, with nobody waiting to hear of it; or never decided in OPEN_DAYS."""
    decided = (Suggestion.decided_at < at - dt.timedelta(days)) & (~Suggestion.hear | Suggestion.told_at.is_not(None))
    return [or_(decided, Suggestion.created_at < at - dt.timedelta(OPEN_DAYS))]


def _erase(session: Session, which: ColumnElement[bool], gone: Gone) -> None:
    rows = session.scalars(
        select(Suggestion).where(which).with_for_update()
    ).all()  # a form that is saved now waits, or is waited for
    for row in rows:
        gone.add(row.created_at, row.language, f"suggestion.{row.state}")
    unwriting.take_out(session, rows)
    session.execute(delete(Suggestion).where(which))
