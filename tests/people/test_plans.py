"""Steps keep their state when the plan is made anew, and what can be begun is known."""

from __future__ import annotations

from sqlalchemy import select

from bot.conversation import inbox
from bot.house import House
from bot.knowledge.seed import Seed
from bot.people import plans
from bot.people.models import Plan


def test_a_plan_made_anew_keeps_what_was_done(stocked: House, content: Seed) -> None:
    pathway = next(p for p in content.pathways if p.key == "nurse")
    with stocked.sessions.begin() as session:
        person = inbox.chat_for(session, "cli", "a").person
        plan = plans.save(session, person.id, pathway, {"english": "none"})
        first = plan.steps[0].step
        plans.mark(session, plan, first, "done")
        again = plans.save(session, person.id, pathway, {"english": "passed"})
        assert {row.step: row.state for row in again.steps}[first] == "done"
    with stocked.sessions() as session:
        assert len(list(session.scalars(select(Plan)))) == 1


def test_somebody_who_is_at_the_exams_has_the_first_steps_behind_them(stocked: House, content: Seed) -> None:
    pathway = next(p for p in content.pathways if p.key == "nurse")
    with stocked.sessions.begin() as session:
        person = inbox.chat_for(session, "cli", "b").person
        plan = plans.save(session, person.id, pathway, {"stage": "exams", "english": "passed"})
        following = plans.next_step(plan.steps)
        assert following is not None and following.step == "cbt"


def test_a_step_can_begin_when_what_comes_before_it_is_done(stocked: House, content: Seed) -> None:
    pathway = next(p for p in content.pathways if p.key == "doctor")
    with stocked.sessions.begin() as session:
        person = inbox.chat_for(session, "cli", "c").person
        plan = plans.save(session, person.id, pathway, {"country": "other", "english": "none"})
        assert "plab-2" not in {row.step for row in plans.can_begin(plan.steps, pathway)}
        for row in plan.steps[: [r.step for r in plan.steps].index("plab-2")]:
            plans.mark(session, plan, row.step, "done")
        assert "plab-2" in {row.step for row in plans.can_begin(plan.steps, pathway)}
