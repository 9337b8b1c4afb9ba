"""A referral in a running conversation: asked how it went by the clock, answered by a tap, taken back, also while it is held."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from sqlalchemy import select

from bot.cases import consents, handoffs, sending_out
from bot.cases.models import Referral
from bot.conversation import due_referrals
from bot.i18n import t
from bot.people.models import Chat
from bot.staff.models import Staff
from tests.talking import Talk

NOON = dt.datetime(2027, 1, 6, 12, tzinfo=dt.UTC)


@pytest.fixture(params=["en", "ar", "so"])
def referred(talk: Talk, request: pytest.FixtureRequest) -> Talk:
    """Somebody who found a service, agreed, and whose referral a caseworker passed on by telephone."""
    language = str(request.param)
    talk.speaks(language).say("/menu")
    talk.tap(t(language, "menu.help"))
    talk.tap(t(language, "need.housing"))
    talk.tap(t(language, "area.Birmingham"))
    talk.tap(t(language, "button.nothing_special"))
    talk.tap(t(language, "button.refer_me"))
    talk.tap(t(language, "button.consent_yes"))
    with talk.house.sessions.begin() as session:
        amina = Staff(login="amina", name="Amina", role="caseworker", password_hash="", totp_secret="")
        session.add(amina)
        session.flush()
        referral = session.scalars(select(Referral)).one()
        sending_out.send(session, talk.house.settings, referral, by="phone", staff_id=amina.id, once=uuid.uuid4().hex)
        referral.follow_up_at = NOON
    assert t(language, "referral.state.sent") in talk.hear()
    return talk


def language(talk: Talk) -> str:
    with talk.house.sessions() as session:
        return session.scalars(select(Chat)).one().person.language


def ask(talk: Talk) -> str:
    with talk.house.sessions.begin() as session:
        assert due_referrals.due(session, talk.house, NOON) == 1
    return talk.hear()


def state(talk: Talk) -> tuple[str, str | None]:
    with talk.house.sessions() as session:
        referral = session.scalars(select(Referral)).one()
        return referral.state, referral.outcome


@pytest.mark.parametrize(
    ("said", "becomes"),
    [("got_help", "completed"), ("no_place", "declined_by_service"), ("not_for_me", "declined_by_person")],
)
def test_one_tap_is_the_whole_answer(referred: Talk, said: str, becomes: str) -> None:
    spoken = language(referred)
    assert ask(referred)
    answer = referred.tap(t(spoken, f"button.{said}"))
    assert state(referred) == (becomes, said) and answer
    assert (t(spoken, "referral.next") in answer) == (said != "got_help")


def test_a_typed_label_counts_as_the_tap(referred: Talk) -> None:
    ask(referred)
    referred.say(t(language(referred), "button.could_not_reach"))
    assert state(referred) == ("could_not_reach", "could_not_reach")


def test_taking_back_from_my_referrals(referred: Talk) -> None:
    spoken = language(referred)
    referred.say("/menu")
    referred.tap(t(spoken, "menu.referrals"))
    with referred.house.sessions() as session:
        reference = session.scalars(select(Referral)).one().reference
    question = referred.tap(t(spoken, "button.withdraw", reference=reference))
    assert reference in question
    done = referred.tap(t(spoken, "button.withdraw_yes"))
    assert done == t(spoken, "referral.taken_back_sent", reference=reference)
    with referred.house.sessions() as session:
        referral = session.scalars(select(Referral)).one()
        assert referral.state == "withdrawn" and not consents.holds(session, referral)


def test_the_tap_counts_while_a_caseworker_holds_the_chat(referred: Talk) -> None:
    ask(referred)
    with referred.house.sessions.begin() as session:
        chat = session.scalars(select(Chat)).one()
        handoff = handoffs.open_handoff(session, chat, kind="asked", urgency="any", reason="", reach="chat")
        handoffs.claim(session, handoff, session.scalars(select(Staff.id)).one())
    assert referred.tap(t(language(referred), "button.got_help"))
    assert state(referred) == ("completed", "got_help")
