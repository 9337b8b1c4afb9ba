"""Skill: tell what you have done and can do, have it on a page, correct it, show it to a caseworker or take it back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet

from actions.skill import Events, Question, Skill, Validate, close_form, entity, intent_of
from bot.answers import skills_paper, talents
from bot.answers.general import say
from bot.conversation.turn import Turn
from bot.replies import Reply
from bot.talents import profile, sharing, telling

FORM, WORDS = "talent_form", "talent_words"
YES_NO = {"affirm": "yes", "deny": "no"}
# what is no answer to "what can you do": surely, or where no skill is heard in it
OTHER = frozenset(
    {"cancel", "menu", "talk_to_person", "change_language", "my_data", "about_bot", "find_help", "explain_term", "my_plan"}
    | {"immigration_question", "urgent_danger", "greet", "thanks", "goodbye", "success_stories", "out_of_scope"}
)
SURELY, PERHAPS = 0.9, 0.6


class OfferSkills(Skill):
    action = "action_offer_skills"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return talents.offer(turn)


class StartTalents(Skill):
    action = "action_start_talents"

    def answer(self, turn: Turn, tracker: Tracker) -> Iterable[Reply]:
        return talents.begin(turn)

    def events(self, turn: Turn, tracker: Tracker) -> Events:
        return [SlotSet(WORDS, None)]


class ValidateTalents(Validate):
    """Words are an answer unless they are surely something else. The slot says what kind of answer; the words go to their list."""

    action = "validate_talent_form"

    def take(self, turn: Turn, tracker: Tracker, asked: str) -> dict[str, Any]:
        if asked != WORDS or not turn.text:
            return {}
        intent = intent_of(tracker)
        if said := YES_NO.get(intent):
            is_about_something = profile.question(turn.session, turn.person.id).rows
            return {WORDS: said if is_about_something else "done" if said == "no" else "given"}
        sure = float((tracker.latest_message.get("intent") or {}).get("confidence") or 0.0)
        is_other = intent in OTHER and sure >= PERHAPS
        if is_other and (sure >= SURELY or not telling.listen(turn.session, turn.text, turn.language).said):
            return {}
        return {WORDS: "given"}


class AskTalents(Question):
    action = "action_ask_talent_form_talent_words"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return talents.question(turn)


class TalentsHeard(Skill):
    action = "action_talents_heard"

    def answer(self, turn: Turn, tracker: Tracker) -> Iterable[Reply]:
        kind = str(tracker.get_slot(WORDS))
        if kind in ("yes", "no"):
            asked = profile.question(turn.session, turn.person.id)
            kind = "keep" if kind == "no" and asked.asks == "rename" else kind
            return _answered(turn, kind, [row.id for row in asked.rows])
        if kind == "done":
            return [talents.listing(turn)]
        return talents.told(turn, telling.tell(turn.session, turn.person.id, turn.text, turn.language))

    def events(self, turn: Turn, tracker: Tracker) -> Events:
        return _goes_on(done=tracker.get_slot(WORDS) == "done")


class TalentAnswer(Skill):
    action = "action_talent_answer"

    def answer(self, turn: Turn, tracker: Tracker) -> Iterable[Reply]:
        return _answered(turn, entity(tracker, "answer") or "", numbers(entity(tracker, "key")))

    def events(self, turn: Turn, tracker: Tracker) -> Events:
        return _goes_on(done=entity(tracker, "answer") == "done")


class MySkills(Skill):
    action = "action_my_skills"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return talents.listing(turn)


class SkillsPaper(Skill):
    action = "action_skills_paper"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return skills_paper.skills(turn, entity(tracker, "form") or "")


class ForgetSkill(Skill):
    action = "action_forget_skill"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        key, sure = entity(tracker, "key"), entity(tracker, "answer") == "yes"
        if key == "all":
            return self._all(turn) if sure else talents.ask_forget_all(turn)
        row = next((row for row in profile.held(turn.session, turn.person.id) if [row.id] == numbers(key)), None)
        if row is None:
            return talents.to_change(turn, int((numbers(entity(tracker, "what")) or [0])[0]))
        if not sure:
            return talents.change_one(turn, row)
        profile.forget(turn.session, turn.person.id, row.id)
        return talents.listing(turn, turn.t("talents.taken_away"))

    def _all(self, turn: Turn) -> Reply:
        sharing.stop(turn.session, turn.person.id)
        profile.forget(turn.session, turn.person.id)
        return say(turn, "talents.all_gone")


class ShareSkills(Skill):
    action = "action_share_skills"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        answer = entity(tracker, "answer")
        if answer == "no":
            was_shared = sharing.stop(turn.session, turn.person.id)
            return talents.listing(turn, turn.t("talents.share_ended" if was_shared else "talents.not_shared"))
        if answer == "yes" and profile.held(turn.session, turn.person.id):
            sharing.share(turn.session, turn.person.id, turn.at)
            return talents.listing(turn, turn.t("talents.now_shared"))
        return talents.ask_share(turn)


def _goes_on(*, done: bool) -> Events:
    """The form asks what is open now; so it does for a button that comes after it had ended."""
    return close_form(WORDS) if done else [SlotSet(WORDS, None), FollowupAction(FORM)]


def _answered(turn: Turn, answer: str, ids: list[int]) -> list[Reply]:
    """What a tap, or a typed yes or no, does to the things it is about."""
    session, person = turn.session, turn.person.id
    if answer == "yes":
        rows = profile.confirm(session, person, ids)
        return [talents.noted(turn, rows)] if rows else []
    if answer == "no":
        profile.deny(session, person, ids)
    elif answer == "choose":
        profile.ask_singly(session, person, ids)
    elif answer == "rename" and ids:
        profile.begin_renaming(session, person, ids[0])
    elif answer == "keep":
        for row in (row for row in profile.held(session, person) if row.id in ids):
            profile.rename(session, row, None, turn.language)
    return [talents.listing(turn)] if answer == "done" else []


def numbers(text: str | None) -> list[int]:
    """The ids that a button names."""
    return [int(part) for part in (text or "").split(",") if part.isascii() and part.isdecimal() and len(part) < 18]
