"""What every skill is: it answers one intent, and in the middle of a form hands back to the form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import msgspec
from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot.conversation.turn import Turn, current
from bot.replies import Reply

Events = list[dict[str, Any]]


class Skill(Action):
    """Subclasses set `action` and write `answer`, which returns replies and may set `self`-less events by `events`."""

    action: ClassVar[str]
    returns_to_form: ClassVar[bool] = True

    def name(self) -> str:
        return self.action

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        turn = current()
        if turn.text:  # a tap has no other meanings
            turn.ranking = [(r["name"], r["confidence"]) for r in tracker.latest_message.get("intent_ranking", [])]
        for reply in _listed(self.answer(turn, tracker)):
            dispatcher.utter_message(json_message=msgspec.to_builtins(reply))
        events = self.events(turn, tracker)
        loop = tracker.active_loop.get("name")
        held = turn.chat.held_by_handoff is not None  # a caseworker talks to them: the form waits until they have finished
        if loop and self.returns_to_form and not events and not held:
            events = [FollowupAction(loop)]
        return events

    def answer(self, turn: Turn, tracker: Tracker) -> Reply | Iterable[Reply]:
        """What to say. Everything it changes is part of the turn's transaction."""
        raise NotImplementedError

    def events(self, turn: Turn, tracker: Tracker) -> Events:
        """Rasa events beside the answer; with any, the skill decides itself what becomes of an open form."""
        return []


class Question(Skill):
    """Asks for one slot of a form: `action_ask_<form>_<slot>`."""

    returns_to_form = False


class Validate(Action):
    """Takes the answer to the question a form has open. Nothing taken: the form gives way to the intent's own rule."""

    action: ClassVar[str]

    def name(self) -> str:
        return self.action

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Events:
        asked = tracker.get_slot("requested_slot")
        if not asked:
            return []
        return [SlotSet(name, value) for name, value in self.take(current(), tracker, asked).items()]

    def take(self, turn: Turn, tracker: Tracker, asked: str) -> dict[str, Any]:
        """The slots that this message fills; without `asked` among them it was not an answer."""
        raise NotImplementedError


def intent_of(tracker: Tracker) -> str:
    return str((tracker.latest_message.get("intent") or {}).get("name") or "")


def entity(tracker: Tracker, name: str) -> str | None:
    """The first value of an entity in the latest message."""
    for found in tracker.latest_message.get("entities", []):
        if found["entity"] == name:
            return str(found["value"])
    return None


def tapped_answer(tracker: Tracker, asked: str) -> str | None:
    """The value of a button that belongs to the question that is open; an older question's button is no answer to it."""
    if intent_of(tracker) != "inform" or entity(tracker, "slot") != asked:
        return None
    return entity(tracker, "value")


def close_form(*slots: str) -> Events:
    return [ActiveLoop(None), SlotSet("requested_slot", None), *(SlotSet(slot, None) for slot in slots)]


def _listed(answer: Reply | Iterable[Reply]) -> list[Reply]:
    return [answer] if isinstance(answer, Reply) else list(answer)
