"""A case that is set aside comes back: at its time, by hand, or when the person writes."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import update

from bot.cases import answering, queues, snoozing
from bot.cases.models import Handoff
from bot.cases.queues import Filters
from bot.conversation.clock import Clock
from bot.db.base import now
from bot.house import House
from bot.people.models import Chat
from tests.cases.office import AMINA, BEA, ask, case, history, refused, says, told

TOMORROW = dt.timedelta(days=1)


def asleep(house: House) -> str:
    with house.sessions.begin() as session:
        row = ask(session)
        answering.claim(session, row, AMINA)
        until = now() + TOMORROW
        assert [snoozing.snooze(session, row, AMINA, until) for _ in range(2)] == [True, False]
        return row.reference


def shown(house: House, show: str) -> int:
    with house.sessions() as session:
        return len(queues.listed(session, Filters(show=show), AMINA, "caseworker").rows)


def test_it_sleeps_and_comes_back_by_itself(at_work: House) -> None:
    reference = asleep(at_work)
    assert (shown(at_work, "mine"), shown(at_work, "snoozed")) == (0, 1)
    with at_work.sessions.begin() as session:
        session.execute(update(Handoff).values(snoozed_until=now() - dt.timedelta(seconds=1)))
    assert (shown(at_work, "mine"), shown(at_work, "snoozed")) == (1, 0)  # at once, before the clock has looked
    for _ in range(2):
        Clock(at_work).tick()
    with at_work.sessions.begin() as session:
        row = case(session, reference)
        assert row.snoozed_until is None and told(session, AMINA).count(("woken", "handoff")) == 1
        assert history(session, row)[-1][:3] == ("bot", "claimed", "woken")


def test_a_message_wakes_it(at_work: House) -> None:
    reference = asleep(at_work)
    with at_work.sessions.begin() as session:
        row = case(session, reference)
        says(session, session.get_one(Chat, row.chat_id), "I have the letter now")
        assert row.snoozed_until is None and ("person", "claimed", "woken", "") in history(session, row)
    assert shown(at_work, "mine") == 1


def test_it_is_taken_back_by_hand_by_who_holds_it(at_work: House) -> None:
    reference = asleep(at_work)
    with at_work.sessions.begin() as session:
        row = case(session, reference)
        assert refused(snoozing.wake, session, row, BEA) == "not_yours"
        assert [snoozing.wake(session, row, AMINA) for _ in range(2)] == [True, False]


def test_nobody_in_danger_is_set_aside_and_nothing_for_ever(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session, urgency="danger", kind="danger")
        until = now() + TOMORROW
        assert refused(snoozing.snooze, session, row, AMINA, until) == "not_yours"
        answering.claim(session, row, AMINA)
        assert refused(snoozing.snooze, session, row, AMINA, until) == "snooze_danger"
        answering.reply(session, row, AMINA, "are you safe?", once="form-token-01")
        for wrong in (now() - TOMORROW, now() + dt.timedelta(days=91)):
            assert refused(snoozing.snooze, session, row, AMINA, wrong) == "until"
        assert snoozing.snooze(session, row, AMINA, until)


def test_giving_back_and_closing_wake_it(at_work: House) -> None:
    reference = asleep(at_work)
    with at_work.sessions.begin() as session:
        row = case(session, reference)
        answering.give_back(session, row, AMINA, "")
        assert row.snoozed_until is None and row.state == "waiting"
