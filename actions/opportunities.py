"""Skill: find something to do with what one can do, read about it, and say that one is interested."""

from __future__ import annotations

from collections.abc import Iterable

from rasa_sdk import Tracker

from actions.skill import Skill, entity
from bot.answers import general, opportunities
from bot.cases import service_quality
from bot.conversation.turn import Turn
from bot.knowledge.seed import Opportunity
from bot.opportunities import about_person, interest, matching
from bot.opportunities.matching import Wish
from bot.replies import Reply


class FindOpportunity(Skill):
    action = "action_find_opportunity"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply | Iterable[Reply]:
        if not turn.installation.is_on("opportunities"):
            return general.say(turn, "opportunity.off")
        wish = _wish(turn, tracker)
        found = matching.find(turn.knowledge, wish, turn.at, service_quality.sinking(turn.session))
        return opportunities.results(turn, wish, found)


class ShowOpportunity(Skill):
    action = "action_show_opportunity"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        wish = _wish(turn, tracker)
        one = _shown(turn, tracker, wish)
        if one is None:
            return opportunities.gone(turn)
        return opportunities.details(turn, matching.match(turn.knowledge, one, wish, turn.at), wish)


class Interested(Skill):
    """A tap asks; the yes to what was asked is what is sent."""

    action = "action_interested"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        one = _shown(turn, tracker, _wish(turn, tracker))
        if not turn.installation.is_on("referrals"):
            return general.say(turn, "referral.off")
        if one is None:
            return opportunities.gone(turn)
        skills = [key for key in (entity(tracker, "what") or "").split(",") if key]
        if known := interest.open_one(turn.session, turn.person.id, one.key):
            return opportunities.noted(turn, known, one)
        if entity(tracker, "answer") != "yes":
            return opportunities.ask(turn, one, skills)
        told = entity(tracker, "value")
        return opportunities.noted(
            turn, interest.make(turn.session, turn.chat, one, skills, made_from=turn.origin, told=told), one
        )


def _wish(turn: Turn, tracker: Tracker) -> Wish:
    area = entity(tracker, "area") or tracker.get_slot("area")
    waits = tracker.get_slot("asylum") == "waiting" or about_person.waits_for_decision(turn.session, turn.person.id)
    group, time = entity(tracker, "kind"), entity(tracker, "choice")
    return Wish(
        able=about_person.able(turn.session, turn.person),
        group=group if group in matching.GROUPS else None,
        area=None if area in (None, "none") else str(area),
        time=time if time in matching.TIMES else None,
        unpaid_only=waits,
    )


def _shown(turn: Turn, tracker: Tracker, wish: Wish) -> Opportunity | None:
    """The one that the button names; an old button does not show paid work to whom it is not shown now."""
    one = turn.knowledge.opportunities.get(entity(tracker, "key") or "")
    return None if one is None or (wish.unpaid_only and matching.is_paid_work(one)) else one
