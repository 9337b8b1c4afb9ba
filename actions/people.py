"""Skill: a person for a person; danger; and what only a regulated adviser may answer."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.skill import Events, Question, Skill, Validate, entity, intent_of, tapped_answer
from bot.answers import people
from bot.cases.states import URGENCIES
from bot.conversation import safety
from bot.conversation.turn import Turn
from bot.replies import Reply

SLOTS = ("handoff_reason", "handoff_reach", "handoff_urgency")
LONGEST_REASON = 6_000  # characters: a whole letter that a person should read


class StartHandoff(Skill):
    action = "action_start_handoff"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        turn.chat.draft = None  # of a form that was left
        return people.begin(turn)

    def events(self, turn: Turn, tracker: Tracker) -> Events:
        return [SlotSet(slot, None) for slot in SLOTS]


class ValidateHandoff(Validate):
    """The reason is whatever the person writes; buttons and commands are not a reason."""

    action = "validate_handoff_form"

    def take(self, turn: Turn, tracker: Tracker, asked: str) -> dict[str, Any]:
        intent, value = intent_of(tracker), tapped_answer(tracker, asked)
        if intent == "decode_letter":  # by a photo sent before; one that is meant for the caseworker comes as words
            return {}
        if asked == "handoff_reason":
            if intent == "skip" or turn.text:
                # the words go to the hand-off, not into a slot: slots hold no words
                safety.remember_reason(turn, turn.text[:LONGEST_REASON])
                return {} if intent == "cancel" else {asked: "given" if turn.text else "none"}
            return {}
        if value:
            return {asked: value}
        if asked == "handoff_reach" and sum(c.isdigit() for c in turn.text) >= 7:
            safety.remember_reach(turn, turn.text[:100])
            return {asked: "phone"}
        return {asked: "any"} if intent == "skip" else {}


class Ask(Question):
    """One for each question of the form."""

    def __init__(self, slot: str) -> None:
        self._slot = slot

    def name(self) -> str:
        return f"action_ask_handoff_form_{self._slot}"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return people.question(turn, self._slot)


class OpenHandoff(Skill):
    action = "action_open_handoff"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        urgency = str(tracker.get_slot("handoff_urgency") or "any")
        by_phone = tracker.get_slot("handoff_reach") == "phone"
        return people.opened(turn, safety.open_asked(turn, urgency if urgency in URGENCIES[1:] else "any", by_phone))


class Immigration(Skill):
    action = "action_immigration"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return safety.immigration(turn)


class Danger(Skill):
    action = "action_danger"

    def answer(self, turn: Turn, tracker: Tracker) -> list[Reply]:
        return safety.danger(turn, tuple(k for k in (entity(tracker, "kind"),) if k))
