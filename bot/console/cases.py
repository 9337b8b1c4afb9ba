"""Hand-offs: the queue, and one case with everything that can be done with it."""

from __future__ import annotations

from starlette.responses import Response

from bot.cases import answering, conversation, handoffs, moving, queues
from bot.cases.models import Handoff
from bot.cases.states import HELD, WAITING
from bot.cases.summary import summary
from bot.console.visits import NotHereError, StaffVisit


def queue(visit: StaffVisit) -> Response:
    show = visit.query("show") or "waiting"
    if show not in queues.SHOWN:
        raise NotHereError
    number = visit.number("page") or 1
    page = queues.listed(visit.session, queues.Filters(show=show), visit.staff.id, visit.staff.role, visit.query("after"))
    visit.record("cases.list", f"queue:{show}")
    return visit.page(
        "queue.html",
        show=show,
        shown=queues.SHOWN,
        rows=page.rows,
        counts=queues.counts(visit.session, visit.staff.id, visit.staff.role),
        number=number,
        after=page.after,
    )


def case(visit: StaffVisit) -> Response:
    handoff = _handoff(visit)
    before = visit.number("before")
    lines = conversation.messages(visit.session, handoff.person_id, before=before)
    visit.record("cases.read", f"handoff:{handoff.reference}")
    return visit.page(
        "case.html",
        handoff=handoff,
        summary=summary(visit.session, handoff),
        lines=lines,
        older=lines[0].id if len(lines) == conversation.PAGE else None,
        earlier=before is not None,
        events=moving.events(visit.session, handoff_id=handoff.id),
        mine=handoff.claimed_by == visit.staff.id and handoff.state in HELD,
        waiting=handoff.state in WAITING,
        outcomes=answering.OUTCOMES,
        longest=answering.LONGEST,
    )


def claim(visit: StaffVisit) -> Response:
    handoff = _handoff(visit, to_change=True)
    answering.claim(visit.session, handoff, visit.staff.id)
    return _done(visit, handoff, "claimed")


def answer(visit: StaffVisit) -> Response:
    handoff = _handoff(visit, to_change=True)
    answering.reply(visit.session, handoff, visit.staff.id, visit.value("text"), once=visit.once)
    return _done(visit, handoff, "answered")


def give_back(visit: StaffVisit) -> Response:
    handoff = _handoff(visit, to_change=True)
    answering.give_back(visit.session, handoff, visit.staff.id, visit.value("why")[:200])
    return _done(visit, handoff, "given_back")


def close(visit: StaffVisit) -> Response:
    handoff = _handoff(visit, to_change=True)
    answering.close(visit.session, handoff, visit.staff.id, visit.value("outcome"))
    return _done(visit, handoff, "closed")


def _handoff(visit: StaffVisit, *, to_change: bool = False) -> Handoff:
    found = queues.find(visit.session, visit.part("reference"), visit.staff.id, visit.staff.role)
    if found is None:
        raise NotHereError
    if to_change:
        handoffs.lock(visit.session, found)
    return found


def _done(visit: StaffVisit, handoff: Handoff, what: str) -> Response:
    visit.record(f"cases.{what}", f"handoff:{handoff.reference}")
    return visit.go(f"/cases/{handoff.reference}", done=what)
