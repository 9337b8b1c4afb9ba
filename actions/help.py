"""Skill: find help near the person, and be referred to it with consent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.skill import Events, Question, Skill, Validate, entity, intent_of, tapped_answer
from bot.answers import contacts, general, journeys, services
from bot.cases import referrals, service_quality
from bot.conversation.turn import Turn
from bot.knowledge import services as search
from bot.knowledge import unknown
from bot.replies import Reply

SLOTS = ("need", "area", "access")


class StartHelp(Skill):
    action = "action_start_help"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return turn.reply(turn.t("help.begin"))

    def events(self, turn: Turn, tracker: Tracker) -> Events:
        return [
            SlotSet("need", entity(tracker, "need")),
            SlotSet("area", entity(tracker, "area")),
            SlotSet("access", None),
        ]


class ValidateHelp(Validate):
    action = "validate_help_form"

    def take(self, turn: Turn, tracker: Tracker, asked: str) -> dict[str, Any]:
        taken: dict[str, Any] = {name: value for name in ("need", "area") if name == asked and (value := entity(tracker, name))}
        intent = intent_of(tracker)
        value = tapped_answer(tracker, asked)
        if value and (asked != "need" or value in services.NEEDS):
            taken[asked] = value
        elif asked != "need" and intent in ("skip", "deny"):
            taken[asked] = "none"
        if asked == "need" and "need" in taken and (area := entity(tracker, "area")):
            taken["area"] = area  # "English classes in Sparkbrook": it is not asked again
        return taken


class Ask(Question):
    """One for each question of the form."""

    def __init__(self, slot: str) -> None:
        self._slot = slot

    def name(self) -> str:
        return f"action_ask_help_form_{self._slot}"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return services.question(turn, self._slot)


class ShowServices(Skill):
    action = "action_show_services"

    def answer(self, turn: Turn, tracker: Tracker) -> Iterable[Reply]:
        need, area, access = (str(tracker.get_slot(slot) or "none") for slot in SLOTS)
        wish = search.Wish(need, None if area == "none" else area, turn.language, None if access == "none" else access)
        found = search.find(
            turn.knowledge, wish, turn.at, sinking=service_quality.sinking(turn.session), ours=turn.installation.ours
        )
        if found.wider or not found.matches:
            unknown.record(turn.session, "need", turn.language, f"{need} {area}")
        return journeys.with_offer(turn, services.results(turn, need, found, contacts.beside(turn, need, wish.area)))


class Located(Skill):
    """A shared location: as an answer to "where" it is taken by the form; else it offers help near there."""

    action = "action_located"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return services.near(turn, entity(tracker, "area") or "")


class AskConsent(Skill):
    action = "action_ask_consent"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        key = entity(tracker, "service") or ""
        if not turn.installation.is_on("referrals"):
            return general.say(turn, "referral.off")
        if key not in turn.knowledge.services:
            return general.say(turn, "referral.gone")
        return services.consent(turn, key, entity(tracker, "need") or "community")


class GiveConsent(Skill):
    action = "action_give_consent"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        key, need = entity(tracker, "service") or "", entity(tracker, "need") or "community"
        if not turn.installation.is_on("referrals"):
            return general.say(turn, "referral.off")
        if key not in turn.knowledge.services:
            return general.say(turn, "referral.gone")
        shared = services.shared(turn, need)
        until = entity(tracker, "until")
        made = referrals.make(turn.session, turn.chat, service=key, need=need, shared=shared, made_from=turn.origin, told=until)
        return services.referred(turn, made)


class RefuseConsent(Skill):
    action = "action_refuse_consent"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        referrals.refused(turn.session, turn.chat, entity(tracker, "service") or "")
        return general.say(turn, "consent.refused")
