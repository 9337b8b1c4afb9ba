"""How far somebody's English is, as far as it is known: by a test or a course that was noted, or by what they said for their plan.

Nothing is guessed: without a level it is said that there was a test, and who nobody asked has no English here at all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import RefusedError
from bot.journeys.models import Outcome
from bot.people.models import Plan
from bot.people.reminders import PLACE

LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")
UNKNOWN = "english"  # as an outcome's detail: it was English, and which level is not known
KINDS = ("test", "course")  # what may be about English; a test counts before a course
STEPS = ("english-test", "english-proof", "work-english", "legal-english", "english-for-site")  # of plans, that are about English
SAID = ("passed", "booked", "studied_in_english")  # answers of a plan that say something


@dataclass(frozen=True)
class English:
    """`what`: test, course, or one of SAID. `level`: one of LEVELS, "" when it is not known. `how`: person, caseworker, service."""

    what: str
    level: str
    how: str
    day: dt.date


def known(plan: Plan | None, changed: Sequence[Outcome]) -> English | None:
    """The newest test, else the newest course, else what the plan was made with; None when nothing is known."""
    for kind in KINDS:
        for row in reversed(changed):
            if row.kind == kind and is_about(row):
                return English(kind, row.detail if row.detail in LEVELS else "", row.how, row.happened_on)
    said = str((plan.answers or {}).get("english") or "") if plan is not None else ""
    if plan is None or said not in SAID:
        return None
    return English(said, "", "person", plan.created_at.astimezone(PLACE).date())


def is_about(row: Outcome) -> bool:
    """Whether an outcome is about English: somebody said so, or the step of the plan is."""
    return row.kind in KINDS and (row.detail in (*LEVELS, UNKNOWN) or row.source.rpartition("/")[2] in STEPS)


def note(row: Outcome, level: str) -> None:
    """That it was English, and the level; UNKNOWN keeps only that it was. Raises RefusedError (outcome_level)."""
    if row.kind not in KINDS or level not in (*LEVELS, UNKNOWN):
        raise RefusedError("only a test or a course has a level of English", "outcome_level")
    row.detail = level
