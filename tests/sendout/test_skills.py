"""What the person's taps do: how it went, the next service, taking a referral back; in their language, and only with their own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
import yaml
from rasa_sdk import Tracker
from sqlalchemy.orm import Session

from actions import all_actions
from actions.referrals import ConfirmWithdraw, HowItWent, MyReferrals, ReferralAnswer, WithdrawReferral
from actions.skill import Skill
from bot.cases import consents
from bot.cases.models import Referral
from bot.conversation import answering, choices, outbox
from bot.conversation.turn import Turn
from bot.db.base import now
from bot.house import House
from bot.i18n import t
from bot.knowledge import snapshot
from bot.replies import Reply
from bot.settings import ROOT
from tests.sendout import people


def turn(session: Session, house: House, who: str = "someone", language: str = "so") -> Turn:
    return Turn(
        session=session,
        chat=people.chat(session, who, language),
        knowledge=snapshot.current(session),
        language=language,
        text="",
        origin="in:1",
        hours=house.hours,
        at=now(),
    )


def tap(this: Turn, skill: Skill, **entities: str) -> list[Reply]:
    found = [{"entity": name, "value": value} for name, value in entities.items()]
    latest: dict[str, Any] = {"intent": {"name": "x"}, "entities": found}
    said = skill.answer(this, Tracker("x", {}, latest, [], False, None, {}, "action_listen"))
    return [said] if isinstance(said, Reply) else list(said)


def labels(replies: Iterable[Reply]) -> list[str]:
    return [button.label for reply in replies for row in reply.rows for button in row]


@pytest.fixture
def sent(house: House, amina: int) -> Referral:
    with house.sessions.begin() as session:
        referral = people.agreed(session)
        people.send(session, house, referral, amina, by="phone")
        return referral


def test_rasa_knows_every_action_and_the_intent_that_calls_it() -> None:
    mine = {skill.action for skill in (ConfirmWithdraw, HowItWent, MyReferrals, ReferralAnswer, WithdrawReferral)}
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    rules = yaml.safe_load((ROOT / "data/rules/answers.yml").read_text(encoding="utf-8"))["rules"]
    assert mine <= {action.name() for action in all_actions()} & set(domain["actions"])
    ruled = {rule["steps"][1]["action"]: rule["steps"][0]["intent"] for rule in rules if rule["steps"][1].get("action") in mine}
    assert set(ruled) == mine and set(ruled.values()) <= set(domain["intents"]) and "referral" in domain["entities"]


def test_my_referrals_offers_what_can_be_done_with_each(house: House, sent: Referral) -> None:
    with house.sessions.begin() as session:
        fresh = people.agreed(session, "wholly")
        ended = people.agreed(session, "phoneonly")
        ended.state = "completed"
        people.agreed(session, "nomail").state = "draft"
        (reply,) = tap(turn(session, house, language="en"), MyReferrals())
        for referral in (sent, fresh, ended):
            assert referral.reference in reply.text
        assert "Nomail" not in reply.text
        assert [label for label in labels([reply]) if "R-" in label] == [
            t("en", "button.how_it_went", reference=sent.reference),
            t("en", "button.withdraw", reference=sent.reference),
            t("en", "button.withdraw", reference=fresh.reference),
        ]


@pytest.mark.parametrize("said", ["no_place", "could_not_reach", "not_for_me"])
def test_where_it_did_not_help_the_next_service_is_offered_and_a_person(house: House, sent: Referral, said: str) -> None:
    with house.sessions.begin() as session:
        this = turn(session, house, language="en")
        (question,) = tap(this, HowItWent(), referral=sent.reference)
        assert "Shelter" in question.text and len(labels([question])) == 4
        replies = tap(this, ReferralAnswer(), referral=sent.reference, value=said)
        assert len(replies) == 3 and sent.reference in replies[0].text
        assert "Shelter" not in replies[1].text  # not the same one again
        assert t("en", "button.refer_me") in labels(replies) and t("en", "button.person") in labels(replies)
        (again,) = tap(this, ReferralAnswer(), referral=sent.reference, value=said)
        assert again.text == t("en", "referral.noted_already", reference=sent.reference)


def test_where_no_other_service_is_known_a_person_is_offered(house: House, sent: Referral) -> None:
    with house.sessions.begin() as session:
        for key in ("wholly", "phoneonly", "nomail"):
            people.agreed(session, key)
        (reply,) = tap(turn(session, house, language="en"), ReferralAnswer(), referral=sent.reference, value="no_place")
        assert labels([reply]) == [t("en", key) for key in ("button.find_another", "button.person", "button.menu")]


def test_got_help_is_thanked_and_left_at_that(house: House, sent: Referral) -> None:
    with house.sessions.begin() as session:
        replies = tap(turn(session, house, language="en"), ReferralAnswer(), referral=sent.reference, value="got_help")
        assert len(replies) == 1 and labels(replies) == [t("en", "button.menu")]


def test_taking_back_asks_first_and_then_ends_the_consent(house: House, sent: Referral) -> None:
    with house.sessions.begin() as session:
        this = turn(session, house, language="en")
        (question,) = tap(this, WithdrawReferral(), referral=sent.reference)
        assert labels([question]) == [t("en", "button.withdraw_yes"), t("en", "button.withdraw_no")]
        assert session.get_one(Referral, sent.id).state == "sent"
        outbox.enqueue(session, this.chat.id, [question], origin="test")
        pending = choices.pending(session, this.chat.id)  # a typed "yes" is the first button
        assert pending is not None and pending[0].payload.startswith("/confirm_withdraw")
        (done,) = tap(this, ConfirmWithdraw(), referral=sent.reference)
        assert done.text == t("en", "referral.taken_back_sent", reference=sent.reference)
        row = session.get_one(Referral, sent.id)
        assert row.state == "withdrawn" and not consents.holds(session, row)
        for skill in (ConfirmWithdraw(), WithdrawReferral(), HowItWent()):
            assert tap(this, skill, referral=sent.reference)[0].text == t(
                "en", "referral.ended_already", reference=sent.reference
            )


@pytest.mark.parametrize("skill", [HowItWent(), ReferralAnswer(), WithdrawReferral(), ConfirmWithdraw()])
@pytest.mark.parametrize("reference", ["theirs", "R-22222", ""])
def test_somebody_elses_referral_is_one_that_is_not_there(house: House, sent: Referral, skill: Skill, reference: str) -> None:
    with house.sessions.begin() as session:
        this = turn(session, house, who="another", language="en")
        given = sent.reference if reference == "theirs" else reference
        (reply,) = tap(this, skill, referral=given, value="got_help")
        assert reply.text == t("en", "referral.unknown") and session.get_one(Referral, sent.id).state == "sent"


def test_who_could_not_reach_whom_is_said_rightly(house: House, sent: Referral) -> None:
    with house.sessions.begin() as session:
        this = turn(session, house, language="en")
        tap(this, ReferralAnswer(), referral=sent.reference, value="could_not_reach")
        (reply,) = tap(this, MyReferrals())
        assert t("en", "referral.state.you_could_not_reach") in reply.text
        session.get_one(Referral, sent.id).outcome = None  # staff noted it instead
        (reply,) = tap(this, MyReferrals())
        assert t("en", "referral.state.could_not_reach") in reply.text


def test_these_taps_count_also_while_a_caseworker_holds_the_chat() -> None:
    """Consent can be taken back at any time."""
    for intent in ("/referral_answer{}", "/confirm_withdraw{}", "/withdraw_referral{}", "/how_it_went{}"):
        assert intent.startswith(answering.ALWAYS)
