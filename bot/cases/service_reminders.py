"""A service that does not answer is reminded by e-mail after three working days, at most twice; then staff are told.

Where there was no e-mail (a link passed on by hand, a telephone call) staff are told at once when the time is over.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import i18n
from bot.cases import after_moves, consents, sending_out, watchers
from bot.cases.holidays import Calendar
from bot.cases.hours import LONDON
from bot.cases.models import CaseEvent, Mail, Referral
from bot.db.base import now
from bot.mail import queue
from bot.mail.message import Message
from bot.people.models import Chat
from bot.settings import Settings

WORKING_DAYS = 3
MOST = 2
AT_ONCE = 50
OVER = MOST + 1  # in `Referral.reminders`: staff were told, nothing more happens by itself


def due(session: Session, settings: Settings, holidays: Calendar, at: dt.datetime | None = None) -> int:
    """For the clock; on working days only. Returns how many e-mails were written."""
    at = at or now()
    if not _works(at.astimezone(LONDON).date(), holidays):
        return 0
    silent = func.coalesce(Referral.reminded_at, Referral.sent_at) <= days_before(at, holidays)
    query = (
        select(Referral)
        .join(Chat, Chat.id == Referral.chat_id)
        .where(Referral.state == "sent", Referral.reminders < OVER, Referral.consent_until > at, silent)
        .order_by(Referral.id)
        .limit(AT_ONCE)
        .with_for_update(of=(Chat, Referral), skip_locked=True)
    )
    return sum(_remind(session, settings, referral, at) for referral in session.scalars(query).all())


def days_before(at: dt.datetime, holidays: Calendar, days: int = WORKING_DAYS) -> dt.datetime:
    """The moment so many working days before one on a working day, at the same time of the day in London; in UTC."""
    local = at.astimezone(LONDON)
    day = local.date()
    while days:
        day -= dt.timedelta(days=1)
        days -= _works(day, holidays)
    return dt.datetime.combine(day, local.time(), LONDON).astimezone(dt.UTC)


def _works(day: dt.date, holidays: Calendar) -> bool:
    return day.weekday() < 5 and day not in holidays


def _remind(session: Session, settings: Settings, referral: Referral, at: dt.datetime) -> bool:
    """Whether an e-mail was written."""
    mail = queue.last_of(session, referral.id)
    if mail is not None and mail.state in ("queued", "sending"):
        return False  # still on its way: the time counts from when it has left
    by_mail = referral.sent_by == "email" and mail is not None and mail.state == "sent"
    if not by_mail or referral.reminders >= MOST or not consents.holds(session, referral):
        referral.reminders = OVER
        watchers.tell(session, referral, "service_silent")
        return False
    assert mail is not None
    referral.reminders, referral.reminded_at = referral.reminders + 1, at
    session.add(CaseEvent(referral_id=referral.id, actor="bot", was="sent", becomes="reminded"))
    message = _message(session, settings, referral, mail)
    queue.enqueue(session, message, origin=f"reminder:{referral.id}:{at.isoformat()}", referral_id=referral.id)
    return True


def _message(session: Session, settings: Settings, referral: Referral, mail: Mail) -> Message:
    service = after_moves.service_of(session, referral)
    parts = [i18n.t("en", "service.mail.reminder.text", reference=referral.reference)]
    if service is None or service.takes_links:
        parts.append(sending_out.link_text(session, settings, referral))
    subject = i18n.t("en", "service.mail.reminder.subject", reference=referral.reference)
    return Message(to=mail.content["to"], subject=subject, text="\n\n".join(parts), personal=True)
