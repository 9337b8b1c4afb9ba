"""Somebody asks for a mentor: one wish for each person, asked anew when it changes."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases import crew, notices
from bot.db.base import now
from bot.errors import RefusedError
from bot.mentoring import matching, pairs
from bot.mentoring.models import MentorWish
from bot.people.models import Chat


@dataclass(frozen=True)
class Wish:
    """As codes. `gender`: woman, man or any. `called`: what the mentor may call them, once both agreed to write; None: no name."""

    profession: str
    languages: list[str]
    times: list[str]
    gender: str
    called: str | None = None


def of(session: Session, person_id: int) -> MentorWish | None:
    return session.scalar(select(MentorWish).where(MentorWish.person_id == person_id))


def ask(session: Session, chat: Chat, wish: Wish) -> MentorWish:
    """Looks for a mentor at once; a caseworker is told. Raises RefusedError (wish_open) while one has been found for an earlier wish."""
    row = of(session, chat.person_id)
    if row is not None and row.state == "met":
        raise RefusedError("there is a mentor, or one who is asked", "wish_open")
    if row is None:
        row = MentorWish(person_id=chat.person_id)
        session.add(row)
    row.chat_id, row.state, row.updated_at = chat.id, "waiting", now()
    row.profession, row.languages, row.times, row.gender = wish.profession, list(wish.languages), list(wish.times), wish.gender
    row.called = wish.called
    session.flush()
    matching.propose(session, row)
    notices.tell(session, crew.ids(session, None), "mentor_wished", "mentors:introductions")
    return row


def end(session: Session, wish: MentorWish) -> None:
    """Nobody is looked for any more; whoever was found is told that it has ended."""
    for pair in pairs.live_of(session, wish_id=wish.id):
        pairs.end(session, pair, "mentee", "mentee_left")
    wish.state, wish.updated_at = "ended", now()
    session.flush()
