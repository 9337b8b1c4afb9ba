"""Services that had no place too often: search puts them last, and admins are told once.

Counted are answers to referrals, by the person or by the service itself, the last one of each referral. A service sinks when within
DAYS at least LEAST of them were "no place" or "could not reach them", and these are more than half; it rises again by itself.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.cases import crew, notices
from bot.cases.models import CaseEvent, Referral, ServiceFlag
from bot.db.base import now
from bot.db.session import has_one_writer

DAYS = 60
LEAST = 3
NO_HELP = ("no_place", "could_not_reach")
OTHERS = ("got_help", "not_for_me", "accepted", "waiting_list", "not_eligible", "not_our_area")
ACTORS = ("person", "service")
LOOK_AGAIN = dt.timedelta(days=1)


def sinking(session: Session) -> frozenset[str]:
    """The keys of the services that search puts last."""
    return frozenset(session.scalars(select(ServiceFlag.service)))


def flagged(session: Session) -> list[ServiceFlag]:
    """Those that sink now, with the counts, the latest first."""
    return list(session.scalars(select(ServiceFlag).order_by(ServiceFlag.since.desc(), ServiceFlag.service)))


def look(session: Session, service: str, at: dt.datetime | None = None) -> None:
    """Counts anew, in the transaction of an answer. Tells the admins when it begins to sink."""
    at = at or now()
    no_help, answers = count(session, service, at)
    if no_help < LEAST or no_help * 2 <= answers:
        session.execute(delete(ServiceFlag).where(ServiceFlag.service == service))
        return
    flag = session.get(ServiceFlag, service)
    if flag is None and _begin(session, service, no_help, answers, at):
        notices.tell(session, crew.ids(session, None, ("admin",)), "service_sinks", f"service:{service}")
    elif flag is not None:
        flag.no_place, flag.answers, flag.looked_at = no_help, answers, at


def count(session: Session, service: str, at: dt.datetime) -> tuple[int, int]:
    """(no place or could not be reached, all answers) of the last DAYS."""
    answers = (
        select(CaseEvent.referral_id, CaseEvent.why)
        .join(Referral, Referral.id == CaseEvent.referral_id)
        .where(Referral.service == service, CaseEvent.at > at - dt.timedelta(days=DAYS))
        .where(CaseEvent.actor.in_(ACTORS), CaseEvent.why.in_((*NO_HELP, *OTHERS)))
        .order_by(CaseEvent.id)
    )
    last = {row.referral_id: row.why for row in session.execute(answers)}
    return sum(why in NO_HELP for why in last.values()), len(last)


def due(session: Session, at: dt.datetime | None = None) -> None:
    """For the clock: looks once a day at those that sink, because old answers stop counting."""
    at = at or now()
    old = select(ServiceFlag.service).where(ServiceFlag.looked_at <= at - LOOK_AGAIN).with_for_update(skip_locked=True)
    for service in list(session.scalars(old)):
        look(session, service, at)


def _begin(session: Session, service: str, no_help: int, answers: int, at: dt.datetime) -> bool:
    """False when another answer, a moment ago, has begun it."""
    insert = sqlite.insert if has_one_writer(session) else postgresql.insert
    values = {"service": service, "no_place": no_help, "answers": answers, "since": at, "looked_at": at}
    made = insert(ServiceFlag).values(values).on_conflict_do_nothing().returning(ServiceFlag.service)
    return session.execute(made).scalar() is not None
