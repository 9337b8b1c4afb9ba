"""What follows from every move of a referral, whoever made it: when the person is asked, what stops, who is told."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot import i18n
from bot.cases import consents, service_quality, watchers
from bot.cases.models import Referral, ServiceLink
from bot.cases.states import REFERRAL_ENDED
from bot.db.base import now
from bot.installation import live
from bot.journeys import outcomes
from bot.knowledge import snapshot
from bot.knowledge.seed import Service
from bot.mail import queue
from bot.mail.message import Message
from bot.people.reminders import due_in

WITH_SERVICE = ("sent", "accepted", "waiting_list", "in_progress")
TAKEN_BACK = ("withdrawn", "declined_by_person")
USUAL_DAYS = 14


def follow(session: Session, referral: Referral, actor: str) -> None:
    """`referral` has just been moved by `actor`; in the same transaction."""
    becomes = referral.state
    if becomes == "sent":
        referral.sent_at = now()
    outcomes.from_referral(session, referral, actor)
    referral.follow_up_at = None
    if becomes in WITH_SERVICE:
        ask_later(session, referral)
    if becomes in REFERRAL_ENDED:
        stop(session, referral)
    if becomes in TAKEN_BACK:
        consents.withdraw(session, referral)
        tell_service(session, referral)
    if actor in service_quality.ACTORS:
        session.flush()
        service_quality.look(session, referral.service)


def stop(session: Session, referral: Referral) -> None:
    """No link opens any more, and no e-mail about it leaves."""
    live = (ServiceLink.referral_id == referral.id) & (ServiceLink.expires_at > now())
    session.execute(update(ServiceLink).where(live).values(expires_at=now()))
    queue.cancel(session, referral.id)


def service_of(session: Session, referral: Referral) -> Service | None:
    """None when the knowledge does not hold it any more."""
    return snapshot.current(session).receivers.get(referral.service)


def ask_later(session: Session, referral: Referral) -> None:
    """The person is asked how it went, so many days from now as are set for the service, else for all of them."""
    service = service_of(session, referral)
    days = service.follow_up_days if service else USUAL_DAYS
    if days == USUAL_DAYS:
        days = live.current(session).follow_up_days or USUAL_DAYS
    referral.follow_up_at = due_in(days, now())


def tell_service(session: Session, referral: Referral) -> None:
    """Who was told of somebody is told when it has ended, so that they stop and delete. By e-mail only the reference; where we
    have no address, whoever passed it on is asked to say so."""
    if referral.sent_at is None:
        return
    if referral.sent_by != "email":
        watchers.tell(session, referral, "tell_service")
    for place, to in enumerate(queue.told(session, referral.id)):
        subject = i18n.t("en", "service.mail.ended.subject", reference=referral.reference)
        text = i18n.t("en", "service.mail.ended.text", reference=referral.reference)
        message = Message(to=to, subject=subject, text=text)
        queue.enqueue(session, message, origin=f"ended:{referral.id}:{place}", referral_id=referral.id)
