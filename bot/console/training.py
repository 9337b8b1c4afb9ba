"""Teaching: examples, test messages, training beside the conversation, the two models side by side, switching in and back."""

from __future__ import annotations

import datetime as dt
from typing import TypeVar

from sqlalchemy import select
from starlette.responses import Response

from bot.console.fields import number_in_path
from bot.console.visits import NotHereError, StaffVisit
from bot.db.base import now
from bot.training import examples, own_models, runs, trainer
from bot.training.models import Example, Listening, Probe, Run
from bot.training.serving import GONE_MINUTES
from engine.nlu.examples import INTENTS

T = TypeVar("T", Example, Probe, Run)


def overview(visit: StaffVisit) -> Response:
    seen = now() - dt.timedelta(minutes=GONE_MINUTES)
    in_use, kept = own_models.in_use(visit.session), own_models.kept(visit.session)
    return visit.page(
        "training.html",
        examples=examples.listed(visit.session),
        tests=examples.tests(visit.session),
        runs=runs.newest(visit.session),
        in_use=in_use,
        before=[row for row in kept if row.used_at and row.name != (in_use.name if in_use else "")],
        own={row.name: row for row in kept},
        processes=list(visit.session.scalars(select(Listening).where(Listening.seen_at > seen).order_by(Listening.id))),
        intents=INTENTS,
        languages=visit.house.settings.languages,
    )


def add_example(visit: StaffVisit) -> Response:
    settings, who = visit.house.settings, f"staff:{visit.staff.id}"
    given = {"language": visit.value("language"), "intent": visit.value("intent"), "text": visit.value("text"), "who": who}
    if visit.value("use") == "test":
        test = examples.add_test(visit.session, settings.languages, **given, must=bool(visit.value("must")))
        return _done(visit, "test", f"test:{test.id}", "asked_test")
    line = examples.add(visit.session, settings.root, settings.languages, **given)
    return _done(visit, "example", f"example:{line.id}", "asked_example")


def remove_example(visit: StaffVisit) -> Response:
    row = _row(visit, Example)
    visit.session.delete(row)
    return _done(visit, "remove", f"example:{row.id}", "training_removed")


def use_as_test(visit: StaffVisit) -> Response:
    row = _row(visit, Example)
    test = examples.use_as_test(visit.session, row, f"staff:{visit.staff.id}")
    return _done(visit, "test", f"test:{test.id}", "asked_test", f"example:{row.id}")


def remove_test(visit: StaffVisit) -> Response:
    row = _row(visit, Probe)
    visit.session.delete(row)
    return _done(visit, "remove", f"test:{row.id}", "training_removed")


def mark_test(visit: StaffVisit) -> Response:
    """Must be understood, or need not."""
    row = _row(visit, Probe)
    row.must = visit.value("must") == "yes"
    return _done(visit, "must", f"test:{row.id}", "training_marked", "yes" if row.must else "no")


def begin(visit: StaffVisit) -> Response:
    examples.require(visit.session)
    run = runs.begin(visit.session, f"staff:{visit.staff.id}")
    visit.record("training.begin", f"run:{run.id}")
    return visit.go(f"/training/runs/{run.id}", done="training_begun")


def run(visit: StaffVisit) -> Response:
    row = _row(visit, Run)
    in_use = own_models.wanted(visit.session).name
    return visit.page(
        "training_run.html",
        run=row,
        found=trainer.comparison(row),
        is_in_use=row.model is not None and row.model == in_use,
        steps=list(runs.STEPS),
    )


def stop(visit: StaffVisit) -> Response:
    row = _row(visit, Run)
    runs.stop(visit.session, row.id)
    visit.record("training.stop", f"run:{row.id}")
    return visit.go(f"/training/runs/{row.id}", done="training_stopped")


def use(visit: StaffVisit) -> Response:
    row = _row(visit, Run)
    own_models.switch_in(visit.session, visit.house.settings, row, f"staff:{visit.staff.id}")
    visit.record("training.use", f"model:{row.model}", f"run:{row.id}")
    return visit.go("/training", done="training_used")


def back(visit: StaffVisit) -> Response:
    """To a model that was in use before; without a name to the shipped one."""
    row = own_models.switch_back(visit.session, visit.house.settings, visit.value("model"), f"staff:{visit.staff.id}")
    visit.record("training.back", f"model:{row.name or 'shipped'}", f"from {row.before or 'shipped'}")
    return visit.go("/training", done="training_back")


def _done(visit: StaffVisit, verb: str, what: str, done: str, why: str = "") -> Response:
    visit.record(f"training.{verb}", what, why)  # never the words
    return visit.go("/training", done=done)


def _row(visit: StaffVisit, table: type[T]) -> T:
    found = visit.session.get(table, number_in_path(visit))
    if found is None:
        raise NotHereError
    return found
