"""What a caseworker does with a hand-off, and what the person hears of it."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.cases import answering, conversation, handoffs, moving, referrals
from bot.cases.models import Handoff, Message, Referral
from bot.cases.summary import summary
from bot.conversation import inbox, outbox
from bot.conversation.models import Outbox
from bot.db.base import now
from bot.errors import RefusedError
from bot.house import House
from bot.i18n import t
from bot.people.models import Chat
from bot.staff.models import Staff

AMINA, BEA = 1, 2


@pytest.fixture
def asked(house: House) -> Iterator[str]:
    """The reference of a hand-off of somebody who writes Arabic."""
    with house.sessions.begin() as session:
        for number, name in ((AMINA, "Amina"), (BEA, "Bea")):
            session.add(Staff(id=number, login=name.lower(), name=name, role="caseworker", password_hash="", totp_secret=""))
        chat = inbox.chat_for(session, "web", "someone")
        chat.person.language = "ar"
        session.flush()
        session.add(Message(chat_id=chat.id, sender="person", language="ar", text="أريد أن أتكلم مع شخص"))
        row = handoffs.open_handoff(session, chat, kind="asked", urgency="week", reason="السكن", reach="chat")
        reference = row.reference
    yield reference


def open_it(session: Session, reference: str) -> Handoff:
    found = answering.find(session, reference, to_change=True)
    assert found is not None
    return found


def going_out(house: House) -> list[str]:
    with house.sessions() as session:
        return [outbox.outgoing(row).reply.text for row in session.scalars(select(Outbox).order_by(Outbox.id))]


def held(house: House) -> int | None:
    with house.sessions() as session:
        return session.scalars(select(Chat.held_by_handoff)).one()


def refusal(house: House, reference: str, act: object, *args: object, **kwargs: object) -> str:
    with house.sessions.begin() as session, pytest.raises(RefusedError) as error:
        act(session, open_it(session, reference), *args, **kwargs)  # type: ignore[operator]  # called by name with any service
    return error.value.reason


def test_an_answer_goes_out_once_however_often_the_form_is_sent(house: House, asked: str) -> None:
    for expected in (True, False):
        with house.sessions.begin() as session:
            row = open_it(session, asked)
            answering.claim(session, row, AMINA)
            assert answering.reply(session, row, AMINA, "مرحبا", once="form-token-1") is expected
    assert going_out(house) == ["مرحبا"]
    with house.sessions() as session:
        sent = session.scalars(select(Outbox)).one()
        reply = outbox.outgoing(sent).reply
        assert (reply.sender, reply.language, sent.origin) == ("staff", "ar", "staff:form-token-1/0")
        assert open_it(session, asked).state == "answered"
        assert session.scalars(select(Message.staff_id).where(Message.sender == "staff")).one() == AMINA


def test_two_caseworkers_claiming_at_once_one_is_told(house: House, asked: str) -> None:
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def attempt(staff_id: int) -> None:
        barrier.wait()
        try:
            with house.sessions.begin() as session:
                answering.claim(session, open_it(session, asked), staff_id)
            outcomes.append("claimed")
        except RefusedError as error:
            outcomes.append(error.reason)

    threads = [threading.Thread(target=attempt, args=(number,)) for number in (AMINA, BEA)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["claimed", "taken"]
    assert held(house) is not None


def test_only_who_holds_it_answers_gives_back_or_closes(house: House, asked: str) -> None:
    assert refusal(house, asked, answering.reply, AMINA, "hello", once="form-token-1") == "not_yours"
    with house.sessions.begin() as session:
        answering.claim(session, open_it(session, asked), AMINA)
    assert refusal(house, asked, answering.reply, BEA, "hello", once="form-token-2") == "not_yours"
    assert refusal(house, asked, answering.give_back, BEA, "") == "not_yours"
    assert refusal(house, asked, answering.close, BEA, "helped") == "not_yours"
    assert refusal(house, asked, answering.reply, AMINA, " \u202e\n", once="form-token-3") == "text_empty"
    assert refusal(house, asked, answering.reply, AMINA, "x" * 3_501, once="form-token-4") == "text_long"
    assert refusal(house, asked, answering.close, AMINA, "vanished") == "outcome"
    assert going_out(house) == []


def test_giving_back_tells_the_person_in_their_language_and_the_bot_speaks_again(house: House, asked: str) -> None:
    for times in (1, 2):  # a hand-off can be given back more than once
        with house.sessions.begin() as session:
            row = open_it(session, asked)
            answering.claim(session, row, AMINA)
            assert answering.give_back(session, row, AMINA, "my shift ends")
            assert not answering.give_back(session, row, AMINA, "a double click")
        assert going_out(house) == [t("ar", "handoff.released", reference=asked)] * times
    assert held(house) is None
    with house.sessions() as session:
        assert open_it(session, asked).state == "waiting"


def test_closing_tells_the_person_once_with_a_way_on(house: House, asked: str) -> None:
    for expected in (True, False):
        with house.sessions.begin() as session:
            assert answering.close(session, open_it(session, asked), AMINA, "helped") is expected
    assert going_out(house) == [t("ar", "handoff.closed", reference=asked)]
    with house.sessions() as session:
        buttons = outbox.outgoing(session.scalars(select(Outbox)).one()).reply.rows[0]
        assert [button.payload for button in buttons] == ["/menu", "/talk_to_person"]
    assert refusal(house, asked, answering.claim, BEA) == "closed"
    assert refusal(house, asked, answering.reply, BEA, "hello", once="form-token-9") == "closed"


def test_the_summary_says_who_asks_what_and_what_may_be_shared(house: House, asked: str) -> None:
    with house.sessions.begin() as session:
        chat = session.scalars(select(Chat)).one()
        shared = {"need": "housing", "language": "ar"}
        made = referrals.make(session, chat, service="hub", need="housing", shared=shared, made_from="1:0", told=None)
        found = summary(session, open_it(session, asked))
    assert (found.language_name, found.asked, found.reach, found.urgency) == ("Arabic", "السكن", "chat", "week")
    assert [row.reference for row in found.referrals] == [made.reference]
    assert [(row.purpose, row.shared, row.ended) for row in found.agreed] == [(f"referral:{made.reference}", shared, False)]
    assert found.plan is None and not found.unreachable


def test_the_conversation_shows_what_became_of_each_answer(house: House, asked: str) -> None:
    with house.sessions.begin() as session:
        row = open_it(session, asked)
        answering.claim(session, row, AMINA)
        answering.reply(session, row, AMINA, "hello", once="form-token-1")
        outbox.mark_failed(session, session.scalars(select(Outbox.id)).one(), "UnreachableError", unreachable=True)
    with house.sessions() as session:
        first, second = conversation.messages(session, open_it(session, asked).person_id)
        assert (first.sender, first.delivery) == ("person", "")
        assert (second.sender, second.by, second.delivery, second.failure) == ("staff", "Amina", "failed", "UnreachableError")
        assert conversation.messages(session, open_it(session, asked).person_id, before=second.id) == [first]


def referral(session: Session) -> Referral:
    chat = session.scalars(select(Chat)).one()
    return referrals.make(session, chat, service="hub", need="legal", shared={}, made_from="1:0", told=None)


def test_a_referral_moves_once_and_the_person_gets_the_news(house: House, asked: str) -> None:
    for expected in (True, False):
        with house.sessions.begin() as session:
            assert moving.move(session, referral(session), "sent", AMINA, "by  phone") is expected
    assert len(going_out(house)) == 1 and t("ar", "referral.state.sent") in going_out(house)[0]
    with house.sessions() as session:
        last = moving.events(session, referral_id=session.scalars(select(Referral.id)).one())[-1]
        assert (last.actor, last.was, last.becomes, last.why) == ("staff:1", "consent_given", "sent", "by phone")


def test_nothing_is_sent_to_a_service_after_the_consent_has_ended(house: House, asked: str) -> None:
    with house.sessions.begin() as session:
        referral(session)
        session.execute(update(Referral).values(consent_until=now() - dt.timedelta(days=1)))
    with house.sessions.begin() as session:
        row = session.scalars(select(Referral)).one()
        assert "sent" not in moving.onward(row) and "withdrawn" in moving.onward(row)
        with pytest.raises(RefusedError) as error:
            moving.move(session, row, "sent", AMINA, "")
    assert error.value.reason == "consent_over" and going_out(house) == []


def test_who_said_stop_gets_no_news_unasked(house: House, asked: str) -> None:
    with house.sessions.begin() as session:
        session.execute(update(Chat).values(stopped=True))
    with house.sessions.begin() as session:
        moving.move(session, referral(session), "sent", AMINA, "")
    assert going_out(house) == []
