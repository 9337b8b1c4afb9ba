"""Skill: the rest of an answer that was said short first."""

from __future__ import annotations

from rasa_sdk import Tracker

from actions.skill import Skill, entity
from bot.answers import more
from bot.conversation import last_answer
from bot.conversation.turn import Turn
from bot.replies import Reply


class TellMore(Skill):
    action = "action_tell_more"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        kind, key = entity(tracker, "kind"), entity(tracker, "key")
        if not (kind and key):
            kind, key = last_answer.longer(turn.session, turn.chat.id) or ("", "")
        return more.rest(turn, kind, key, entity(tracker, "what") or "")
