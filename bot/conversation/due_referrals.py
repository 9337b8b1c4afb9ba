"""What the clock does for referrals: asks people how it went, ends what is no longer agreed to, reminds services."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from bot.answers import referrals
from bot.cases import consent_ends, follow_ups, service_quality, service_reminders
from bot.conversation import outbox
from bot.db.base import now
from bot.house import House
from bot.knowledge import snapshot


def due(session: Session, house: House, at: dt.datetime | None = None) -> int:
    """Everything that is due (by `at`), in the caller's transaction. Returns how many messages to people were written."""
    at = at or now()
    knowledge, written = snapshot.current(session), 0
    for referral, chat in follow_ups.take_due(session, at):
        question = referrals.how_it_went(knowledge, referral, chat.person.language)
        outbox.enqueue(session, chat.id, [question], origin=f"follow-up:{referral.id}:{referral.sent_at}:{referral.follow_ups}")
        written += 1
    for referral, chat in consent_ends.take_due(session, at):
        if not chat.stopped and chat.unreachable_at is None:
            told = referrals.consent_over(knowledge, referral, chat.person.language)
            outbox.enqueue(session, chat.id, [told], origin=f"consent-over:{referral.id}")
            written += 1
    service_reminders.due(session, house.settings, house.hours.holidays, at)
    service_quality.due(session, at)
    return written
