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


def next_step(steps: Sequence[PlanStep]) -> PlanStep | None:
    """The first step that is neither done nor set aside."""
    return next((row for row in steps if row.state in ("todo", "doing")), None)


def can_begin(steps: Sequence[PlanStep], pathway: Pathway) -> list[PlanStep]:
    """The steps nothing stands before: what must come first is done, set aside, or not in this plan."""
    open_steps = {row.step for row in steps if row.state in ("todo", "doing")}
    after = {step.key: step.after for step in pathway.steps}
    return [row for row in steps if row.step in open_steps and not open_steps & set(after.get(row.step, ()))]
