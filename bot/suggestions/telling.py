"""Who is told now: of their own suggestion once, of what was done with everybody's at most once a month. At decent hours, and never
somebody who has stopped messages or speaks with a caseworker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import delete, exists, func, or_, select
from sqlalchemy.orm import Session

from bot.cases.follow_ups import DECENT
from bot.db.base import now
from bot.people.models import Chat
from bot.people.reminders import PLACE
from bot.suggestions import deciding
from bot.suggestions.models import NewsItem, NewsWish, Suggestion

AT_ONCE = 50
BETWEEN = dt.timedelta(days=30)  # two messages about what we did
MOST_ITEMS = 3  # in one message


def is_decent(at: dt.datetime) -> bool:
    return at.astimezone(PLACE).hour in DECENT


def take_decided(session: Session, at: dt.datetime | None = None) -> list[tuple[Suggestion, Suggestion, Chat]]:
    """(theirs, the one whose end counts, their chat) of whom to tell now; the caller writes to the outbox in this transaction."""
    at = at or now()
    if not is_decent(at):
        return []
    query = (
        select(Suggestion, Chat)
        .join(Chat, Chat.id == Suggestion.chat_id)
        .where(Suggestion.hear, Suggestion.told_at.is_(None), Suggestion.decided_at.is_not(None), Chat.held_by_handoff.is_(None))
        .order_by(Suggestion.decided_at)
        .limit(AT_ONCE)
        .with_for_update(of=(Suggestion, Chat), skip_locked=True)
    )
    taken = []
    for row, chat in session.execute(query).all():
        row.told_at = at
        if not chat.stopped and chat.unreachable_at is None:
            taken.append((row, deciding.ends_as(session, row), chat))
    return taken


def take_news(session: Session, at: dt.datetime | None = None) -> list[tuple[Chat, list[NewsItem]]]:
    """Whom to tell now of what was done since they asked or were last told."""
    at = at or now()
    if not is_decent(at):
        return []
    since = func.coalesce(NewsWish.told_at, NewsWish.asked_at)
    rested = or_(NewsWish.told_at.is_(None), NewsWish.told_at < at - BETWEEN)
    query = (
        select(NewsWish, Chat)
        .join(Chat, Chat.id == NewsWish.chat_id)
        .where(rested, exists().where(NewsItem.published_at > since), Chat.held_by_handoff.is_(None))
        .where(~Chat.stopped, Chat.unreachable_at.is_(None))
        .limit(AT_ONCE)
        .with_for_update(of=(NewsWish, Chat), skip_locked=True)
    )
    taken = []
    for wish, chat in session.execute(query).all():
        newer = NewsItem.published_at > (wish.told_at or wish.asked_at)
        items = session.scalars(select(NewsItem).where(newer).order_by(NewsItem.published_at.desc()).limit(MOST_ITEMS))
        taken.append((chat, list(items)))
        wish.told_at = at
    return taken


def wants_news(session: Session, person_id: int) -> bool:
    return session.get(NewsWish, person_id) is not None


def ask_for_news(session: Session, chat: Chat) -> None:
    """From now on, to this chat. Asking again moves it here."""
    wish = session.get(NewsWish, chat.person_id)
    if wish is None:
        session.add(NewsWish(person_id=chat.person_id, chat_id=chat.id))
    else:
        wish.chat_id = chat.id
    session.flush()


def joins(session: Session, into: int, other: int) -> None:
    """Two people turn out to be one: who wished for news twice gets them once. Others move the rest."""
    if session.get(NewsWish, into) is not None:
        session.execute(delete(NewsWish).where(NewsWish.person_id == other))


def stop_news(session: Session, people: Sequence[int]) -> None:
    session.execute(delete(NewsWish).where(NewsWish.person_id.in_(people)))
