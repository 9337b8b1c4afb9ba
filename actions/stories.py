"""Skill: how others managed; tell one's own story, say yes or no to how it is told, and take it back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet

from actions.skill import Events, Question, Skill, Validate, entity, intent_of
from bot.answers import stories
from bot.conversation import storytelling
from bot.conversation.turn import Turn
from bot.replies import Reply
from bot.stories import telling

FORM, WORDS = "story_form", "story_words"
# what is no part of a story when it is said shortly and surely
OTHER = frozenset({"menu", "talk_to_person", "change_language", "my_data", "urgent_danger", "goodbye"})
SURELY, SHORT = 0.9, 5


class SuccessStories(Skill):
    action = "action_success_stories"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return stories.first(turn)


class ShowStory(Skill):
    action = "action_show_story"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply | list[Reply]:
        what, key = entity(tracker, "what") or "", entity(tracker, "key") or ""
        if what == "mine":
            return stories.mine(turn, telling.of_person(turn.session, turn.person.id))
        return stories.more(turn, key) if what == "more" else stories.after(turn, key)


class StartStory(Skill):
    action = "action_start_story"

    def answer(self, turn: Turn, tracker: Tracker) -> Iterable[Reply]:
        return storytelling.begin(turn)

    def events(self, turn: Turn, tracker: Tracker) -> Events:
        return [SlotSet(WORDS, None)] if storytelling.begun(turn) else [FollowupAction("action_listen")]


class ValidateStory(Validate):
    """Whatever is written belongs to the story; the slot only says how it ended."""

    action = "validate_story_form"

    def take(self, turn: Turn, tracker: Tracker, asked: str) -> dict[str, Any]:
        intent = intent_of(tracker)
        if intent == "story_choice" and not entity(tracker, "key"):
            return {WORDS: storytelling.take_tap(turn, entity(tracker, "what") or "")}
        if intent == "received_media" and entity(tracker, "kind") == "voice":
            return {WORDS: "voice"}
        sure = float((tracker.latest_message.get("intent") or {}).get("confidence") or 0.0)
        is_other = intent == "cancel" or (intent in OTHER and sure >= SURELY and len(turn.text.split()) <= SHORT)
        if not turn.text or is_other:
            return {}
        return {WORDS: storytelling.take_words(turn)}


class Ask(Question):
    action = "action_ask_story_form_story_words"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return storytelling.question(turn)


class StoryHeard(Skill):
    action = "action_story_heard"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return storytelling.heard(turn, str(tracker.get_slot(WORDS)))

    def events(self, turn: Turn, tracker: Tracker) -> Events:
        return [SlotSet(WORDS, None)]


class StoryChoice(Skill):
    """A tap under the question whether it may be told; without a story it belongs to a form that is closed."""

    action = "action_story_choice"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply | list[Reply]:
        if not (key := entity(tracker, "key")):
            return stories.too_late(turn)
        reply, asks = storytelling.choose(turn, entity(tracker, "what") or "", key, entity(tracker, "value") or "")
        return [] if asks else reply

    def events(self, turn: Turn, tracker: Tracker) -> Events:
        asks = storytelling.begun(turn) and entity(tracker, "what") == "change"
        return [SlotSet(WORDS, None), FollowupAction(FORM)] if asks else []


class WithdrawStory(Skill):
    action = "action_withdraw_story"

    def answer(self, turn: Turn, tracker: Tracker) -> list[Reply]:
        return storytelling.withdraw(turn, entity(tracker, "key") or "")
