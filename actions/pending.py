"""Skills that are declared and being written: each says the menu until its own file has it. Empty when all are there."""

from __future__ import annotations

from rasa_sdk import Action, Tracker

from actions.skill import Skill, Validate
from bot.answers import general
from bot.conversation.turn import Turn
from bot.replies import Reply

SKILLS = (
    "action_wrong_entry",
    "action_wrong_kind",
    "action_send_suggestion",
    "action_my_suggestions",
    "action_hear_back",
    "action_we_did",
    "action_talent_answer",
    "action_my_skills",
    "action_skills_paper",
    "action_forget_skill",
    "action_share_skills",
    "action_mentor_answer",
    "action_mentor_pair",
    "action_find_opportunity",
    "action_show_opportunity",
    "action_interested",
    "action_show_story",
    "action_story_choice",
    "action_withdraw_story",
    "action_check_in",
    "action_check_in_rhythm",
    "action_my_journey",
    "action_happened",
    "action_tell_more",
    "action_start_suggestion",
    "action_ask_suggestion_form_suggestion_words",
    "action_take_suggestion",
    "action_start_talents",
    "action_ask_talent_form_talent_words",
    "action_talents_heard",
    "action_start_mentee",
    "action_ask_mentee_form_mentee_profession",
    "action_ask_mentee_form_mentee_language",
    "action_ask_mentee_form_mentee_gender",
    "action_ask_mentee_form_mentee_times",
    "action_ask_for_mentor",
    "action_start_mentor",
    "action_ask_mentor_form_mentor_profession",
    "action_ask_mentor_form_mentor_language",
    "action_ask_mentor_form_mentor_way",
    "action_ask_mentor_form_mentor_times",
    "action_ask_mentor_form_mentor_gender",
    "action_ask_mentor_form_mentor_called",
    "action_offer_mentoring",
    "action_start_story",
    "action_ask_story_form_story_words",
    "action_story_heard",
)
VALIDATIONS = (
    "validate_suggestion_form",
    "validate_talent_form",
    "validate_mentee_form",
    "validate_mentor_form",
    "validate_story_form",
)


class _Pending(Skill):
    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return general.menu(turn)


class _PendingForm(Validate):
    def take(self, turn: Turn, tracker: Tracker, asked: str) -> dict[str, object]:
        return {}


def actions() -> list[Action]:
    return [type(n, (_Pending,), {"action": n})() for n in SKILLS] + [type(n, (_PendingForm,), {"action": n})() for n in VALIDATIONS]
