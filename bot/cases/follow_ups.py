"""Asking the person how it went with a service, and what their one tap makes of the referral.

Asked so many days after the referral was sent or accepted as are set for the service, at a decent hour, at most twice, and never
somebody who has stopped messages.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases import referrals, service_quality, watchers
from bot.cases.after_moves import WITH_SERVICE
from bot.cases.models import CaseEvent, Referral
from bot.cases.states import REFERRAL, REFERRAL_ENDED
from bot.db.base import now
from bot.people.models import Chat
from bot.people.reminders import PLACE, due_in

MOST = 2
AGAIN_DAYS = 7
AT_ONCE = 50
DECENT = range(9, 20)  # hours of the day, by the clock on the wall
ANSWERS = {
    "got_help": "completed",
    "no_place": "declined_by_service",
    "could_not_reach": "could_not_reach",
    "not_for_me": "declined_by_person",
}
TOLD = ("no_place", "could_not_reach")  # answers that staff are told of
Noted = Literal["noted", "again", "over"]


def take_due(session: Session, at: dt.datetime | None = None) -> list[tuple[Referral, Chat]]:
    """Whom to ask now; the caller writes the question to the outbox in the same transaction."""
    at = at or now()
    if at.astimezone(PLACE).hour not in DECENT:
        return []
    query = (
        select(Referral, Chat)
        .join(Chat, Chat.id == Referral.chat_id)
        .where(Referral.follow_up_at <= at)
        .order_by(Referral.follow_up_at)
        .limit(AT_ONCE)
        .with_for_update(of=(Referral, Chat), skip_locked=True)
    )
    taken = []
    for referral, chat in session.execute(query).all():
        if chat.stopped or chat.unreachable_at or referral.state not in WITH_SERVICE or referral.follow_ups >= MOST:
            referral.follow_up_at = None
        elif chat.held_by_handoff:  # a caseworker speaks with them
            referral.follow_up_at = due_in(1, at)
        else:
            referral.follow_ups += 1
            referral.follow_up_at = due_in(AGAIN_DAYS, at) if referral.follow_ups < MOST else None
            session.add(CaseEvent(referral_id=referral.id, actor="bot", was=referral.state, becomes="follow_up"))
            taken.append((referral, chat))
    return taken


def can_be_asked(referral: Referral) -> bool:
    """Whether there is anything yet of which the person could say how it went."""
    return referral.state in WITH_SERVICE or (referral.state == "could_not_reach" and referral.outcome is None)


def answer(session: Session, referral: Referral, said: str) -> Noted:
    """The person's own word. `again`: they said the same before. `over`: the referral had ended with another answer, or cannot
    take this one (`said` is none of ANSWERS). What they say of one that staff or the service has ended is noted and moves nothing.
    """
    referrals.lock(session, referral)
    if said not in ANSWERS:
        return "over"
    if referral.outcome == said:
        return "again"
    becomes = ANSWERS[said]
    if becomes in REFERRAL[referral.state]:
        referral.outcome = said
        referrals.move(session, referral, becomes, "person", said)
    elif (referral.state in REFERRAL_ENDED or referral.state == becomes) and referral.outcome is None:
        referral.outcome, referral.follow_up_at = said, None
        session.add(CaseEvent(referral_id=referral.id, actor="person", was=referral.state, becomes=referral.state, why=said))
        session.flush()
        service_quality.look(session, referral.service)
    else:
        return "over"
    if said in TOLD:
        watchers.tell(session, referral, "person_answered")
    return "noted"
