"""A referral leaves the house: by e-mail, by a link that a caseworker passes on, or by telephone. Only what was agreed to, only
while it is agreed to.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot import i18n
from bot.cases import after_moves, consents, moving, referral_sheet, referrals, service_links
from bot.cases.hours import LONDON
from bot.cases.models import CaseEvent, Mail, Referral
from bot.cases.undelivered import SENT_OUT
from bot.db.base import now
from bot.errors import RefusedError
from bot.knowledge import snapshot
from bot.knowledge.seed import Service
from bot.mail import queue
from bot.mail.message import Message, address
from bot.settings import Settings
from bot.staff import audit

WAYS = ("email", "link", "phone")


@dataclass(frozen=True)
class Sent:
    """`link`: to pass on, by the way "link"; shown now and never again. `to`: by the way "email"."""

    by: str
    to: str = ""
    link: str = ""


@dataclass(frozen=True)
class Delivery:
    """What became of the last e-mail: queued, sent, failed; `failure` says why it failed or waits. `again`: it can be tried again."""

    state: str
    to: str
    failure: str
    at: dt.datetime | None
    again: bool


def send(
    session: Session, settings: Settings, referral: Referral, *, by: str, staff_id: int, once: str, contact: str = ""
) -> Sent:
    """Passes it on; the person is told. The same form (`once`) sent twice does it once. One that was sent may be sent again.

    `contact`: an e-mail address instead of the service's. The whole text goes only to the address at which the service has asked for
    it; every other one is sent the reference and a link. Raises RefusedError: way, consent_none, consent_withdrawn, consent_over,
    move, email, no_email, no_links.
    """
    if by not in WAYS:
        raise RefusedError("choose a way to send it", "way")
    referrals.lock(session, referral)
    consents.check(session, referral)
    service = after_moves.service_of(session, referral)
    if by == "phone":
        _note(session, referral, by, staff_id, again=referral.state == "sent" and referral.sent_by == "phone")
        return Sent(by)
    if by == "link":
        if service is not None and not service.takes_links:
            raise RefusedError("this service takes no links", "no_links")
        known = _links(session, referral)
        token = service_links.make(session, referral, once=once)
        _note(session, referral, by, staff_id, again=_links(session, referral) == known)
        return Sent(by, link=service_links.address(settings, token))
    to, in_full = _reader(service, contact)
    origin = f"{SENT_OUT}{referral.id}:{once}"
    message = _message(session, settings, referral, service, to, in_full=in_full, once=once)
    made = queue.enqueue(session, message, origin=origin, referral_id=referral.id)
    _note(session, referral, by, staff_id, again=made is None)
    return Sent(by, to=to)


def delivery(session: Session, referral: Referral) -> Delivery | None:
    """None when nothing was e-mailed."""
    row = queue.last_of(session, referral.id)
    if row is None:
        return None
    state = "queued" if row.state == "sending" else row.state
    return Delivery(
        state, row.content["to"], row.failure or "", row.sent_at, _can_go_again(row) and consents.holds(session, referral)
    )


def try_again(session: Session, referral: Referral, staff_id: int) -> bool:
    """Sends the e-mail that failed once more. False when there is none. Raises RefusedError as `send` does for the consent."""
    referrals.lock(session, referral)
    consents.check(session, referral)
    row = queue.last_of(session, referral.id)
    if row is None or not queue.again(session, row):
        return False
    if referral.state == "sent" and row.origin.startswith(SENT_OUT):
        after_moves.ask_later(session, referral)
    audit.record(session, f"staff:{staff_id}", "referrals.send_again", f"referral:{referral.reference}")
    return True


def _reader(service: Service | None, contact: str) -> tuple[str, bool]:
    """Who gets the e-mail, and whether they have asked for the whole text."""
    in_full = service.referral_email if service else ""
    to = contact or in_full or (service.email if service else "")
    if not to:
        raise RefusedError("the service has no e-mail address", "no_email")
    to = address(to)
    is_agreed = bool(in_full) and to.lower() == in_full.lower()
    if not is_agreed and service is not None and not service.takes_links:
        raise RefusedError("this service takes no links", "no_links")
    return to, is_agreed


def _message(
    session: Session, settings: Settings, referral: Referral, service: Service | None, to: str, *, in_full: bool, once: str
) -> Message:
    parts, papers = [i18n.t("en", "service.mail.text", reference=referral.reference)], []
    if service is None or service.takes_links:
        parts.append(link_text(session, settings, referral, once=once))
    if in_full:
        papers = [referral_sheet.paper(snapshot.current(session), referral, settings)]
        parts.append(referral_sheet.text(papers[0]))
    subject = i18n.t("en", "service.mail.subject", reference=referral.reference)
    return Message(to=to, subject=subject, text="\n\n".join(parts), papers=papers, personal=True)


def link_text(session: Session, settings: Settings, referral: Referral, *, once: str = "") -> str:
    """A new link with what to do with it."""
    token = service_links.make(session, referral, once=once)
    link = service_links.known(session, token)
    assert link is not None
    until = i18n.date("en", link.expires_at.astimezone(LONDON).date())
    return i18n.t("en", "service.mail.link", link=service_links.address(settings, token), until=until)


def _links(session: Session, referral: Referral) -> int:
    return len(service_links.of_referral(session, referral.id))


def _note(session: Session, referral: Referral, by: str, staff_id: int, *, again: bool) -> None:
    """The move, or that it was sent once more. `again`: the same form has done it already."""
    if again:
        return
    if referral.state == "sent":
        session.add(CaseEvent(referral_id=referral.id, actor=f"staff:{staff_id}", was="sent", becomes="sent", why=by))
        referral.sent_at = referral.updated_at = now()
        after_moves.ask_later(session, referral)
    else:
        moving.move(session, referral, "sent", staff_id, by)
    referral.sent_by, referral.reminders, referral.reminded_at, referral.follow_ups = by, 0, None, 0
    referral.outcome = None
    audit.record(session, f"staff:{staff_id}", "referrals.send", f"referral:{referral.reference}", by)


def _can_go_again(row: Mail) -> bool:
    return row.state == "failed" and bool(row.content.get("text"))
