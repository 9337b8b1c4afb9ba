"""What a person suggests is kept: masked, counted, with a reference they can name."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.cases.references import new_reference
from bot.conversation.masking import mask
from bot.db.base import now
from bot.people.models import Chat
from bot.suggestions.kinds import ABOUT, PLACE, WAITING, WRONG
from bot.suggestions.models import Suggestion

MOST_A_DAY = 5  # of one person
MOST_WAITING = 15
LONGEST = 1_000  # characters of what somebody writes


def is_about(kind: str, key: str, what: str) -> bool:
    """Whether a suggestion of this sort can be made; buttons carry these words, and buttons may be old."""
    return (what == PLACE and not kind and not key) or (what in WRONG and kind in ABOUT and bool(key))


def make(
    session: Session, chat: Chat, *, what: str, kind: str = "", key: str = "", words: str, language: str
) -> Suggestion | None:
    """None when this person has made enough for now. The same thing said of the same entry today is added to what they said."""
    words = mask(words.strip()[:LONGEST]).text
    if (same := _same_today(session, chat, what, kind, key)) is not None:
        if words and words not in same.words:
            same.words = f"{same.words}\n{words}".strip()[: 2 * LONGEST]
            same.version += 1
            same.english = same.english_by = same.asked_machine_at = None  # of fewer words
        return same
    if not may_suggest(session, chat.person_id):
        return None
    made = Suggestion(
        reference=new_reference("S"),
        person_id=chat.person_id,
        chat_id=chat.id,
        language=language,
        what=what,
        about_kind=kind,
        about_key=key,
        words=words,
    )
    session.add(made)
    session.flush()
    return made


def may_suggest(session: Session, person_id: int) -> bool:
    """Whether they may suggest more today."""
    mine = select(func.count(Suggestion.id)).where(Suggestion.person_id == person_id)
    today = session.scalar(mine.where(Suggestion.created_at > now() - dt.timedelta(days=1))) or 0
    waiting = session.scalar(mine.where(Suggestion.state.in_(WAITING))) or 0
    return today < MOST_A_DAY and waiting < MOST_WAITING


def of_person(session: Session, person_id: int, limit: int = 10) -> list[Suggestion]:
    """Theirs, newest first."""
    mine = select(Suggestion).where(Suggestion.person_id == person_id).order_by(Suggestion.id.desc()).limit(limit)
    return list(session.scalars(mine))


def find_of(session: Session, person_id: int, reference: str) -> Suggestion | None:
    """None for what is not theirs."""
    mine = select(Suggestion).where(Suggestion.person_id == person_id, Suggestion.reference == reference)
    return session.scalar(mine)


def _same_today(session: Session, chat: Chat, what: str, kind: str, key: str) -> Suggestion | None:
    if what == PLACE:
        return None
    about = (Suggestion.what == what) & (Suggestion.about_kind == kind) & (Suggestion.about_key == key)
    mine = (Suggestion.person_id == chat.person_id) & (Suggestion.state == "open")
    since = Suggestion.created_at > now() - dt.timedelta(days=1)
    return session.scalar(select(Suggestion).where(about, mine, since).limit(1))
