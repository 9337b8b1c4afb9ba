"""Skills that are declared and being written: each says the menu until its own file has it. Empty when all are there."""

from __future__ import annotations

from rasa_sdk import Action, Tracker

from actions.skill import Skill, Validate
from bot.answers import general
from bot.conversation.turn import Turn
from bot.replies import Reply

SKILLS = ("action_tell_more",)
VALIDATIONS: tuple[str, ...] = ()


class _Pending(Skill):
    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return general.menu(turn)


class _PendingForm(Validate):
    def take(self, turn: Turn, tracker: Tracker, asked: str) -> dict[str, object]:
        return {}


def actions() -> list[Action]:
    return [type(n, (_Pending,), {"action": n})() for n in SKILLS] + [
        type(n, (_PendingForm,), {"action": n})() for n in VALIDATIONS
    ]
