"""Skill: be asked how one is at a rhythm one chooses, tell what changed, and see the way so far."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.skill import Skill, entity
from bot.answers import journey_paper
from bot.answers import journeys as answers
from bot.conversation import happening
from bot.conversation.turn import Turn
from bot.journeys import journey
from bot.replies import Reply


class CheckIn(Skill):
    action = "action_check_in"

    def answer(self, turn: Turn, tracker: Tracker) -> list[Reply]:
        key, what, value = (entity(tracker, name) or "" for name in ("key", "what", "value"))
        return happening.check_in(turn, key, what, value)


class CheckInRhythm(Skill):
    action = "action_check_in_rhythm"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return happening.rhythm(turn, entity(tracker, "choice") or "")


class Happened(Skill):
    action = "action_happened"

    def answer(self, turn: Turn, tracker: Tracker) -> list[Reply]:
        key, kind, answer = (entity(tracker, name) or "" for name in ("key", "kind", "answer"))
        return happening.happened(turn, key, kind, answer)


class MyJourney(Skill):
    action = "action_my_journey"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        found, form = journey.of(turn.session, turn.person), entity(tracker, "kind") or ""
        return journey_paper.paper(turn, found, form) if form else answers.journey(turn, found)
