"""What comes back to a check-in. Its buttons carry its id, so an answer after a month still belongs to the right one."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import RefusedError
from bot.journeys import rhythms
from bot.journeys.models import CheckIn

FACES = (1, 2, 3, 4, 5)
HARD = 2  # up to this face somebody is offered
QUESTIONS = ("feeling", "belonging")


def find(session: Session, person_id: int, key: str) -> CheckIn | None:
    """None when it is not this person's, or not there any more."""
    if not (key.isascii() and key.isdecimal() and len(key) < 18):
        return None
    return session.scalar(select(CheckIn).where(CheckIn.id == int(key), CheckIn.person_id == person_id))


def answer(session: Session, check_in: CheckIn, question: str, value: str, at: dt.datetime) -> int:
    """The face that was tapped; tapping another one changes it. Raises RefusedError (face)."""
    if question not in QUESTIONS or value not in map(str, FACES):
        raise RefusedError("there is no such face", "face")
    face = int(value)
    if question == "feeling":
        check_in.feeling = face
    else:
        check_in.belonging = face
    heard(session, check_in, at)
    return face


def heard(session: Session, check_in: CheckIn, at: dt.datetime) -> None:
    """Something came back: they are still there."""
    check_in.answered_at = check_in.answered_at or at
    if (rhythm := rhythms.of(session, check_in.person_id)) is not None:
        rhythm.unanswered = 0


def was_hard(check_in: CheckIn) -> bool:
    return any(isinstance(face, int) and face <= HARD for face in (check_in.feeling, check_in.belonging))


def answered(session: Session, person_id: int) -> list[CheckIn]:
    """Those with a face, the first one first."""
    query = select(CheckIn).where(CheckIn.person_id == person_id, CheckIn.answered_at.is_not(None)).order_by(CheckIn.sent_at)
    return [row for row in session.scalars(query) if row.feeling is not None or row.belonging is not None]
