"""Skill: offering to be a mentor, looking for one, and what the two of a pair can do with one tap."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet

from actions.skill import Events, Question, Skill, Validate, entity, intent_of, tapped_answer
from bot.answers import mentor_forms, mentoring
from bot.conversation import mentor_taps
from bot.conversation.turn import Turn
from bot.mentoring import offers, wishes
from bot.replies import Reply

LISTEN = FollowupAction("action_listen")  # the form that its rule would open is not opened


class _Start(Skill):
    """What there is already is shown; else the form begins, which the rule opens next."""

    side: str
    slots: tuple[str, ...]

    def answer(self, turn: Turn, tracker: Tracker) -> Iterable[Reply]:
        shown = mentor_taps.begin(turn, self.side, by_link=entity(tracker, "kind") == "link")
        return shown or [mentoring.begin(turn, self.side)]

    def events(self, turn: Turn, tracker: Tracker) -> Events:
        if not mentor_taps.may_begin(turn, self.side):
            return [LISTEN]
        return [SlotSet(slot, None) for slot in self.slots]


class StartMentor(_Start):
    action = "action_start_mentor"
    side, slots = "mentor", mentor_forms.MENTOR


class StartMentee(_Start):
    action = "action_start_mentee"
    side, slots = "mentee", mentor_forms.MENTEE


class _Take(Validate):
    def take(self, turn: Turn, tracker: Tracker, asked: str) -> dict[str, Any]:
        return mentor_forms.take(turn, asked, intent_of(tracker), tapped_answer(tracker, asked), entity(tracker, "profession"))


class ValidateMentor(_Take):
    action = "validate_mentor_form"


class ValidateMentee(_Take):
    action = "validate_mentee_form"


class Ask(Question):
    """One for each question of both forms."""

    def __init__(self, slot: str) -> None:
        self._slot = slot

    def name(self) -> str:
        return f"action_ask_{self._slot.partition('_')[0]}_form_{self._slot}"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return mentor_forms.question(turn, self._slot)


class OfferMentoring(Skill):
    action = "action_offer_mentoring"

    def answer(self, turn: Turn, tracker: Tracker) -> Iterable[Reply]:
        said = mentor_forms.offer(turn, tracker.current_slot_values())
        return mentoring.offer(turn, offers.make(turn.session, turn.chat, said))


class AskForMentor(Skill):
    action = "action_ask_for_mentor"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        said = mentor_forms.wish(turn, tracker.current_slot_values())
        return mentoring.wish_taken(turn, wishes.ask(turn.session, turn.chat, said))


class MentorAnswer(Skill):
    action = "action_mentor_answer"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return mentor_taps.own(turn, entity(tracker, "what") or "")


class MentorPair(Skill):
    action = "action_mentor_pair"
    returns_to_form = False

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return mentor_taps.of_pair(turn, entity(tracker, "pair") or "", entity(tracker, "what") or "")
