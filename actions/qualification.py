"""Skill: use a qualification from another country. A form asks what changes the answer; the answer is a plan."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.skill import Events, Question, Skill, Validate, entity, intent_of, tapped_answer
from bot.answers import general, journeys, papers, plans, steps
from bot.conversation.turn import Turn
from bot.errors import RefusedError
from bot.journeys import outcomes
from bot.knowledge import unknown
from bot.knowledge.plans import country_group
from bot.knowledge.seed import Pathway
from bot.people import plans as people_plans
from bot.people.models import Plan
from bot.replies import Reply

YES_NO = {"affirm": "yes", "deny": "no"}
GENERAL = "general"  # the pathway for a profession without one of its own
DOCUMENTS = {"affirm": "all", "deny": "none"}


class StartQualification(Skill):
    action = "action_start_qualification"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return turn.reply(turn.t("qualification.begin"))

    def events(self, turn: Turn, tracker: Tracker) -> Events:
        known: dict[str, Any] = dict.fromkeys(plans.QUESTIONS)
        known |= {name: entity(tracker, name) for name in ("profession", "country")}
        return [SlotSet(name, value) for name, value in (known | _not_needed(turn, known["profession"])).items()]


class ValidateQualification(Validate):
    action = "validate_qualification_form"

    def take(self, turn: Turn, tracker: Tracker, asked: str) -> dict[str, Any]:
        taken: dict[str, Any] = {name: v for name in ("profession", "country") if name == asked and (v := entity(tracker, name))}
        if asked == "profession" and taken and (country := entity(tracker, "country")):
            taken["country"] = country
        intent = intent_of(tracker)
        if value := tapped_answer(tracker, asked):
            taken[asked] = value
        elif intent == "skip":
            taken[asked] = "unknown"
        elif asked in ("postgraduate", "registered_elsewhere") and intent in YES_NO:
            taken[asked] = YES_NO[intent]
        elif asked == "asylum" and intent in YES_NO:
            taken[asked] = "waiting" if intent == "affirm" else "no"
        elif asked == "documents" and intent in DOCUMENTS:
            taken[asked] = DOCUMENTS[intent]
        return taken | (_not_needed(turn, taken["profession"]) if "profession" in taken else {})


def _not_needed(turn: Turn, profession: str | None) -> dict[str, Any]:
    """Questions that would not change this profession's plan are not asked."""
    if profession is None:
        return {}
    pathway = _route(turn, profession)
    asked = set(pathway.questions) if pathway else set()
    return {name: "unknown" for name in plans.QUESTIONS[1:] if name not in asked}


def _pathway(turn: Turn, profession: str | None) -> Pathway | None:
    entries = turn.knowledge.pathways.values()
    return next((p for p in entries if profession == p.key or profession in p.professions), None)


def _route(turn: Turn, profession: str | None) -> Pathway | None:
    """The profession's own pathway, or the general one."""
    return _pathway(turn, profession) or turn.knowledge.pathways.get(GENERAL)


class Ask(Question):
    """One for each question of the form."""

    def __init__(self, slot: str) -> None:
        self._slot = slot

    def name(self) -> str:
        return f"action_ask_qualification_form_{self._slot}"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        profession = tracker.get_slot("profession")
        return plans.question(turn, self._slot, _route(turn, profession) if profession else None)


class MakePlan(Skill):
    action = "action_make_plan"

    def answer(self, turn: Turn, tracker: Tracker) -> Iterable[Reply]:
        answers = {name: str(tracker.get_slot(name) or "unknown") for name in plans.QUESTIONS}
        if answers["country"] == "GB":  # no foreign qualification: none of the routes fits
            return [general.say(turn, "plan.from_uk")]
        pathway, first = _pathway(turn, answers["profession"]), []
        if pathway is None:
            unknown.record(turn.session, "profession", turn.language, answers["profession"])
            pathway, first = _route(turn, None), [plans.not_covered(turn)]
        if pathway is None:
            return first
        answers["country"] = country_group(pathway, answers["country"])
        return [*first, *plans.overview(turn, people_plans.save(turn.session, turn.person.id, pathway, answers))]


class MyPlan(Skill):
    action = "action_my_plan"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply | Iterable[Reply]:
        plan = _plan(turn)
        return plans.overview(turn, plan) if plan else plans.none_yet(turn)


class ShowStep(Skill):
    action = "action_show_step"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        plan, step = _plan(turn, _pathway_of(tracker)), _step(tracker)
        if plan is None or step not in {row.step for row in plans.known_steps(turn, plan)}:
            return plans.none_yet(turn)
        return steps.step(turn, plan, step)


class MarkStep(Skill):
    action = "action_mark_step"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply | Iterable[Reply]:
        plan = _plan(turn, _pathway_of(tracker))
        if plan is None:
            return plans.none_yet(turn)
        try:
            people_plans.mark(turn.session, plan, _step(tracker), entity(tracker, "state") or "")
        except RefusedError:
            return plans.overview(turn, plan)
        following = people_plans.next_step(plans.known_steps(turn, plan))
        noted = general.say(turn, "plan.marked" if following else "plan.all_done", menu=False)
        said = [noted, steps.step(turn, plan, following.step)] if following else [noted]
        return [*said, *_worth_noting(turn, plan, tracker)]


def _worth_noting(turn: Turn, plan: Plan, tracker: Tracker) -> list[Reply]:
    """A step that is done may be something that changed."""
    if entity(tracker, "state") != "done":
        return []
    outcome = outcomes.propose(turn.session, turn.person.id, plan.pathway, _step(tracker), turn.at)
    return [journeys.proposed(turn, outcome)] if outcome else []


class PlanPaper(Skill):
    action = "action_plan_paper"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        plan = _plan(turn)
        return papers.plan(turn, plan, entity(tracker, "form") or "") if plan else plans.none_yet(turn)


def _pathway_of(tracker: Tracker) -> str:
    return (entity(tracker, "step") or "").partition("/")[0]


def _plan(turn: Turn, pathway: str | None = None) -> Plan | None:
    plan = people_plans.latest(turn.session, turn.person.id, pathway)
    return plan if plan and plan.pathway in turn.knowledge.pathways else None


def _step(tracker: Tracker) -> str:
    return (entity(tracker, "step") or "").partition("/")[2]
