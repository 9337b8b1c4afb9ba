"""Skill: first contact, menu, languages, privacy, small talk, and what was not understood."""

from __future__ import annotations

from collections.abc import Iterable

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction, SlotSet

from actions.skill import Events, Skill, close_form, entity
from bot.answers import general, my_data, plans
from bot.conversation import disclosure, outbox, personal_data, recordings
from bot.conversation.turn import Turn
from bot.journeys import rhythms
from bot.knowledge import unknown
from bot.opportunities import arrivals
from bot.people import reminders
from bot.replies import Reply


class Start(Skill):
    action = "action_start"
    returns_to_form = False

    def answer(self, turn: Turn, tracker: Tracker) -> Iterable[Reply]:
        turn.chat.draft = None
        if source := entity(tracker, "source"):
            arrivals.came(turn.session, turn.knowledge, turn.person, source, turn.at)
        if turn.person.language_confirmed:
            return [general.menu(turn, "menu.welcome_back")]
        return [general.languages(turn)]

    def events(self, turn: Turn, tracker: Tracker) -> Events:
        return close_form()


class SetLanguage(Skill):
    action = "action_set_language"

    def answer(self, turn: Turn, tracker: Tracker) -> Iterable[Reply]:
        code = entity(tracker, "language") or turn.language
        first = not turn.person.language_confirmed
        if code in turn.languages:
            turn.person.language, turn.person.language_confirmed, turn.language = code, True, code
        if first:
            turn.person.welcomed = True
            return [general.welcome(turn), general.menu(turn)]
        in_form = bool(tracker.active_loop.get("name"))
        return [general.say(turn, "language.changed", menu=False)] if in_form else [general.menu(turn, "language.changed")]


class ChooseLanguage(Skill):
    action = "action_choose_language"
    returns_to_form = False

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return general.languages(turn)


class Menu(Skill):
    action = "action_menu"
    returns_to_form = False

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        turn.chat.draft = None
        return general.menu(turn)

    def events(self, turn: Turn, tracker: Tracker) -> Events:
        return close_form()


class Cancel(Skill):
    action = "action_cancel"
    returns_to_form = False

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        turn.chat.draft = None
        return general.menu(turn, "cancel.done")

    def events(self, turn: Turn, tracker: Tracker) -> Events:
        return close_form()


class Why(Skill):
    action = "action_why"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        asked = tracker.get_slot("requested_slot")
        return plans.why(turn, str(asked)) if asked in plans.QUESTIONS else general.say(turn, "why.nothing")


class Skip(Skill):
    action = "action_skip"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return general.say(turn, "skip.nothing")


class Privacy(Skill):
    action = "action_privacy"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return general.privacy(turn)


class About(Skill):
    action = "action_about_bot"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return general.about(turn)


class MyData(Skill):
    action = "action_my_data"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply | Iterable[Reply]:
        held = personal_data.held(turn.session, turn.person)
        if entity(tracker, "form") != "pdf":
            return my_data.listing(turn, held)
        if outbox.has_fresh_copy(turn.session, turn.chat.id):
            return my_data.asked_again(turn)
        return my_data.files(turn, disclosure.everything(turn.session, turn.person), held)


class DeleteData(Skill):
    action = "action_delete_data"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return my_data.confirm_delete(turn, personal_data.held(turn.session, turn.person))


class ConfirmDelete(Skill):
    action = "action_confirm_delete"
    returns_to_form = False

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return my_data.deleted(turn, personal_data.forget(turn.session, turn.person))

    def events(self, turn: Turn, tracker: Tracker) -> Events:
        slots = tracker.current_slot_values()
        return close_form(*(name for name in slots if name != "requested_slot"))


class StopMessages(Skill):
    action = "action_stop_messages"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        turn.chat.stopped = True
        reminders.cancel(turn.session, turn.chat)
        rhythms.stop(turn.session, turn.person.id)
        return general.say(turn, "stop.done")


class ReceivedMedia(Skill):
    """What cannot be read is named; a tap under a voice message or a video says whether a person may hear it."""

    action = "action_received_media"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        kind = entity(tracker, "kind") or "other"
        if kind == "recording":
            return recordings.decide(turn, entity(tracker, "answer") or "", entity(tracker, "key") or "")
        return general.say(turn, f"media.{kind}")

    def events(self, turn: Turn, tracker: Tracker) -> Events:
        if turn.answered == recordings.STORY:
            return close_form("story_words")
        if turn.answered == recordings.REASON and tracker.active_loop.get("name") == "handoff_form":
            return [SlotSet("handoff_reason", "given"), FollowupAction("handoff_form")]
        return []


class OldButton(Skill):
    action = "action_old_button"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return general.say(turn, "button.old", menu=not tracker.active_loop.get("name"))


class NotUnderstood(Skill):
    action = "action_not_understood"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        turn.understood = False
        turn.chat.misunderstood += 1
        unknown.record(turn.session, "message", turn.language, turn.text)
        return general.not_understood(turn, [intent for intent, _ in turn.ranking], turn.chat.misunderstood)


class MeantOther(Skill):
    """After an answer the bot was not sure of: what else the message may have meant."""

    action = "action_meant_other"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        turn.understood = False
        turn.chat.misunderstood += 1
        if took := entity(tracker, "key"):
            unknown.rated(turn.session, turn.language, f"intent/{took}")
        return general.not_understood(turn, (entity(tracker, "likely") or "").split(","), turn.chat.misunderstood)


def _saying(action: str, key: str) -> type[Skill]:
    """A skill that says one text."""

    class Saying(Skill):
        def answer(self, turn: Turn, tracker: Tracker) -> Reply:
            return general.say(turn, key)

    Saying.action = action
    return Saying


SAYINGS = (
    _saying("action_greet", "greet"),
    _saying("action_affirm", "affirm.what"),
    _saying("action_deny", "deny.ok"),
    _saying("action_thanks", "thanks"),
    _saying("action_goodbye", "goodbye"),
    _saying("action_out_of_scope", "out_of_scope"),
)
