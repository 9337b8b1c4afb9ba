"""Referrals: what services were asked, how far it is, passing it on, and the next move."""

from __future__ import annotations

from dataclasses import asdict
from urllib.parse import urlencode

from sqlalchemy import select
from starlette.responses import Response

from bot.cases import (
    consents,
    crew,
    filtering,
    moving,
    notes,
    notice_board,
    phone_script,
    queues,
    referrals,
    sending_out,
    service_links,
)
from bot.cases.handoffs import NEEDS
from bot.cases.models import Handoff, Referral
from bot.cases.states import REFERRAL, REFERRAL_ENDED
from bot.cases.summary import language_name
from bot.console import history
from bot.console.visits import NotHereError, StaffVisit
from bot.errors import RefusedError
from bot.knowledge import snapshot
from bot.people.models import Chat
from bot.staff.models import Staff

PAGE = 50


def listing(visit: StaffVisit) -> Response:
    ended = visit.query("show") == "ended"
    wanted = {name: filtering.line(visit.query(name)) for name in ("state", "need", "service", "reference")}
    filters = moving.Filters(ended=ended, **wanted)
    number = visit.number("page") or 1
    visible = queues.visible_to(visit.session, visit.staff.id, visit.staff.role, Referral)
    rows = moving.listed(visit.session, filters, visible=visible, limit=PAGE + 1, offset=(number - 1) * PAGE)
    visit.record("referrals.list", "referrals:ended" if ended else "referrals:open")
    return visit.page(
        "referrals.html",
        rows=rows[:PAGE],
        more=len(rows) > PAGE,
        number=number,
        filters=filters,
        narrowed={name: value for name, value in wanted.items() if value},
        states=[state for state in REFERRAL if (state in REFERRAL_ENDED) == ended],
        needs=sorted(NEEDS),
        services=snapshot.current(visit.session).receivers,
        is_over=moving.is_over,
        address=_address,
    )


def referral(visit: StaffVisit) -> Response:
    return _page(visit, _found(visit))


def move(visit: StaffVisit) -> Response:
    row = _found(visit, to_change=True)
    moving.move(visit.session, row, visit.value("becomes"), visit.staff.id, visit.value("why"))
    visit.record("referrals.move", f"referral:{row.reference}", row.state)
    return visit.go(f"/referrals/{row.reference}", done="moved")


def send(visit: StaffVisit) -> Response:
    """By e-mail, by a link that is shown this once, or by telephone."""
    row = _found(visit)
    sent = sending_out.send(
        visit.session,
        visit.house.settings,
        row,
        by=visit.value("by"),
        staff_id=visit.staff.id,
        once=visit.once,
        contact=visit.value("contact").strip(),
    )
    if sent.link:
        return _page(visit, row, link=sent.link)
    return visit.go(f"/referrals/{row.reference}", done=f"sent_by_{sent.by}")


def send_again(visit: StaffVisit) -> Response:
    row = _found(visit)
    if not sending_out.try_again(visit.session, row, visit.staff.id):
        raise RefusedError("there is no e-mail that failed", "no_failed_mail")
    return visit.go(f"/referrals/{row.reference}", done="sent_by_email")


def note(visit: StaffVisit) -> Response:
    row = _found(visit)
    notes.add(visit.session, visit.staff.id, row, visit.value("note"), once=visit.once)
    visit.record("referrals.noted", f"referral:{row.reference}")
    return visit.go(f"/referrals/{row.reference}", done="noted")


def _page(visit: StaffVisit, row: Referral, link: str = "") -> Response:
    chat = visit.session.get_one(Chat, row.chat_id)
    knowledge = snapshot.current(visit.session)
    holds = consents.holds(visit.session, row)
    visit.record("referrals.read", f"referral:{row.reference}")
    visit.note(lambda session: notice_board.see(session, visit.staff.id, f"referral:{row.reference}"))
    service = knowledge.receivers.get(row.service)
    theirs = select(Handoff).where(
        Handoff.person_id == row.person_id, queues.visible_to(visit.session, visit.staff.id, visit.staff.role)
    )
    can_go = holds and ("sent" in REFERRAL[row.state] or row.state == "sent")
    return visit.page(
        "referral.html",
        row=row,
        language=language_name(chat.person.language),
        channel=chat.channel,
        service=service,
        who=knowledge.words("services", row.service, "who", "en").text,
        bring=knowledge.words("services", row.service, "bring", "en").text,
        how=knowledge.words("services", row.service, "how", "en").text,
        cases=list(visit.session.scalars(theirs.order_by(Handoff.id.desc()).limit(5))),
        consent=consents.of(visit.session, row),
        holds=holds,
        can_go=can_go,
        script=phone_script.script(knowledge, row, visit.house.settings) if can_go else None,
        delivery=sending_out.delivery(visit.session, row),
        links=service_links.of_referral(visit.session, row.id),
        link=link,
        onward=[state for state in moving.onward(row) if state != "sent"],
        over=moving.is_over(row),
        ended=row.state in REFERRAL_ENDED,
        notes=notes.of(visit.session, row),
        logins=_logins(visit, row),
        events=history.told(visit, moving.events(visit.session, referral_id=row.id)),
    )


def _logins(visit: StaffVisit, row: Referral) -> list[str]:
    """Whom a note can name."""
    others = Staff.id.in_(crew.ids(visit.session, row.team_id)) & (Staff.id != visit.staff.id)
    return list(visit.session.scalars(select(Staff.login).where(others).order_by(Staff.login)))


def _found(visit: StaffVisit, *, to_change: bool = False) -> Referral:
    """Raises NotHereError for one that is none, and for another team's alike."""
    visible = queues.visible_to(visit.session, visit.staff.id, visit.staff.role, Referral)
    row = visit.session.scalar(select(Referral).where(Referral.reference == visit.reference, visible))
    if row is None:
        raise NotHereError
    if to_change:
        referrals.lock(visit.session, row)
    return row


def _address(filters: moving.Filters, **changed: str) -> str:
    """The list's address with these filters, some of them changed."""
    wanted = {name: value for name, value in asdict(filters).items() if name != "ended"}
    wanted = {"show": "ended" if filters.ended else "", **wanted, **changed}
    return "/console/referrals?" + urlencode({name: value for name, value in wanted.items() if value})
