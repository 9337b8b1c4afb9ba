"""What of the knowledge needs care, as one list: who takes it, until when it rests, that it is done."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from bot.cases.hours import LONDON
from bot.cases.summary import language_name
from bot.console import rendering
from bot.console.fields import day, number_in_form, number_in_path, today
from bot.console.visits import NotHereError, StaffVisit
from bot.db.base import now
from bot.upkeep import jobs, links, queue
from bot.upkeep.found import KINDS
from bot.upkeep.models import Finding, Job
from bot.upkeep.worker import LOOKING

SNOOZE_DAYS = (7, 30, 90)
WAKES_AT = dt.time(8)


def listing(visit: StaffVisit) -> Response:
    show = visit.query("show") if visit.query("show") in queue.SHOWS else queue.SHOWS[0]
    kind = visit.query("kind") if visit.query("kind") in KINDS else ""
    number = visit.number("page") or 1
    rows, total = queue.listed(visit.session, show, visit.staff.id, kind, number)
    job = visit.session.get(Job, LOOKING)
    return visit.page(
        "upkeep.html",
        show=show,
        shows=queue.SHOWS,
        kind=kind,
        kinds=KINDS,
        rows=rows,
        total=total,
        number=number,
        last=max(1, -(-total // queue.PAGE)),
        counts=queue.counts(visit.session, visit.staff.id),
        said=_said,
        edit=_edit,
        colleagues={staff.id: staff.name for staff in queue.assignees(visit.session)},
        histories={row.id: links.history(visit.session, row.says["url"], 10) for row in rows if row.kind == "dead_link"},
        snoozes=[(days, (today() + dt.timedelta(days=days)).isoformat()) for days in SNOOZE_DAYS],
        job=job,
        runs=jobs.is_running(job) or (job is not None and job.due_at <= now()),
    )


def look(visit: StaffVisit) -> Response:
    """The list is made anew in the background."""
    jobs.ask(visit.session, LOOKING)
    visit.record("upkeep.look", "upkeep:list")
    return visit.go("/upkeep", done="upkeep_look")


def assign(visit: StaffVisit) -> Response:
    row = _row(visit)
    queue.assign(visit.session, row, number_in_form(visit, "staff") if visit.value("staff") else None)
    return _done(visit, row, "assign", f"staff:{row.assigned_to}" if row.assigned_to else "nobody")


def snooze(visit: StaffVisit) -> Response:
    row, until = _row(visit), day(visit.value("until"))
    queue.snooze(row, dt.datetime.combine(until, WAKES_AT, LONDON))
    return _done(visit, row, "snooze", until.isoformat())


def done(visit: StaffVisit) -> Response:
    row = _row(visit)
    queue.done(row)
    return _done(visit, row, "done")


def again(visit: StaffVisit) -> Response:
    row = _row(visit)
    queue.again(row)
    return _done(visit, row, "again")


def _row(visit: StaffVisit) -> Finding:
    found = queue.find(visit.session, number_in_path(visit))
    if found is None:  # mended meanwhile
        raise NotHereError
    return found


def _done(visit: StaffVisit, row: Finding, verb: str, why: str = "") -> Response:
    visit.record(f"upkeep.{verb}", f"{row.entry_kind}:{row.key}", " ".join(part for part in (row.kind, why) if part))
    back = {name: visit.value(name) for name in ("show", "kind") if visit.value(name)}
    return visit.go("/upkeep", **back, done=f"upkeep_{verb}")


def _said(row: Finding) -> str:
    """The finding as a sentence; what stands in it runs in its own direction, and the sentence in the page's."""
    values = dict(row.says)
    if "day" in values:
        values["day"] = rendering.day(values["day"])
    if "language" in values:
        values["language"] = language_name(values["language"])
    if row.kind == "dead_link":
        values["result"] = rendering.t_or("console.upkeep.link.", values["result"].partition(" ")[0])
    if row.kind == "reported":
        values["what"] = rendering.t_or("console.upkeep.reported.", values["what"])
    isolated: dict[str, Any] = {name: f"\u2068{value}\u2069" for name, value in values.items()}
    return rendering.t(f"console.upkeep.says.{row.kind}", **isolated)


def _edit(row: Finding) -> str:
    """Where it can be put right."""
    path = f"/console/knowledge/{quote(row.entry_kind)}/{quote(row.key)}"
    language = row.says.get("language", "en")
    return path if row.kind == "duplicate" or language == "en" else f"{path}?language={quote(language)}"
