"""Every combination of answers gives a plan that arrives; steps keep their state when the plan is made anew."""

from __future__ import annotations

import itertools

from sqlalchemy import select

from bot.conversation import inbox
from bot.house import House
from bot.knowledge.seed import Seed
from bot.people import plans
from bot.people.models import Plan


def test_no_combination_of_answers_is_a_dead_end(content: Seed) -> None:
    for pathway in content.pathways:
        reached: set[str] = set()
        for answers in itertools.product(*pathway.questions.values()):
            steps = plans.steps_for(pathway, dict(zip(pathway.questions, answers, strict=True)))
            assert steps and steps[-1].key == "first-job"
            reached |= {step.key for step in steps}
        assert reached == {step.key for step in pathway.steps}, "a step that nobody can reach"


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


def test_country_groups() -> None:
    assert [plans.country_group(c) for c in ("SY", "PL", None, "unknown", "CH")] == [
        "other",
        "eea_swiss",
        "unknown",
        "unknown",
        "eea_swiss",
    ]
