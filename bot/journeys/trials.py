"""Trials as a lead writes them down: goals before, what came of them, what was learnt, and what people decided."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import RefusedError
from bot.journeys.models import Trial, TrialGoal

DECISIONS = ("go_on", "stop", "change")
LONGEST_NAME, LONGEST_TEXT, MOST_GOALS, LONGEST_DAYS = 120, 4_000, 20, 366


def make(session: Session, name: str, first: dt.date, last: dt.date) -> Trial:
    """Raises RefusedError: trial_name, trial_days (it ends before it begins, or lasts more than a year)."""
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise RefusedError("a trial has a name", "trial_name")
    if not 0 <= (last - first).days < LONGEST_DAYS:
        raise RefusedError("the last day is not before the first, and at most a year after it", "trial_days")
    row = Trial(name=name, first=first, last=last)
    session.add(row)
    session.flush()
    return row


def add_goal(session: Session, trial: Trial, goal: str, today: dt.date) -> TrialGoal:
    """The day is kept: a report says which goals were written when the trial had begun. Raises RefusedError (trial_text, trial_goals)."""
    if len(trial.goals) >= MOST_GOALS:
        raise RefusedError("that is more than anybody can look after", "trial_goals")
    row = TrialGoal(goal=_text(goal, needed=True), written_on=today)
    trial.goals.append(row)
    session.flush()
    return row


def remove_goal(session: Session, trial: Trial, goal_id: int, today: dt.date) -> bool:
    """Only before the trial begins: afterwards nobody makes it look as if something had not been planned.

    False when there is no such goal. Raises RefusedError (trial_begun).
    """
    row = next((goal for goal in trial.goals if goal.id == goal_id), None)
    if row is None:
        return False
    if today >= trial.first and row.written_on <= trial.first:
        raise RefusedError("the trial has begun", "trial_begun")
    trial.goals.remove(row)
    session.flush()
    return True


def conclude(session: Session, trial: Trial, came_of_it: dict[int, str], learnt: str, decision: str, why: str) -> None:
    """What people say at the end; it may be said again. Raises RefusedError: trial_text, trial_decision."""
    if decision not in ("", *DECISIONS):
        raise RefusedError("go on, stop or change", "trial_decision")
    texts = {number: _text(text) for number, text in came_of_it.items()}
    trial.learnt, trial.why, trial.decision = _text(learnt), _text(why), decision
    for goal in trial.goals:
        goal.came_of_it = texts.get(goal.id, goal.came_of_it)
    session.flush()


def listed(session: Session) -> list[Trial]:
    """The one that began last first."""
    return list(session.scalars(select(Trial).order_by(Trial.first.desc(), Trial.id.desc())))


def of_days(session: Session, first: dt.date, last: dt.date) -> Trial | None:
    """The trial of exactly these days; with several, the one made last."""
    query = select(Trial).where(Trial.first == first, Trial.last == last).order_by(Trial.id.desc()).limit(1)
    return session.scalar(query)


def _text(text: str, *, needed: bool = False) -> str:
    clean = text.replace("\r\n", "\n").strip()
    if len(clean) > LONGEST_TEXT or (needed and not clean):
        raise RefusedError("too long, or nothing", "trial_text")
    return clean
