"""Skill: people say what is wrong or missing, and hear what came of it."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet

from actions.skill import Events, Question, Skill, Validate, entity, intent_of
from bot.answers import general, suggestions
from bot.conversation import last_answer, suggesting
from bot.conversation.turn import Turn
from bot.knowledge import unknown
from bot.replies import Reply
from bot.suggestions import about, making, news, telling
from bot.suggestions.kinds import PLACE

SLOT = "suggestion_words"


class Feedback(Skill):
    action = "action_feedback"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        last = last_answer.about(turn.session, turn.chat.id)
        return suggestions.feedback(turn, last) if turn.installation.is_on("suggestions") else general.say(turn, "feedback")


class WrongEntry(Skill):
    action = "action_wrong_entry"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        kind, key = entity(tracker, "kind") or "", entity(tracker, "key") or ""
        if not turn.installation.is_on("suggestions"):
            return suggestions.off(turn)
        known = about.is_known(turn.knowledge, kind, key)
        return suggestions.ask_what(turn, kind, key) if known else general.say(turn, "button.old")


class WrongKind(Skill):
    """What is wrong was tapped: the form asks for words, which nobody has to give."""

    action = "action_wrong_kind"

    def answer(self, turn: Turn, tracker: Tracker) -> list[Reply]:
        what, kind, key = (entity(tracker, name) or "" for name in ("what", "kind", "key"))
        if key:
            unknown.rated(turn.session, turn.language, f"{kind}/{key}", what)
        return suggesting.begin(turn, what, kind, key)

    def events(self, turn: Turn, tracker: Tracker) -> Events:
        return _to_form(turn, tracker)


class StartSuggestion(Skill):
    action = "action_start_suggestion"

    def answer(self, turn: Turn, tracker: Tracker) -> list[Reply]:
        return suggesting.begin(turn, PLACE)

    def events(self, turn: Turn, tracker: Tracker) -> Events:
        return _to_form(turn, tracker)


class ValidateSuggestion(Validate):
    """The words are whatever the person writes, or "send" for none; buttons and commands are not words."""

    action = "validate_suggestion_form"

    def take(self, turn: Turn, tracker: Tracker, asked: str) -> dict[str, Any]:
        intent = intent_of(tracker)
        if intent == "send_suggestion" and not suggesting.needs_words(turn):
            return {SLOT: "none"}
        if not turn.text or intent in ("cancel", "decode_letter"):
            return {}
        suggesting.remember(turn, turn.text)
        return {SLOT: "given"}


class Ask(Question):
    action = "action_ask_suggestion_form_suggestion_words"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return suggestions.ask_words(turn, suggesting.what(turn))


class TakeSuggestion(Skill):
    action = "action_take_suggestion"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return suggesting.take(turn)

    def events(self, turn: Turn, tracker: Tracker) -> Events:
        return [SlotSet(SLOT, None)]


class SendSuggestion(Skill):
    """The button of a suggestion that was sent or left before, or of a place without a word about it."""

    action = "action_send_suggestion"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply | list[Reply]:
        return [] if tracker.active_loop.get("name") else general.say(turn, "button.old")


class MySuggestions(Skill):
    action = "action_my_suggestions"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return suggesting.mine(turn)


class HearBack(Skill):
    """With a reference: of this suggestion. Without: of what is done with everybody's."""

    action = "action_hear_back"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        wants = entity(tracker, "answer") == "yes"
        if not (reference := entity(tracker, "key")):
            suggesting.news_wish(turn, wants)
            return suggestions.news_wish(turn, wants)
        found = making.find_of(turn.session, turn.person.id, reference)
        if found is None:
            return general.say(turn, "button.old")
        found.hear = wants
        return suggestions.hears(turn, found)


class WeDid(Skill):
    action = "action_we_did"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        wants = telling.wants_news(turn.session, turn.person.id)
        return suggestions.we_did(turn, news.published(turn.session), wants)


def _to_form(turn: Turn, tracker: Tracker) -> Events:
    """On to the question; where nothing was begun, back to what was open before."""
    if suggesting.begun(turn):
        return [SlotSet(SLOT, None)]
    return [FollowupAction(tracker.active_loop.get("name") or "action_listen")]
