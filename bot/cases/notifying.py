"""Notices that reach somebody who is not at the console: by e-mail, and as lines for the team's chat. References, never words."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.orm import Session

from bot import i18n
from bot.cases import alerts, notice_board
from bot.cases.hours import LONDON
from bot.cases.models import Handoff, Notice, StaffAlert
from bot.cases.notice_board import About
from bot.cases.states import WAITING
from bot.cases.summary import language_name
from bot.db.base import now
from bot.mail import queue
from bot.mail.message import Message
from bot.staff import wishes
from bot.staff.absences import is_away
from bot.staff.models import Staff

AT_ONCE = ("danger", "escalated")  # kinds that do not wait for others
GRACE = dt.timedelta(minutes=2)  # whoever is at the console has seen it by then
APART = dt.timedelta(minutes=15)  # between two e-mails, unless one of AT_ONCE is in the second
OLDEST = dt.timedelta(days=1)
MOST = 50  # notices in one e-mail
CONSOLE = "/console"


def due(session: Session, public_url: str, *, has_chat: bool, at: dt.datetime | None = None) -> int:
    """For the clock. E-mails are written to their queue; nothing goes to people (0). `has_chat`: the team has one on Telegram."""
    at = at or now()
    alerts.clear(session)
    if not has_chat:
        session.execute(delete(StaffAlert))
    untold = exists().where(Notice.staff_id == Staff.id, *_untold(at))
    for staff in session.scalars(select(Staff).where(Staff.disabled_at.is_(None), untold).order_by(Staff.id)).all():
        if staff.email and wishes.of(staff)["email"] and not is_away(session, staff.id, at.astimezone(LONDON).date()):
            _write(session, staff, public_url, at)
    return 0


def line(session: Session, alert: StaffAlert, public_url: str) -> str | None:
    """The words for the team's chat; None when the case is gone, or somebody has taken it meanwhile."""
    kind, _, reference = alert.object.partition(":")
    row = session.scalar(select(Handoff).where(Handoff.reference == reference)) if kind == "handoff" else None
    if row is None or (alert.kind != "escalated" and row.state not in WAITING):
        return None
    about = About("handoff", row.reference, row.urgency, row.language)
    return f"{_named(alert.kind, about)}\n{_link(public_url, about)}"


def _untold(at: dt.datetime) -> tuple[ColumnElement[bool], ...]:
    return Notice.seen_at.is_(None), Notice.mailed_at.is_(None), Notice.at > at - OLDEST


def _write(session: Session, staff: Staff, public_url: str, at: dt.datetime) -> None:
    query = select(Notice).where(Notice.staff_id == staff.id, *_untold(at)).order_by(Notice.id).limit(MOST)
    rows = list(session.scalars(query.with_for_update(skip_locked=True)))
    if not rows or not (any(row.kind in AT_ONCE for row in rows) or _may_wait_no_longer(session, staff.id, rows, at)):
        return
    known = notice_board.about(session, rows, staff.id, staff.role)
    for row in rows:
        row.mailed_at = at
    told = list(dict.fromkeys((row.kind, row.object) for row in rows if row.object in known))
    if not told or not staff.email:
        return
    parts = [f"{_named(kind, known[object])}\n{_link(public_url, known[object])}".rstrip() for kind, object in told]
    first = _named(told[0][0], known[told[0][1]])
    subject = first if len(told) == 1 else i18n.t("en", "console.notice.mail.subject", count=len(told))
    text = "\n\n".join([*parts, i18n.t("en", "console.notice.mail.why", link=f"{public_url}{CONSOLE}/account")])
    queue.enqueue(session, Message(to=staff.email, subject=subject, text=text), origin=f"notices:{staff.id}:{rows[-1].id}")


def _may_wait_no_longer(session: Session, staff_id: int, rows: list[Notice], at: dt.datetime) -> bool:
    last = session.scalar(select(func.max(Notice.mailed_at)).where(Notice.staff_id == staff_id))
    return rows[0].at <= at - GRACE and (last is None or last <= at - APART)


def _named(kind: str, about: About) -> str:
    """ "Somebody waits: H-7K3M9, today, Arabic"."""
    parts = [about.name]
    if about.kind == "handoff":
        parts += [i18n.t("en", f"console.urgency.{about.urgency}"), language_name(about.language)]
    return i18n.t("en", "console.notice.line", what=i18n.t("en", f"console.notice.{kind}"), which=", ".join(parts))


def _link(public_url: str, about: About) -> str:
    return f"{public_url}{CONSOLE}{about.path}" if about.path else ""
