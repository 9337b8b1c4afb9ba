"""The person is asked how it went at the right time and no more, and one tap is enough."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.cases import after_moves, follow_ups, moving, referrals
from bot.cases.models import Handoff, Referral
from bot.conversation import due_referrals
from bot.conversation.clock import JOBS
from bot.house import House
from bot.people.models import Chat
from bot.people.reminders import due_in
from tests.sendout import people
from tests.sendout.people import NOON


def sent(house: House, amina: int, key: str = "shelter") -> int:
    """The id of a referral that was sent and of which the person should be asked now."""
    with house.sessions.begin() as session:
        referral = people.agreed(session, key)
        people.send(session, house, referral, amina, by="phone")
        referral.follow_up_at = NOON
        return referral.id


def tick(house: House, at: dt.datetime = NOON) -> list[str]:
    """What people were written by this tick."""
    with house.sessions.begin() as session:
        before = len(people.told(session))
        written = due_referrals.due(session, house, at)
        new = people.told(session)[before:]
        assert written == len(new)
        return new


def state(house: House, number: int) -> tuple[str, str | None]:
    with house.sessions() as session:
        referral = session.get_one(Referral, number)
        return referral.state, referral.outcome


def test_the_clock_does_it() -> None:
    assert JOBS["referrals"] is due_referrals.due


def test_asked_once_and_once_more_and_never_again(house: House, amina: int) -> None:
    sent(house, amina)
    (question,) = tick(house)
    assert "Shelter" in question and tick(house) == []
    assert tick(house, NOON + dt.timedelta(days=6)) == []
    week = due_in(follow_ups.AGAIN_DAYS, NOON)
    assert len(tick(house, week)) == 1
    assert [tick(house, week + dt.timedelta(days=days)) for days in (1, 7, 40)] == [[], [], []]


def test_the_buttons_are_the_four_answers(house: House, amina: int) -> None:
    sent(house, amina)
    with house.sessions.begin() as session:
        ((referral, chat),) = follow_ups.take_due(session, NOON)
        from bot.answers import referrals as words
        from bot.knowledge import snapshot

        reply = words.how_it_went(snapshot.current(session), referral, chat.person.language)
    sends = [button.payload for row in reply.rows for button in row]
    assert [f'"value":"{said}"' in payload for said, payload in zip(follow_ups.ANSWERS, sends, strict=True)] == [True] * 4
    assert all(payload.startswith("/referral_answer{") and referral.reference in payload for payload in sends)


@pytest.mark.parametrize("hour", [0, 3, 8, 20, 23])
def test_nobody_is_asked_at_night_also_when_the_program_was_off_in_between(house: House, amina: int, hour: int) -> None:
    sent(house, amina)
    assert tick(house, NOON.replace(hour=hour) + dt.timedelta(days=1)) == []
    assert len(tick(house, NOON + dt.timedelta(days=1))) == 1


def test_somebody_who_stopped_messages_or_cannot_be_reached_is_not_asked(house: House, amina: int) -> None:
    for change in ({"stopped": True}, {"unreachable_at": NOON}):
        number = sent(house, amina)
        with house.sessions.begin() as session:
            chat = session.get_one(Chat, session.get_one(Referral, number).chat_id)
            for name, value in change.items():
                setattr(chat, name, value)
        assert tick(house) == []
        with house.sessions.begin() as session:
            chat.stopped, chat.unreachable_at = False, None
            session.merge(chat)
            referrals.withdraw(session, session.get_one(Referral, number))
        assert tick(house) == []  # and not later either


def test_while_a_caseworker_holds_the_chat_the_question_waits(house: House, amina: int) -> None:
    number = sent(house, amina)
    with house.sessions.begin() as session:
        referral = session.get_one(Referral, number)
        held = Handoff(
            reference="H-1",
            person_id=referral.person_id,
            chat_id=referral.chat_id,
            kind="asked",
            urgency="any",
            reason="",
            reach="chat",
        )
        session.add(held)
        session.flush()
        session.get_one(Chat, referral.chat_id).held_by_handoff = held.id
    assert tick(house) == []
    with house.sessions.begin() as session:
        session.get_one(Chat, referral.chat_id).held_by_handoff = None
    assert tick(house) == [] and len(tick(house, NOON + dt.timedelta(days=1))) == 1


def test_acceptance_sets_the_time_anew(house: House, amina: int) -> None:
    number = sent(house, amina)
    with house.sessions.begin() as session:
        referral = session.get_one(Referral, number)
        moving.move(session, referral, "accepted", amina, "")
        assert referral.follow_up_at is not None and referral.follow_up_at > NOON - dt.timedelta(days=365)
        after_moves.ask_later(session, referral)
        moving.move(session, referral, "could_not_reach", amina, "")
        assert referral.follow_up_at is None


@pytest.mark.parametrize(
    ("said", "becomes", "is_told"),
    [
        ("got_help", "completed", False),
        ("no_place", "declined_by_service", True),
        ("could_not_reach", "could_not_reach", True),
        ("not_for_me", "declined_by_person", False),
    ],
)
def test_one_tap_moves_the_referral_and_a_second_changes_nothing(
    house: House, amina: int, said: str, becomes: str, is_told: bool
) -> None:
    number = sent(house, amina)
    with house.sessions.begin() as session:
        referral = session.get_one(Referral, number)
        assert [follow_ups.answer(session, referral, said) for _ in range(2)] == ["noted", "again"]
        assert people.moves(session, referral)[-1] == ("person", becomes, said)
        told = [notice for notice in people.noticed(session) if notice[1] == "person_answered"]
        assert told == ([(amina, "person_answered", f"referral:{referral.reference}")] if is_told else [])
    assert state(house, number) == (becomes, said) and tick(house) == []


def test_who_could_not_reach_them_can_still_say_that_they_were_helped(house: House, amina: int) -> None:
    number = sent(house, amina)
    with house.sessions.begin() as session:
        referral = session.get_one(Referral, number)
        follow_ups.answer(session, referral, "could_not_reach")
        assert follow_ups.answer(session, referral, "got_help") == "noted"
        assert follow_ups.answer(session, referral, "no_place") == "over"  # it has ended with another answer
        assert follow_ups.answer(session, referral, "nonsense") == "over"
    assert state(house, number) == ("completed", "got_help")


def test_what_they_say_of_one_that_has_ended_is_noted_and_moves_nothing(house: House, amina: int) -> None:
    number = sent(house, amina)
    with house.sessions.begin() as session:
        referral = session.get_one(Referral, number)
        moving.move(session, referral, "completed", amina, "")
        assert follow_ups.answer(session, referral, "got_help") == "noted"
    assert state(house, number) == ("completed", "got_help")


def test_a_referral_is_only_its_own_persons(house: House, amina: int) -> None:
    number = sent(house, amina)
    with house.sessions.begin() as session:
        referral = session.get_one(Referral, number)
        other = people.chat(session, "another")
        assert referrals.find_of(session, other.person_id, referral.reference) is None
        assert referrals.find_of(session, referral.person_id, referral.reference) is referral


def test_when_the_agreed_time_is_over_it_ends_and_the_person_is_told(house: House, amina: int) -> None:
    with house.sessions.begin() as session:
        made = {}
        for name in ("consent_given", "sent", "accepted", "waiting_list"):
            made[name] = people.agreed(session, who=name)
            made[name].consent_until = NOON
            if name != "consent_given":
                people.send(session, house, made[name], amina, by="phone")
            if name in ("accepted", "waiting_list"):
                moving.move(session, made[name], name, amina, "")
            made[name].follow_up_at = None
    assert tick(house, NOON - dt.timedelta(minutes=1)) == []
    assert len(tick(house, NOON)) == 3 and tick(house, NOON) == []
    with house.sessions() as session:
        states = {name: session.get_one(Referral, row.id).state for name, row in made.items()}
        assert people.moves(session, made["sent"])[-1] == ("bot", "withdrawn", "consent_over")
    assert states == {"consent_given": "withdrawn", "sent": "withdrawn", "accepted": "accepted", "waiting_list": "withdrawn"}
