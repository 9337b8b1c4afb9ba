"""A person's plan: the steps of a pathway that their answers call for, and how far they have come."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.errors import RefusedError
from bot.knowledge.plans import steps_for
from bot.knowledge.seed import Pathway
from bot.people.models import Plan, PlanStep

STATES = ("todo", "doing", "done", "not_for_me")


def save(session: Session, person_id: int, pathway: Pathway, answers: dict[str, str]) -> Plan:
    """Makes the plan or makes it anew; steps keep the state they had."""
    plan = session.scalar(select(Plan).where(Plan.person_id == person_id, Plan.pathway == pathway.key))
    if plan is None:
        plan = Plan(person_id=person_id, pathway=pathway.key, answers=answers)
        session.add(plan)
    had = {step.step: step.state for step in plan.steps}
    plan.steps.clear()
    session.flush()  # the old rows must be gone before the new ones take their names
    plan.answers, plan.updated_at = answers, now()
    behind = _behind(pathway, answers.get("stage", "unknown"))
    for place, step in enumerate(steps_for(pathway, answers)):
        state = had.get(step.key) or ("done" if step.key in behind else "todo")
        plan.steps.append(PlanStep(step=step.key, position=place, state=state))
    session.flush()
    return plan


def _behind(pathway: Pathway, stage: str) -> set[str]:
    """The steps that somebody at this stage says they have behind them; each can be marked "not done yet" again."""
    keys = [step.key for step in pathway.steps]
    return set(keys[: keys.index(pathway.stages[stage])]) if stage in pathway.stages else set()


def latest(session: Session, person_id: int, pathway: str | None = None) -> Plan | None:
    """The person's plan for `pathway`, or the one they last used."""
    query = select(Plan).where(Plan.person_id == person_id).order_by(Plan.updated_at.desc()).limit(1)
    return session.scalar(query.where(Plan.pathway == pathway) if pathway else query)


def mark(session: Session, plan: Plan, step: str, state: str) -> PlanStep:
    """Raises RefusedError when the plan has no such step or there is no such state."""
    row = next((row for row in plan.steps if row.step == step), None)
    if row is None or state not in STATES:
        raise RefusedError("there is no such step in this plan")
    row.state, row.updated_at = state, now()
    plan.updated_at = now()
    return row


_STRENGTH = ("todo", "not_for_me", "doing", "done")  # of two states of one step the one that says more


def unite(session: Session, into: int, other: int) -> None:
    """The plans of two people who turned out to be one become those of `into`. No step that one of them has done is lost.

    Where both have a plan for a pathway, the one used last is kept, with the answers of both (its own count more).
    """
    for plan in session.scalars(select(Plan).where(Plan.person_id == other).order_by(Plan.id)).all():
        own = session.scalar(select(Plan).where(Plan.person_id == into, Plan.pathway == plan.pathway))
        if own is None:
            plan.person_id = into
            continue
        newer, older = (own, plan) if own.updated_at >= plan.updated_at else (plan, own)
        own_answers = {name: value for name, value in dict(newer.answers or {}).items() if value not in (None, "", "unknown")}
        steps = {row.step: row.state for row in newer.steps}
        for row in older.steps:
            if row.step in steps:
                steps[row.step] = max(steps[row.step], row.state, key=_STRENGTH.index)
            elif row.state in ("done", "doing"):
                steps[row.step] = row.state
        answers, updated_at = {**dict(older.answers or {}), **own_answers}, newer.updated_at
        session.delete(plan)
        own.steps.clear()
        session.flush()  # the old rows must be gone before the new ones take their names
        own.answers, own.updated_at = answers, updated_at
        own.steps += [PlanStep(step=step, position=place, state=state) for place, (step, state) in enumerate(steps.items())]
        session.flush()


def next_step(steps: Sequence[PlanStep]) -> PlanStep | None:
    """The first step that is neither done nor set aside."""
    return next((row for row in steps if row.state in ("todo", "doing")), None)


def can_begin(steps: Sequence[PlanStep], pathway: Pathway) -> list[PlanStep]:
    """The steps nothing stands before: what must come first is done, set aside, or not in this plan."""
    open_steps = {row.step for row in steps if row.state in ("todo", "doing")}
    after = {step.key: step.after for step in pathway.steps}
    return [row for row in steps if row.step in open_steps and not open_steps & set(after.get(row.step, ()))]
