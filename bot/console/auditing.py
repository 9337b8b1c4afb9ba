"""The audit for the auditor: who did and saw what, filtered, page by page, or as a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from urllib.parse import urlencode

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.responses import Response, StreamingResponse

from bot.cases.hours import LONDON
from bot.console.fields import day, today
from bot.console.rendering import t_or
from bot.console.visits import StaffVisit
from bot.staff import audit_log
from bot.staff.models import Staff

FIELDS = ("actor", "verb", "object", "since", "until")
LONGEST = 100  # letters of a filter


def log(visit: StaffVisit) -> Response:
    given, before = _given(visit), visit.number("before")
    rows = audit_log.page(visit.session, wanted(given), before=before)
    visit.record("audit.read", "audit:log", urlencode(given))
    return visit.page(
        "audit.html",
        rows=rows,
        given={name: given.get(name, "") for name in FIELDS},
        colleagues=list(visit.session.scalars(select(Staff).order_by(Staff.name))),
        query=urlencode(given),
        moment=_moment,
        newer=before is not None,
        older=rows[-1].id if len(rows) == audit_log.PAGE else None,
    )


def export(visit: StaffVisit) -> Response:
    """CSV of everything that the filter names, written while it is read."""
    given = _given(visit)
    name_of = _names(visit.session)
    visit.record("audit.export", "audit:csv", urlencode(given))
    engine = visit.house.database.execution_options(reader=True)

    def lines() -> Iterator[str]:
        with Session(engine) as session:
            yield from audit_log.as_csv(audit_log.matching(session, wanted(given)), name_of)

    headers = {"Content-Disposition": f'attachment; filename="audit-{today().isoformat()}.csv"'}
    return StreamingResponse(lines(), media_type="text/csv; charset=utf-8", headers=headers)


def wanted(given: dict[str, str]) -> audit_log.Wanted:
    """Days are London's; the last one is included. Raises RefusedError (days)."""
    since = _midnight(day(given["since"])) if "since" in given else None
    until = _midnight(day(given["until"]) + dt.timedelta(days=1)) if "until" in given else None
    return audit_log.Wanted(given.get("actor", ""), given.get("verb", ""), given.get("object", ""), since, until)


def _given(visit: StaffVisit) -> dict[str, str]:
    found = {name: visit.query(name).strip()[:LONGEST] for name in FIELDS}
    return {name: value for name, value in found.items() if value}


def _moment(at: dt.datetime) -> str:
    """To the second, in a form that sorts: an auditor compares."""
    return at.astimezone(LONDON).strftime("%Y-%m-%d %H:%M:%S")


def _midnight(value: dt.date) -> dt.datetime:
    return dt.datetime.combine(value, dt.time(), LONDON)


def _names(session: Session) -> audit_log.NameOf:
    names = {f"staff:{row.id}": f"{row.name} ({row.login})" for row in session.scalars(select(Staff))}
    return lambda actor: names.get(actor) or t_or("console.actor.", actor.partition(":")[0])
