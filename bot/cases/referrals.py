"""Referrals: a service is asked to help somebody who agreed to exactly what is sent, and until when."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases import after_moves
from bot.cases.models import CaseEvent, Handoff, Referral
from bot.cases.references import new_reference
from bot.cases.states import REFERRAL, REFERRAL_ENDED, check_move
from bot.db.base import now
from bot.errors import RefusedError
from bot.people.models import Chat, Consent
from bot.staff import teams

CONSENT_DAYS = 90
OPEN = tuple(state for state in REFERRAL if state not in REFERRAL_ENDED)


def consent_until(at: dt.datetime) -> dt.date:
    return (at + dt.timedelta(days=CONSENT_DAYS)).date()


def make(
    session: Session, chat: Chat, *, service: str, need: str, shared: dict[str, str], made_from: str, told: str | None
) -> Referral:
    """The referral for one "yes" to one question; asked twice, or while one to this service is open, it is the same one.

    `made_from` names the question (an outbox button); `shared` is what the person was told is sent; `told` the day (ISO) until
    which they were told it counts. A draft to this service becomes the referral.
    """
    same = (Referral.person_id == chat.person_id) & (Referral.service == service) & Referral.state.in_(OPEN)
    known = session.scalar(select(Referral).where((Referral.made_from == made_from) | same).limit(1))
    if known is not None and known.state != "draft":
        return known
    last = dt.date.fromisoformat(told) if told else consent_until(now())
    until = dt.datetime.combine(last, dt.time(), dt.UTC)
    referral = known or _new(session, chat, service=service, need=need, state="consent_given", made_from=made_from, until=until)
    if known is not None:
        move(session, known, "consent_given", "person", "consent given")
    else:
        session.add(CaseEvent(referral_id=referral.id, actor="person", was=None, becomes="consent_given", why="consent given"))
    referral.shared, referral.consent_until = shared, until
    purpose = f"referral:{referral.reference}"
    session.add(Consent(person_id=chat.person_id, purpose=purpose, shared=shared, until=until))
    return referral


def draft(session: Session, handoff: Handoff, staff_id: int, *, service: str, need: str) -> Referral:
    """A referral that a caseworker prepares. Nothing may be sent: the person has not been asked yet. The open one, if there is one."""
    mine = (Referral.person_id == handoff.person_id) & (Referral.service == service)
    known = session.scalar(select(Referral).where(mine, Referral.state.in_(OPEN)).limit(1))
    if known is not None:
        return known
    chat = session.get_one(Chat, handoff.chat_id)
    reference = new_reference("R")
    referral = _new(
        session, chat, service=service, need=need, state="draft", made_from=f"draft:{reference}", until=now(), reference=reference
    )
    referral.team_id = handoff.team_id
    session.add(CaseEvent(referral_id=referral.id, actor=f"staff:{staff_id}", was=None, becomes="draft"))
    return referral


def refused(session: Session, chat: Chat, service: str) -> None:
    """The person said no: a draft to this service ends."""
    mine = (Referral.person_id == chat.person_id) & (Referral.service == service) & (Referral.state == "draft")
    for referral in session.scalars(select(Referral).where(mine)):
        move(session, referral, "declined_by_person", "person")


def _new(
    session: Session,
    chat: Chat,
    *,
    service: str,
    need: str,
    state: str,
    made_from: str,
    until: dt.datetime,
    reference: str | None = None,
) -> Referral:
    team = teams.default_team(session)
    referral = Referral(
        reference=reference or new_reference("R"),
        made_from=made_from,
        person_id=chat.person_id,
        chat_id=chat.id,
        service=service,
        need=need,
        state=state,
        shared={},
        consent_until=until,
        team_id=team.id if team else None,
    )
    session.add(referral)
    session.flush()
    return referral


def move(session: Session, referral: Referral, becomes: str, actor: str, why: str = "") -> None:
    """Raises RefusedError (move) when the referral cannot go there from where it is."""
    check_move(REFERRAL, referral.state, becomes)
    session.add(CaseEvent(referral_id=referral.id, actor=actor, was=referral.state, becomes=becomes, why=why))
    referral.state, referral.updated_at = becomes, now()
    after_moves.follow(session, referral, actor)


def lock(session: Session, referral: Referral) -> None:
    """Nobody else moves it until this transaction ends. The chat first, as everywhere, so that none waits for both.

    Raises RefusedError (gone) when it was deleted a moment ago.
    """
    session.execute(select(Chat.id).where(Chat.id == referral.chat_id).with_for_update())
    if session.get(Referral, referral.id, populate_existing=True, with_for_update=True) is None:
        raise RefusedError("this referral was deleted", "gone")


def withdraw(session: Session, referral: Referral) -> bool:
    """The person takes it back. False when it had ended before."""
    lock(session, referral)
    if referral.state in REFERRAL_ENDED:
        return False
    move(session, referral, "withdrawn", "person")
    return True


def find_of(session: Session, person_id: int, reference: str) -> Referral | None:
    """The person's own referral of this reference; nobody else's."""
    mine = select(Referral).where(Referral.reference == reference, Referral.person_id == person_id)
    return session.scalar(mine)


def of_person(session: Session, person_id: int) -> list[Referral]:
    return list(session.scalars(select(Referral).where(Referral.person_id == person_id).order_by(Referral.id)))
