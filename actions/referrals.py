"""Skill: what became of a referral, in one tap; and taking one back."""

from __future__ import annotations

from collections.abc import Iterable

from rasa_sdk import Tracker

from actions.skill import Skill, entity
from bot.answers import referrals
from bot.cases import follow_ups, service_quality
from bot.cases import referrals as kept
from bot.cases.models import Referral
from bot.conversation.turn import Turn
from bot.knowledge import services as search
from bot.knowledge.as_service import opportunity_of
from bot.replies import Reply


class MyReferrals(Skill):
    action = "action_my_referrals"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        return referrals.listed(turn, kept.of_person(turn.session, turn.person.id))


class HowItWent(Skill):
    action = "action_how_it_went"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        referral = _theirs(turn, tracker)
        if referral is None:
            return referrals.unknown(turn)
        if not follow_ups.can_be_asked(referral):
            return referrals.ended(turn, referral)
        return referrals.how_it_went(turn.knowledge, referral, turn.language)


class ReferralAnswer(Skill):
    action = "action_referral_answer"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply | Iterable[Reply]:
        referral, said = _theirs(turn, tracker), entity(tracker, "value") or ""
        if referral is None:
            return referrals.unknown(turn)
        noted = follow_ups.answer(turn.session, referral, said)
        helped = noted != "noted" or said == "got_help"
        following = None if helped else _next(turn, referral, tracker.get_slot("area"))
        return referrals.answered(turn, referral, said, noted, following)


class WithdrawReferral(Skill):
    action = "action_withdraw_referral"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        referral = _theirs(turn, tracker)
        if referral is None:
            return referrals.unknown(turn)
        is_open = referral.state in kept.OPEN
        return referrals.ask_withdraw(turn, referral) if is_open else referrals.ended(turn, referral)


class ConfirmWithdraw(Skill):
    action = "action_confirm_withdraw"

    def answer(self, turn: Turn, tracker: Tracker) -> Reply:
        referral = _theirs(turn, tracker)
        if referral is None:
            return referrals.unknown(turn)
        if not kept.withdraw(turn.session, referral):
            return referrals.ended(turn, referral)
        return referrals.withdrawn(turn, referral, was_sent=referral.sent_at is not None)


def _theirs(turn: Turn, tracker: Tracker) -> Referral | None:
    return kept.find_of(turn.session, turn.person.id, entity(tracker, "referral") or "")


def _next(turn: Turn, referral: Referral, area: str | None) -> search.Match | None:
    """The best service for the same need that they were not referred to yet; none in the place of something to do."""
    if opportunity_of(referral.service):
        return None
    tried = frozenset(row.service for row in kept.of_person(turn.session, turn.person.id))
    wish = search.Wish(referral.need, None if area in (None, "none") else str(area), turn.language)
    found = search.find(turn.knowledge, wish, turn.at, sinking=service_quality.sinking(turn.session), without=tried)
    return next(iter(found.matches), None)
