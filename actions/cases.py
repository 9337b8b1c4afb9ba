"""Skill: a caseworker's question answered with one tap, and going on where one was when they have finished."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.skill import Skill, entity
from bot.answers import cases
from bot.cases import case_answers
from bot.conversation.turn import Turn
from bot.replies import Reply


class CaseAnswer(Skill):
    action = "action_case_answer"
    returns_to_form = False  # a caseworker asked, so no question of the bot's comes in between

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        taken = case_answers.take(turn.session, turn.chat, entity(tracker, "case") or "", entity(tracker, "answer") or "")
        return cases.noted(turn) if taken else cases.too_late(turn)


class GoOn(Skill):
    action = "action_go_on"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return cases.go_on(turn, in_form=bool(tracker.active_loop.get("name")))
