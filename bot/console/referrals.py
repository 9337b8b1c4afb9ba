"""Referrals: what services were asked, how far it is, and the next move."""

from __future__ import annotations

from starlette.responses import Response

from bot.cases import moving
from bot.cases.models import Referral
from bot.console.visits import NotHereError, StaffVisit
from bot.knowledge import snapshot
from bot.people.models import Chat


def listing(visit: StaffVisit) -> Response:
    ended = visit.query("show") == "ended"
    visit.record("referrals.list", "referrals:ended" if ended else "referrals:open")
    return visit.page(
        "referrals.html",
        rows=moving.listed(visit.session, ended=ended),
        ended=ended,
        services=snapshot.current(visit.session).services,
        is_over=moving.is_over,
    )


def referral(visit: StaffVisit) -> Response:
    row = _referral(visit)
    chat = visit.session.get_one(Chat, row.chat_id)
    visit.record("referrals.read", f"referral:{row.reference}")
    return visit.page(
        "referral.html",
        row=row,
        language=chat.person.language,
        channel=chat.channel,
        service=snapshot.current(visit.session).services.get(row.service),
        onward=moving.onward(row),
        over=moving.is_over(row),
        events=moving.events(visit.session, referral_id=row.id),
    )


def move(visit: StaffVisit) -> Response:
    row = _referral(visit, to_change=True)
    moving.move(visit.session, row, visit.value("becomes"), visit.staff.id, visit.value("why"))
    visit.record("referrals.move", f"referral:{row.reference}", row.state)
    return visit.go(f"/referrals/{row.reference}", done="moved")


def _referral(visit: StaffVisit, *, to_change: bool = False) -> Referral:
    found = moving.find(visit.session, visit.part("reference"), to_change=to_change)
    if found is None:
        raise NotHereError
    return found
