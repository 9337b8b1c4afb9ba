"""Setting a case aside until a time: it comes back by itself, or as soon as the person writes (bot/cases/handoffs.py)."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases import handoffs, notices
from bot.cases.models import Handoff
from bot.cases.states import HELD, OWED
from bot.db.base import now
from bot.errors import RefusedError

LONGEST = dt.timedelta(days=90)
AT_ONCE = 200


def snooze(session: Session, handoff: Handoff, staff_id: int, until: dt.datetime) -> bool:
    """By who holds it. False when it sleeps until then already. What was promised to the person is still due: targets go on.

    Raises RefusedError: not_yours, snooze_danger (somebody in danger waits for us), until (past, or too far off).
    """
    handoffs.lock(session, handoff)
    if handoff.state not in HELD or handoff.claimed_by != staff_id:
        raise RefusedError("only who holds a hand-off can set it aside", "not_yours")
    if handoff.urgency == "danger" and handoff.state in OWED:
        raise RefusedError("somebody who may be in danger waits for an answer", "snooze_danger")
    if not now() < until <= now() + LONGEST:
        raise RefusedError("choose a time in the next 90 days", "until")
    if handoff.snoozed_until == until:
        return False
    handoff.snoozed_until = until
    handoffs.note(session, handoff, f"staff:{staff_id}", "snoozed", until.isoformat(timespec="minutes"))
    return True


def wake(session: Session, handoff: Handoff, staff_id: int) -> bool:
    """Before its time. False when it is awake. Raises RefusedError: not_yours."""
    handoffs.lock(session, handoff)
    if handoff.snoozed_until is None:
        return False
    if handoff.claimed_by != staff_id:
        raise RefusedError("only who holds a hand-off can take it back", "not_yours")
    handoff.snoozed_until = None
    handoffs.note(session, handoff, f"staff:{staff_id}", "woken")
    return True


def due(session: Session) -> int:
    """For the clock: those whose time has come, told to who holds them. Nothing goes out (0)."""
    over = select(Handoff).where(Handoff.snoozed_until <= now()).order_by(Handoff.snoozed_until).limit(AT_ONCE)
    for handoff in session.scalars(over.with_for_update(skip_locked=True)):
        handoff.snoozed_until = None
        if handoff.state in HELD and handoff.claimed_by is not None:
            notices.tell(session, [handoff.claimed_by], "woken", f"handoff:{handoff.reference}")
            handoffs.note(session, handoff, "bot", "woken")
    return 0
