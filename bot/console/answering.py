"""What goes to the person: answers, by hand, ready-made or translated; what is attached, asked and scheduled."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.responses import Response

from bot.cases import answering, canned, conversation, following, referrals, scheduling
from bot.cases.hours import moment
from bot.cases.models import Handoff
from bot.console import case_page, composing
from bot.console.cases import changing, done
from bot.console.fields import number_in_form
from bot.console.visits import NotHereError, StaffVisit
from bot.conversation import attaching
from bot.errors import RefusedError
from bot.replies import Button
from bot.translation import asking, drafts


def answer(visit: StaffVisit) -> Response:
    """Sends what stands in the box: as it is, with buttons, later, or the translation that was looked at.

    Raises RefusedError also: newer (the person has written something that the page did not show).
    """
    handoff = changing(visit)
    _check_seen(visit, handoff)
    mine, rows = visit.staff.id, _buttons(visit, handoff)
    awaits = bool(rows) or bool(visit.value("awaits"))
    if token := visit.value("draft"):
        due = composing.later(visit)
        if visit.value("changed") and drafts.change(visit.session, handoff, mine, token, visit.value("changed")).token != token:
            return done(visit, handoff, "translating")  # nothing goes out whose way back nobody has seen
        drafts.send(visit.session, handoff, mine, token, once=visit.once, awaits=awaits, rows=rows, due_at=due)
        return done(visit, handoff, "answered", "translated") if due is None else done(visit, handoff, "scheduled")
    language = visit.value("language") if visit.value("language") == "en" else None
    if (due := composing.later(visit)) is not None:
        words = answering.prepared(visit.session, handoff, visit.value("text"), language=language)
        scheduling.schedule(visit.session, handoff, mine, words, due, once=visit.once)
        return done(visit, handoff, "scheduled")
    answering.reply(
        visit.session, handoff, mine, visit.value("text"), once=visit.once, language=language, awaits=awaits, rows=rows
    )
    return done(visit, handoff, "answered")


def translate(visit: StaffVisit) -> Response:
    """Wishes for a translation of what stands in the box; the page shows it when it is there."""
    handoff = changing(visit)
    drafts.ask(visit.session, handoff, visit.staff.id, visit.value("text"), visit.house.settings.translating)
    return done(visit, handoff, "translating")


def redraft(visit: StaffVisit) -> Response:
    """The translation as it was changed by hand; the page shows it again when its way back is there."""
    handoff = changing(visit)
    drafts.change(visit.session, handoff, visit.staff.id, visit.value("draft"), visit.value("changed"))
    return done(visit, handoff, "translating")


def discard(visit: StaffVisit) -> Response:
    """Back to the own words."""
    handoff = changing(visit)
    drafts.discard(visit.session, handoff, visit.staff.id)
    visit.record("cases.discarded", f"handoff:{handoff.reference}")
    return case_page.page_of(visit, handoff, text=visit.value("original"), language="en")


def ask_translation(visit: StaffVisit) -> Response:
    """Asks the person whether a machine outside may read along."""
    handoff = changing(visit)
    asking.ask(visit.session, handoff, visit.staff.id, machine=visit.house.settings.translating, once=visit.once)
    return done(visit, handoff, "asked_translation")


def fill(visit: StaffVisit) -> Response:
    """A ready-made reply, put into the box in the person's language."""
    handoff = changing(visit)
    at = moment(visit.value("at")) if visit.value("at").strip() else None
    referral = next(
        (r for r in referrals.of_person(visit.session, handoff.person_id) if r.reference == visit.value("referral")), None
    )
    values = canned.values_for(visit.session, handoff, referral, at, visit.value("link").strip())
    filled = canned.fill(visit.session, handoff, visit.value("reply"), values)
    visit.record("cases.filled", f"handoff:{handoff.reference}")
    return case_page.page_of(visit, handoff, text=filled.whole, language="en" if filled.language == "en" else "")


def preview(visit: StaffVisit) -> Response:
    """What an attachment would look like to the person."""
    handoff = changing(visit)
    kind, key = _what(visit)
    made = attaching.made(visit.session, handoff.chat_id, kind, key, hours=visit.house.hours, need=handoff.need or "")
    visit.record("cases.previewed", f"handoff:{handoff.reference}")
    return case_page.page_of(visit, handoff, preview=made)


def attach(visit: StaffVisit) -> Response:
    handoff = changing(visit)
    _check_seen(visit, handoff)
    kind, key = _what(visit)
    answering.attach(
        visit.session,
        handoff,
        visit.staff.id,
        kind,
        key,
        hours=visit.house.hours,
        once=visit.once,
        need=handoff.need or "",
    )
    return done(visit, handoff, "attached", kind)


def refer(visit: StaffVisit) -> Response:
    """Prepares a referral and asks the person whether the service may be told."""
    handoff = changing(visit)
    service, need = visit.value("service"), visit.value("need")
    if not service or not need:
        raise RefusedError("choose a service and a need", "service_need")
    answering.attach(
        visit.session,
        handoff,
        visit.staff.id,
        "consent",
        service,
        hours=visit.house.hours,
        once=visit.once,
        need=need,
    )
    row = referrals.draft(visit.session, handoff, visit.staff.id, service=service, need=need)
    visit.record("referrals.drafted", f"referral:{row.reference}")
    return done(visit, handoff, "referred")


def retry(visit: StaffVisit) -> Response:
    handoff = changing(visit)
    conversation.retry(visit.session, handoff, visit.staff.id, number_in_form(visit, "message"))
    return done(visit, handoff, "retried")


def unschedule(visit: StaffVisit) -> Response:
    handoff = changing(visit)
    if not scheduling.cancel(visit.session, handoff, visit.staff.id, number_in_form(visit, "message")):
        raise RefusedError("it has gone out, or was taken back before", "sent_already")
    return done(visit, handoff, "unscheduled")


def _check_seen(visit: StaffVisit, handoff: Handoff) -> None:
    seen = visit.value("seen")
    if following.newest_said(visit.session, handoff.person_id) > (int(seen) if seen.isdecimal() and len(seen) < 18 else 0):
        raise RefusedError("the person has written something since this page was made", "newer")


def _buttons(visit: StaffVisit, handoff: Handoff) -> Sequence[list[Button]]:
    if visit.value("ask") == "document":
        return answering.document_buttons(visit.session, handoff)
    if visit.value("ask") == "time":
        return answering.time_buttons(visit.session, handoff, composing.times(visit))
    return ()


def _what(visit: StaffVisit) -> tuple[str, str]:
    kind, _, key = visit.value("what").partition(":")
    if kind not in attaching.KINDS or kind == "consent":
        raise NotHereError
    return kind, key
