"""One case with everything somebody must know before they write, what was said, and all that can be done about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from starlette.responses import Response

from bot.cases import (
    answering,
    conversation,
    crew,
    filtering,
    following,
    holds,
    moving,
    notes,
    notice_board,
    queues,
    scheduling,
    showing,
    tags,
)
from bot.cases.conversation import Line
from bot.cases.handoffs import NEEDS
from bot.cases.hours import LONDON
from bot.cases.models import Handoff
from bot.cases.states import HELD, WAITING
from bot.cases.summary import Summary, summary
from bot.console import composing, history, recordings, snoozes, talents
from bot.console.marking import marker
from bot.console.visits import NotHereError, StaffVisit, is_by_itself
from bot.db.base import now
from bot.journeys import outcomes
from bot.journeys.english import LEVELS
from bot.replies import Reply
from bot.staff import absences, teams
from bot.staff.models import Staff, Team
from bot.staff.permissions import may
from bot.translation import drafts, storing

READ = "cases.read"


@dataclass(frozen=True)
class Somebody:
    """To whom a case can be given, and whom a note can name. `away`: today."""

    id: int
    login: str
    name: str
    away: bool


def case(visit: StaffVisit) -> Response:
    return page_of(visit, found(visit))


def of_recording(visit: StaffVisit) -> Response:
    """The page of the case that a voice message or video belongs to."""
    return page_of(visit, recordings.case_of(visit))


def masked(visit: StaffVisit) -> Response:
    """The same page for an auditor: what was done, by whom and when; every word of a person as its shape."""
    return page_of(visit, found(visit))


def found(visit: StaffVisit) -> Handoff:
    """The case of this address. Raises NotHereError for one that is none, and for another team's alike."""
    handoff = queues.find(visit.session, visit.reference, visit.staff.id, visit.staff.role)
    if handoff is None:
        raise NotHereError
    return handoff


def page_of(visit: StaffVisit, handoff: Handoff, *, text: str = "", language: str = "", preview: Reply | None = None) -> Response:
    """`text`, `language`, `preview`: what to put into the answer box."""
    reads = may(visit.staff.role, READ)
    held = summary(visit.session, handoff)
    lines = conversation.messages(visit.session, handoff.person_id, before=visit.number("before"))
    english, missing = storing.for_case(visit.session, lines)
    mine = handoff.claimed_by == visit.staff.id and handoff.state in HELD and reads
    visit.record(
        READ if reads else "cases.read_masked", f"handoff:{handoff.reference}", "anew" if is_by_itself(visit.request) else ""
    )
    visit.note(lambda session: notice_board.see(session, visit.staff.id, f"handoff:{handoff.reference}"))
    tools = _tools(visit, handoff, held, text, language, preview) if mine else {}
    return visit.page(
        "case.html",
        handoff=handoff,
        summary=held if reads else _masked(held),
        lines=lines if reads else [_hidden(line) for line in lines],
        english={number: shown for number, shown in english.items() if reads},
        missing=missing if reads else [],
        recordings=recordings.shown(visit.session, handoff, lines) if reads else {},
        reason_english=storing.reason(visit.session, handoff) if reads else None,
        pieces=marker(held.words if reads else []),
        older=lines[0].id if len(lines) == conversation.PAGE else None,
        earlier=visit.number("before") is not None,
        newest=following.newest_said(visit.session, handoff.person_id),
        mark=mark(visit, handoff),
        events=history.told(visit, moving.events(visit.session, handoff_id=handoff.id)),
        base="/console/cases" if reads else "/console/masked",
        read=lambda words: showing.words(words, visit.staff.role),
        mine=mine,
        waiting=handoff.state in WAITING and reads,
        gives=reads and (mine or handoff.state in WAITING or (handoff.state in HELD and may(visit.staff.role, "cases.reassign"))),
        outcomes=answering.OUTCOMES,
        longest=answering.LONGEST,
        notes=notes.of(visit.session, handoff),
        tags=tags.of(visit.session, handoff),
        known_tags=filtering.known_tags(visit.session),
        people=_people(visit, handoff),
        teams=_teams(visit, handoff),
        hold=holds.active(visit.session, handoff.person_id),
        scheduled=[(row, scheduling.reply_of(row)) for row in scheduling.waiting(visit.session, handoff)] if reads else [],
        other=_other(visit, handoff),
        skills=talents.shown_on_case(visit.session, handoff.person_id) if reads else None,
        changed=outcomes.of(visit.session, handoff.person_id) if reads else None,
        outcome_kinds=outcomes.BY_STAFF,
        levels=LEVELS,
        **{"composer": None, "snoozes": [], "needs": [], "services": [], **tools},
    )


def mark(visit: StaffVisit, handoff: Handoff) -> str:
    """Another one whenever this page would look different to this colleague."""
    draft = drafts.of(visit.session, handoff, visit.staff.id)
    return f"{following.mark(visit.session, handoff)}.{draft.token[:6] + draft.state if draft else ''}"


def _tools(visit: StaffVisit, handoff: Handoff, held: Summary, text: str, language: str, preview: Reply | None) -> dict[str, Any]:
    return {
        "composer": composing.composer(visit, handoff, held.words, text=text, language=language, preview=preview),
        "snoozes": snoozes.offered(now()),
        "services": composing.services(visit),
        "needs": sorted(NEEDS),
    }


def _people(visit: StaffVisit, handoff: Handoff) -> list[Somebody]:
    today = now().astimezone(LONDON).date()
    rows = visit.session.scalars(select(Staff).where(Staff.id.in_(crew.ids(visit.session, handoff.team_id))).order_by(Staff.name))
    away = absences.away(visit.session, today)
    return [Somebody(row.id, row.login, row.name, row.id in away) for row in rows]


def _teams(visit: StaffVisit, handoff: Handoff) -> list[Team]:
    own = teams.team_ids_of(visit.session, visit.staff.id)
    everywhere = may(visit.staff.role, "cases.reassign")
    return [team for team in teams.listed(visit.session) if team.id != handoff.team_id and (everywhere or team.id in own)]


def _other(visit: StaffVisit, handoff: Handoff) -> Handoff | None:
    """The case that is to be joined with this one, as far as the form has named it."""
    name = visit.value("other").strip().upper()
    if not name or name == handoff.reference or not may(visit.staff.role, "cases.merge"):
        return None
    return queues.find(visit.session, name, visit.staff.id, visit.staff.role)


def _masked(held: Summary) -> Summary:
    return replace(
        held,
        asked=showing.masked(held.asked),
        reach="chat" if held.reach == "chat" else showing.masked(held.reach),
        words=[],
        said_last=[],
        plan=held.plan and replace(held.plan, profession=showing.masked(held.plan.profession)),
    )


def _hidden(line: Line) -> Line:
    return replace(line, text=showing.masked(line.text), english="")
