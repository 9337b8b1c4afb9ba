"""Skill: a card to show at a desk, in English and the person's language."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.skill import Skill, entity
from bot.answers import papers
from bot.conversation.turn import Turn
from bot.replies import Reply


class DeskCard(Skill):
    action = "action_desk_card"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return papers.desk_question(turn)


class DeskPaper(Skill):
    action = "action_desk_paper"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return papers.desk(turn, entity(tracker, "kind") or "any", entity(tracker, "form") or "png")
