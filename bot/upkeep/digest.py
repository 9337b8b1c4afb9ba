"""Once a week by e-mail: how much needs care, for those who wish it. Counts and a link, so it may lie in any mailbox."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import i18n
from bot.cases.hours import LONDON
from bot.db.base import now
from bot.knowledge import drafts
from bot.mail import queue as mails
from bot.mail.message import Message
from bot.staff import wishes
from bot.staff.absences import is_away
from bot.staff.models import Staff
from bot.staff.permissions import may
from bot.upkeep import jobs, queue

JOB = "digest"
WEEKDAY, BEGINS, ENDS = 0, dt.time(9), dt.time(18)  # Monday; later in the week, in these hours, when nothing ran on Monday
LEASE = dt.timedelta(minutes=5)
PAGE, DRAFTS = "/console/upkeep", "/console/knowledge/drafts"


def due(session: Session, public_url: str, at: dt.datetime | None = None) -> int:
    """For the clock: in one transaction all mails of the week are queued and the next week is noted. Nothing goes to people (0).

    Each mail's origin names reader and week, so that no reader gets a second one whatever is killed or set back.
    """
    at = at or now()
    local = at.astimezone(LONDON)
    if not BEGINS <= local.time() < ENDS or not jobs.claim(session, JOB, LEASE, at):
        return 0
    for staff in session.scalars(select(Staff).where(Staff.disabled_at.is_(None)).order_by(Staff.id)).all():
        wanted = wishes.of(staff)["digest"] and may(staff.role, queue.PERMISSION)
        if wanted and staff.email and not is_away(session, staff.id, local.date()):
            _write(session, staff, public_url, local)
    jobs.end(session, JOB, _next_week(local), at=at)
    return 0


def _write(session: Session, staff: Staff, public_url: str, local: dt.datetime) -> None:
    counts = queue.counts(session, staff.id, local)
    total = counts.shows["open"]
    reviews = drafts.waiting(session) if may(staff.role, "knowledge.publish") else 0
    if not total and not reviews:
        return  # nothing to do is no news
    lines = [f"- {i18n.t('en', f'console.upkeep.kind.{kind}')}: {times}" for kind, times in counts.kinds.items()]
    mine = [i18n.t("en", "console.upkeep.digest.mine", count=counts.shows["mine"])] if counts.shows["mine"] else []
    if reviews:
        mine.append(i18n.t("en", "console.upkeep.digest.reviews", count=reviews) + f"\n{public_url}{DRAFTS}")
    why = i18n.t("en", "console.upkeep.digest.why", link=f"{public_url}/console/account")
    parts = [i18n.t("en", "console.upkeep.digest.text"), "\n".join(lines), *mine, f"{public_url}{PAGE}", why]
    subject = i18n.t("en", "console.upkeep.digest.subject", count=total + reviews)
    year, week, _ = local.isocalendar()
    message = Message(to=str(staff.email), subject=subject, text="\n\n".join(part for part in parts if part))
    mails.enqueue(session, message, origin=f"upkeep:{staff.id}:{year}-W{week:02}")


def _next_week(local: dt.datetime) -> dt.datetime:
    monday = local.date() - dt.timedelta(days=local.weekday()) + dt.timedelta(days=7 + WEEKDAY)
    return dt.datetime.combine(monday, BEGINS, LONDON)
