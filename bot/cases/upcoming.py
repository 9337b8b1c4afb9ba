"""What the rules of keeping will close and delete in the days to come, for whoever may see it: before it happens."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.cases import queues, retention
from bot.cases.models import CaseEvent, CaseNote, Handoff, Referral
from bot.cases.retention import CLOSES_SOON, DELETED_SOON, WARNING, Rules
from bot.cases.states import REFERRAL_ENDED
from bot.db.base import now
from bot.people.models import Person

MOST = 200  # of each kind


@dataclass(frozen=True)
class Upcoming:
    """`what`: close, delete. `on`: when at the soonest, in UTC. `language`: the person's."""

    what: Literal["close", "delete"]
    kind: Literal["handoff", "referral"]
    reference: str
    language: str
    on: dt.datetime


def upcoming(
    session: Session, rules: Rules, staff_id: int, role: str, *, days: int = 14, at: dt.datetime | None = None
) -> list[Upcoming]:
    """The soonest first, of the cases that they may know of. Anybody who writes or acts on a case takes it off the list."""
    at = at or now()
    until = at + dt.timedelta(days)
    closing, deleting = dt.timedelta(rules.close), dt.timedelta(rules.delete)
    visible = queues.visible_to(session, staff_id, role)
    found = []
    for case, seen, noted, told in session.execute(
        _with_notice(CLOSES_SOON, Handoff.updated_at, _NOTED)
        .where(visible, *retention.silent(until - closing, until))
        .order_by(Handoff.updated_at)
    ):
        since = max(_known(case.updated_at, seen, noted))
        found.append(Upcoming("close", "handoff", case.reference, case.language, _on(since + closing, told, at)))
    for case, _, told in session.execute(
        _with_notice(DELETED_SOON, Handoff.closed_at)
        .where(visible, *retention.closed(until - deleting))
        .order_by(Handoff.closed_at)
    ):
        found.append(Upcoming("delete", "handoff", case.reference, case.language, _on(case.closed_at + deleting, told, at)))
    found += _referrals(session, staff_id, role, until, deleting, at)
    return sorted((one for one in found if one.on <= until), key=lambda one: one.on)


_NOTED = select(func.max(CaseNote.at)).where(CaseNote.handoff_id == Handoff.id).scalar_subquery()


def _with_notice(kind: str, since: Any, *more: Any) -> Any:
    notice = select(func.min(CaseEvent.at)).where(
        CaseEvent.handoff_id == Handoff.id, CaseEvent.becomes == kind, CaseEvent.at >= since
    )
    columns = (Handoff, Person.last_seen_at, *more, notice.scalar_subquery())
    return select(*columns).join(Person, Person.id == Handoff.person_id).limit(MOST)


def _on(due: dt.datetime, told: dt.datetime | None, at: dt.datetime) -> dt.datetime:
    """Not sooner than a notice's time after the notice."""
    return max(due, (told or max(at, due - WARNING)) + WARNING)


def _known(*times: dt.datetime | None) -> list[dt.datetime]:
    return [time for time in times if time is not None]


def _referrals(
    session: Session, staff_id: int, role: str, until: dt.datetime, deleting: dt.timedelta, at: dt.datetime
) -> list[Upcoming]:
    visible = queues.visible_to(session, staff_id, role, Referral)
    query = select(Referral, Person.language).join(Person, Person.id == Referral.person_id)
    query = query.where(visible, *retention.ended(until - deleting, until)).order_by(Referral.updated_at).limit(MOST)
    found = []
    for row, language in session.execute(query):
        over = row.updated_at if row.state in REFERRAL_ENDED else max(row.updated_at, row.consent_until)
        on = max(_known(over + deleting, row.follow_up_at, at))
        found.append(Upcoming("delete", "referral", row.reference, language, on))
    return found
