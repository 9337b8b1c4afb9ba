"""What changed for somebody: each with when, and how it is known. The same thing heard twice by the same way is noted once."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases.models import Referral
from bot.db.base import now
from bot.errors import RefusedError
from bot.journeys.models import CheckIn, Outcome
from bot.people.models import Person
from bot.people.reminders import PLACE

SAID = ("registered", "job", "bridge_job", "course", "test", "interview", "volunteering", "other")  # in a check-in, in this order
REFERRAL, CONFIDENCE = "referral", "confidence"
KINDS = (*SAID, REFERRAL, CONFIDENCE)
BY_STAFF = (*SAID, CONFIDENCE)
REFERRAL_STATES = ("accepted", "waiting_list", "in_progress", "completed", "not_eligible", "declined_by_service")
LONGEST_WORDS = 600
# what a step of a plan means when it is done; steps that lead only nearer mean nothing yet
STEPS = {
    "registered": ("register", "refugee-form", "apply-qts", "membership"),
    "test": (
        "english-test", "english-proof", "osce", "cbt", "plab-1", "plab-2", "sqe1", "sqe2", "ore-part-1", "ore-part-2", "safety-test",
        "registration-exam", "postgraduate-exam", "exams", "tests", "wiring-rules",
    ),
    "bridge_job": ("training-job",),
    "job": ("first-job",),
    "course": ("labourer-course", "uk-course", "ospap", "train-for-qts", "updating", "work-english", "legal-english", "english-for-site"),
}  # fmt: skip
_OF_STEP = {step: kind for kind, steps in STEPS.items() for step in steps}


def said(session: Session, check_in: CheckIn, kind: str, at: dt.datetime) -> Outcome:
    """By the person in a check-in. Raises RefusedError (outcome_kind)."""
    if kind not in SAID:
        raise RefusedError("there is no such outcome", "outcome_kind")
    return _note(session, check_in.person_id, kind, "person", "confirmed", f"check_in:{check_in.id}", _today(at))


def add_words(session: Session, outcome: Outcome, words: str, language: str) -> None:
    """In the person's own words, which nobody has to give."""
    outcome.words, outcome.language = words[:LONGEST_WORDS], language


def propose(session: Session, person_id: int, pathway: str, step: str, at: dt.datetime) -> Outcome | None:
    """That a step is done may mean something: None when it does not, or when it was asked before."""
    kind, source = _OF_STEP.get(step), f"step:{pathway}/{step}"
    if kind is None or _find(session, person_id, kind, source) is not None:
        return None
    return _note(session, person_id, kind, "person", "proposed", source, _today(at))


def decide(session: Session, person_id: int, number: str, *, yes: bool) -> Outcome | None:
    """Confirms what was proposed; a no is kept, so that it is not asked again. None when there is no such thing of this person."""
    row = session.get(Outcome, int(number)) if number.isascii() and number.isdecimal() and len(number) < 18 else None
    if row is None or row.person_id != person_id:
        return None
    row.state = "confirmed" if yes else "declined"
    return row


def confirmed(session: Session, person_id: int, number: str) -> Outcome | None:
    """One that is written down of this person; None when there is no such thing."""
    row = session.get(Outcome, int(number)) if number.isascii() and number.isdecimal() and len(number) < 18 else None
    return row if row is not None and row.person_id == person_id and row.state == "confirmed" else None


def from_referral(session: Session, referral: Referral, actor: str) -> None:
    """A referral has been moved by `actor`: where it stands with the service, and who says so."""
    if referral.state not in REFERRAL_STATES:
        return
    how = "person" if actor == "person" else "caseworker" if actor.startswith("staff:") else "service"
    row = _note(session, referral.person_id, REFERRAL, how, "confirmed", f"referral:{referral.reference}", _today(now()))
    if row.detail != referral.state:
        row.detail, row.how, row.happened_on = referral.state, how, _today(now())


def by_staff(
    session: Session, person_id: int, staff_id: int, kind: str, day: dt.date, faces: tuple[int, int] | None, once: str
) -> Outcome:
    """Noted by a caseworker. Raises RefusedError: outcome_kind, outcome_day (it lies ahead), outcome_faces."""
    if kind not in BY_STAFF:
        raise RefusedError("there is no such outcome", "outcome_kind")
    if day > _today(now()):
        raise RefusedError("what lies ahead has not changed anything yet", "outcome_day")
    if (kind == CONFIDENCE) != (faces is not None) or (faces and not all(1 <= face <= 5 for face in faces)):
        raise RefusedError("a confidence is two numbers from 1 to 5, then and now", "outcome_faces")
    row = _note(session, person_id, kind, "caseworker", "confirmed", f"staff:{staff_id}:{once}", day)
    row.faces = list(faces) if faces else None
    session.flush()
    return row


def of(session: Session, person_id: int, *, only_confirmed: bool = True) -> list[Outcome]:
    """The first one first."""
    query = select(Outcome).where(Outcome.person_id == person_id).order_by(Outcome.happened_on, Outcome.id)
    return list(session.scalars(query.where(Outcome.state == "confirmed") if only_confirmed else query))


def _note(session: Session, person_id: int, kind: str, how: str, state: str, source: str, day: dt.date) -> Outcome:
    row = _find(session, person_id, kind, source)
    if row is None:
        language = session.get_one(Person, person_id).language
        row = Outcome(person_id=person_id, kind=kind, how=how, state=state, source=source, happened_on=day, language=language)
        session.add(row)
        session.flush()
    return row


def _find(session: Session, person_id: int, kind: str, source: str) -> Outcome | None:
    return session.scalar(select(Outcome).where(Outcome.person_id == person_id, Outcome.kind == kind, Outcome.source == source))


def _today(at: dt.datetime) -> dt.date:
    return at.astimezone(PLACE).date()
