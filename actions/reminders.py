"""Skill: be reminded of a step of the plan, see what one will be reminded of, and end it."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.skill import Skill, entity
from bot.answers import plans, reminders, steps
from bot.conversation.turn import Turn
from bot.people import plans as people_plans
from bot.people import reminders as kept
from bot.replies import Reply


class RemindMe(Skill):
    action = "action_remind_me"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return steps.ask_when(turn, entity(tracker, "step") or "")


class SetReminder(Skill):
    action = "action_set_reminder"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        pathway, _, step = (entity(tracker, "step") or "").partition("/")
        plan = people_plans.latest(turn.session, turn.person.id, pathway)
        days = entity(tracker, "days") or ""
        if (
            plan is None
            or step not in {row.step for row in plan.steps}
            or not days.isdecimal()
            or int(days) not in kept.WAITS_DAYS
        ):
            return plans.none_yet(turn)
        return reminders.noted(turn, kept.ask_for(turn.session, turn.chat, pathway, step, int(days)))


class MyReminders(Skill):
    action = "action_my_reminders"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return reminders.waiting(turn, kept.waiting(turn.session, turn.chat))


class StopReminders(Skill):
    action = "action_stop_reminders"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        kept.cancel(turn.session, turn.chat)
        return reminders.ended(turn)
