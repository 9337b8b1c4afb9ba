"""When the time that somebody agreed to is over: what was not taken on by a service ends, and nothing more leaves the house.

A service that has taken the person on goes on by itself; there only links and e-mails stop (bot/cases/consents.py is asked each
time).
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases import referrals
from bot.cases.models import Referral
from bot.db.base import now
from bot.people.models import Chat

ENDING = ("consent_given", "sent", "waiting_list", "could_not_reach")
AT_ONCE = 50


def take_due(session: Session, at: dt.datetime | None = None) -> list[tuple[Referral, Chat]]:
    """Those that have just been ended; the caller tells the people in the same transaction."""
    query = (
        select(Referral, Chat)
        .join(Chat, Chat.id == Referral.chat_id)
        .where(Referral.state.in_(ENDING), Referral.consent_until <= (at or now()))
        .order_by(Referral.id)
        .limit(AT_ONCE)
        .with_for_update(of=(Referral, Chat), skip_locked=True)
    )
    rows = [(referral, chat) for referral, chat in session.execute(query).all()]
    for referral, _ in rows:
        referrals.move(session, referral, "withdrawn", "bot", "consent_over")
    return rows
