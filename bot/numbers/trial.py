"""The report of a trial: what was planned, what was done, what changed, what was learnt, and what people decided.

Numbers are computed; plans, what was learnt and the decision are what people typed. Nothing in it depends on the hour at which it
is made, so the same database gives the same report.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.house import House
from bot.journeys.models import Trial
from bot.knowledge import snapshot
from bot.numbers import cases, gone, journeys, referrals, suppression, trial_changes
from bot.numbers.period import Scope
from bot.numbers.report import Report
from bot.numbers.stories import NoStories, Stories, told
from bot.numbers.tables import Table

SECTIONS = ("people", "dropped", "cases", "referrals", "plans", "changed", "check_ins")
CAUTIONS = ("no_control", "who_answered", "self_told", "goals_late")


@dataclass(frozen=True)
class TrialReport:
    """`trial` None: nobody wrote down what was planned for these days. `late`: goals written when it had begun, by id."""

    trial: Trial | None
    late: frozenset[int]
    report: Report

    @property
    def is_empty(self) -> bool:
        """Whether no number at all may be shown of these days."""
        return all(table.is_empty for table in self.report.tables) and all(
            cell.value is None for cell in self.report.heads.values()
        )


def build(
    session: Session, house: House, scope: Scope, trial: Trial | None, today: dt.date, stories: Stories | None = None
) -> TrialReport:
    """`today`: London's; a period that is not over says so."""
    lost, known = gone.of(session, scope, today), snapshot.current(session)
    of, offered = cases.facets(session, scope), house.settings.languages
    changed = trial_changes.changed(session, scope, lost, offered)
    faces, answered = trial_changes.faces(session, scope)
    begun, steps = journeys.pathways(session, scope, known)
    sections: dict[str, list[Table]] = {
        "people": [journeys.languages(session, scope, lost, offered), journeys.sources(session, scope)],
        "dropped": [trial_changes.drop_off(session, scope)],
        "cases": [
            cases.first_answers(session, scope, house.hours), cases.outcomes(of, lost), cases.languages(of, lost, offered),
            cases.needs(of, lost),
        ],
        "referrals": [
            referrals.states(session, scope, lost), referrals.help_of_all(session, scope, lost),
            referrals.help_by_need(session, scope, lost),
        ],
        "plans": [begun, *steps],
        "changed": changed.tables,
        "check_ins": [trial_changes.check_ins(session, scope), *faces],
    }  # fmt: skip
    heads = {
        "new": journeys.new(session, scope, lost),
        "opened": cases.opened(session, scope, lost),
        "referred": referrals.made(session, scope, lost),
        "changed": changed.number,
        "both_faces": answered,
    }
    late = frozenset(goal.id for goal in trial.goals if goal.written_on > trial.first) if trial else frozenset()
    report = Report(
        scope,
        scope.period.end,
        {code: suppression.alone(count) for code, count in heads.items()},
        {name: sections[name] for name in SECTIONS},
        _cautions(scope, lost, today, is_late=bool(late)),
        told(stories or NoStories(), session, scope.period, today),
    )
    return TrialReport(trial, late, report)


def _cautions(scope: Scope, lost: gone.Gone, today: dt.date, *, is_late: bool) -> dict[str, int]:
    """What does not follow from the numbers, the weightiest first."""
    found = {name: 0 for name in CAUTIONS if name != "goals_late" or is_late}
    found |= {"people_twice": 0, "small": suppression.FEWEST, "today": 0}
    if any(lost.number(what) for what in gone.COUNTED):
        found["deleted"] = 0
    if lost.left_out:
        found["left_out"] = 0
    if scope.period.last >= today:
        found["not_over"] = 0
    return found
