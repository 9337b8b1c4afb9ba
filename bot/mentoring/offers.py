"""An offer to be a mentor, from the first words to the last: made by the person, moved on by a caseworker, ended by either."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import i18n
from bot.cases import crew, handoffs, notices
from bot.cases.states import check_move
from bot.db.base import now
from bot.errors import RefusedError
from bot.mentoring import matching, pairs
from bot.mentoring.models import Mentor, MentorEvent
from bot.mentoring.states import MENTOR, MENTOR_OVER
from bot.people.models import Chat

LONGEST_REASON, LONGEST_REFERENCES = 500, 3_000
RECHECK = dt.timedelta(days=365)
MOST_AT_ONCE = 5  # mentees of one mentor


@dataclass(frozen=True)
class Offer:
    """What the person said, as codes; `way_words` and `called` in their own words."""

    profession: str
    languages: list[str]
    times: list[str]
    often: str
    way: str
    way_words: str | None
    gender: str | None
    called: str | None


def of(session: Session, person_id: int) -> Mentor | None:
    return session.scalar(select(Mentor).where(Mentor.person_id == person_id))


def make(session: Session, chat: Chat, offer: Offer) -> Mentor:
    """A draft, until the person has agreed to what a mentor may not do. Raises RefusedError (mentor_refused, mentor_open)."""
    mentor = of(session, chat.person_id)
    if mentor is not None and mentor.state == "refused":
        raise RefusedError("a caseworker has refused this offer", "mentor_refused")
    if mentor is not None and mentor.state not in ("draft", "ended"):
        raise RefusedError("there is an offer of this person already", "mentor_open")
    if mentor is None:
        mentor = Mentor(person_id=chat.person_id)
        session.add(mentor)
    mentor.chat_id, mentor.state, mentor.agreed_at, mentor.recheck_on = chat.id, "draft", None, None
    mentor.profession, mentor.languages, mentor.times = offer.profession, list(offer.languages), list(offer.times)
    mentor.often, mentor.way, mentor.way_words = offer.often, offer.way, offer.way_words
    mentor.gender, mentor.called, mentor.references, mentor.updated_at = offer.gender, offer.called, None, now()
    session.flush()
    return mentor


def agree(session: Session, mentor: Mentor) -> None:
    """To what a mentor may not do: from now on caseworkers see the offer, are told of it, and have a case by which to write to them.

    Raises RefusedError (move).
    """
    _move(session, mentor, "offered", "person", "")
    mentor.agreed_at = now()
    chat = session.get_one(Chat, mentor.chat_id)
    reason = i18n.t("en", "console.mentors.offer_reason", number=mentor.id)
    handoffs.open_handoff(session, chat, kind="mentor", urgency="week", reason=reason, reach=chat.channel)
    notices.tell(session, crew.ids(session, None), "mentor_offered", f"mentor:{mentor.id}")


def vet(session: Session, mentor: Mentor, becomes: str, staff_id: int, reason: str) -> None:
    """A caseworker's move, with a written reason. Raises RefusedError (mentor_reason, move, mentor_references).

    `checked` needs references that are noted. Who is not active any more has no pairs; who is active is looked for mentees.
    """
    reason = reason.strip()
    if not reason:
        raise RefusedError("say why", "mentor_reason")
    if becomes == "checked" and not mentor.references:
        raise RefusedError("note the references first", "mentor_references")
    if becomes in ("draft", "offered"):
        raise RefusedError("only the person makes an offer", "move")
    _move(session, mentor, becomes, f"staff:{staff_id}", reason[:LONGEST_REASON])
    if becomes == "active":
        mentor.recheck_on = now().date() + RECHECK
    _follow(session, mentor, "mentor_left" if becomes in MENTOR_OVER else "mentor_paused")


def recheck(session: Session, mentor: Mentor, staff_id: int, reason: str) -> None:
    """Looked at again: good for another year. Raises RefusedError (mentor_reason, move)."""
    if not reason.strip():
        raise RefusedError("say what was checked", "mentor_reason")
    if mentor.state not in ("active", "paused"):
        raise RefusedError("only somebody who is a mentor is checked again", "move")
    mentor.recheck_on = now().date() + RECHECK
    _note(session, mentor, f"staff:{staff_id}", mentor.state, "rechecked", reason.strip()[:LONGEST_REASON])
    _follow(session, mentor, "")


def note_references(mentor: Mentor, words: str, most: int) -> None:
    """Whom a caseworker asked and what they said; how many mentees at once. Raises RefusedError (mentor_most)."""
    if not 1 <= most <= MOST_AT_ONCE:
        raise RefusedError(f"one mentor has 1 to {MOST_AT_ONCE} mentees", "mentor_most")
    mentor.references, mentor.most, mentor.updated_at = words.strip()[:LONGEST_REFERENCES] or None, most, now()


def by_person(session: Session, mentor: Mentor, becomes: str) -> None:
    """The mentor's own pause, return, or end; at once. Raises RefusedError (move)."""
    if becomes == "active" and not _paused_by_themselves(session, mentor):
        raise RefusedError("a caseworker has paused this offer", "move")
    _move(session, mentor, becomes, "person", "")
    _follow(session, mentor, "mentor_left" if becomes == "ended" else "mentor_paused")


def events(session: Session, mentor: Mentor) -> list[MentorEvent]:
    """What was done with the offer, the newest first."""
    return list(session.scalars(select(MentorEvent).where(MentorEvent.mentor_id == mentor.id).order_by(MentorEvent.id.desc())))


def _paused_by_themselves(session: Session, mentor: Mentor) -> bool:
    last = next((event for event in events(session, mentor) if event.becomes == "paused"), None)
    return last is not None and last.actor == "person"


def _follow(session: Session, mentor: Mentor, why: str) -> None:
    """What the mentor's state means for those they are, or could be, in touch with."""
    if mentor.state == "active":
        matching.propose_for(session, mentor)
    elif mentor.state in (*MENTOR_OVER, "paused"):
        for pair in pairs.live_of(session, mentor_id=mentor.id):
            pairs.end(session, pair, "mentor", why)


def _move(session: Session, mentor: Mentor, becomes: str, actor: str, reason: str) -> None:
    check_move(MENTOR, mentor.state, becomes)
    _note(session, mentor, actor, mentor.state, becomes, reason)
    mentor.state, mentor.updated_at = becomes, now()
    session.flush()


def _note(session: Session, mentor: Mentor, actor: str, was: str, becomes: str, reason: str) -> None:
    session.add(MentorEvent(mentor_id=mentor.id, actor=actor, was=was, becomes=becomes, words=reason or None))
