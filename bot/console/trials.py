"""Trials: a lead writes down what is planned before, and at the end what was learnt; the report is made from the database."""

from __future__ import annotations

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.console.fields import day, number_in_form, number_in_path, today
from bot.console.trial_words import TrialWords
from bot.console.visits import NotHereError, StaffVisit
from bot.errors import RefusedError
from bot.house import House
from bot.journeys import trials
from bot.journeys.models import Trial
from bot.numbers import export
from bot.numbers.period import Period, Scope
from bot.numbers.trial import build
from bot.staff.permissions import may
from bot.stories.reports import AgreedStories

EDIT = "trials.edit"


def listing(visit: StaffVisit) -> Response:
    return visit.page("trials.html", rows=trials.listed(visit.session), edits=may(visit.staff.role, EDIT))


def make(visit: StaffVisit) -> Response:
    try:
        first, last = day(visit.value("first")), day(visit.value("last"))
    except RefusedError as error:
        raise RefusedError(str(error), "trial_days") from error
    row = trials.make(visit.session, visit.value("name"), first, last)
    visit.record("trials.make", f"trial:{row.id}")
    return visit.go(f"/trials/{row.id}", done="trial_made")


def trial(visit: StaffVisit) -> Response:
    row = _trial(visit)
    return visit.page(
        "trial.html",
        trial=row,
        decisions=trials.DECISIONS,
        edits=may(visit.staff.role, EDIT),
        begun=today() >= row.first,
        most=trials.MOST_GOALS,
    )


def add_goal(visit: StaffVisit) -> Response:
    row = _trial(visit)
    goal = trials.add_goal(visit.session, row, visit.value("goal"), today())
    return _done(visit, row, "goal", "trial_goal", f"goal:{goal.id}")


def remove_goal(visit: StaffVisit) -> Response:
    row, number = _trial(visit), number_in_form(visit, "goal")
    if not trials.remove_goal(visit.session, row, number, today()):
        raise NotHereError
    return _done(visit, row, "goal_removed", "trial_goal_gone", f"goal:{number}")


def conclude(visit: StaffVisit) -> Response:
    row = _trial(visit)
    came = {goal.id: visit.value(f"came-{goal.id}") for goal in row.goals}
    trials.conclude(visit.session, row, came, visit.value("learnt"), visit.value("decision"), visit.value("why"))
    return _done(visit, row, "conclude", "trial_saved", visit.value("decision"))


def report(visit: StaffVisit) -> Response:
    row = _trial(visit)
    return visit.page("trial_report.html", 200, **words_of(visit.session, visit.house, _scope(row), row).values())


def report_pdf(visit: StaffVisit) -> Response:
    row = _trial(visit)
    visit.record("trials.export", f"trial:{row.id}", "pdf")
    body = words_of(visit.session, visit.house, _scope(row), row).as_pdf()
    return Response(body, media_type="application/pdf", headers=_attached(row, "pdf"))


def report_csv(visit: StaffVisit) -> Response:
    row = _trial(visit)
    visit.record("trials.export", f"trial:{row.id}", "csv")
    body = export.as_csv(words_of(visit.session, visit.house, _scope(row), row).lines())
    return Response(body, media_type="text/csv; charset=utf-8", headers=_attached(row, "csv"))


def words_of(session: Session, house: House, scope: Scope, row: Trial | None) -> TrialWords:
    """The report of these days, worded."""
    return TrialWords(session, build(session, house, scope, row, today(), AgreedStories()), house.settings.organisation)


def _scope(row: Trial) -> Scope:
    return Scope(Period(row.first, row.last))


def _attached(row: Trial, form: str) -> dict[str, str]:
    name = f"trial-{row.first.isoformat()}-{row.last.isoformat()}.{form}"
    return {"Content-Disposition": f'attachment; filename="{name}"'}


def _trial(visit: StaffVisit) -> Trial:
    row = visit.session.get(Trial, number_in_path(visit))
    if row is None:
        raise NotHereError
    return row


def _done(visit: StaffVisit, row: Trial, verb: str, done: str, why: str) -> Response:
    visit.record(f"trials.{verb}", f"trial:{row.id}", why)
    return visit.go(f"/trials/{row.id}", done=done)
