"""The moves of a case in words: who, what, when, and what belongs to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from bot.cases.models import CaseEvent
from bot.console.rendering import near, t_if, t_or
from bot.console.visits import StaffVisit
from bot.staff.models import Team

TIMED = ("snoozed", "scheduled", "unscheduled", "replied")  # moves whose detail can be a time


@dataclass(frozen=True)
class Told:
    at: dt.datetime
    actor: str
    what: str
    detail: str


def told(visit: StaffVisit, events: Iterable[CaseEvent]) -> list[Told]:
    """Newest first. A detail that somebody typed stays as it is; a code is worded."""
    return [Told(event.at, visit.actor(event.actor), _what(event), _detail(visit, event)) for event in events][::-1]


def _what(event: CaseEvent) -> str:
    return t_or("console.moved.", event.why if event.was is None and event.handoff_id else event.becomes)


def _detail(visit: StaffVisit, event: CaseEvent) -> str:
    why = event.why
    if not why or event.becomes == "consent_given" or (event.was is None and event.handoff_id):
        return ""
    kind, _, number = why.partition(":")
    if kind == "staff" and number.isdecimal():
        return visit.actor(why)
    if kind == "team" and number.isdecimal():
        team = visit.session.get(Team, int(number))
        return team.name if team else ""
    if event.becomes in TIMED and (at := _time(why)):
        return near(at)
    return t_if(f"console.detail.{why}") or t_or("console.outcome.", why)


def _time(text: str) -> dt.datetime | None:
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
