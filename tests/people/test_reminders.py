"""A reminder is sent once, at a decent hour, also when the program was killed, and not when it is no use any more."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from bot.conversation import inbox
from bot.conversation.clock import Clock
from bot.conversation.models import Outbox
from bot.conversation.personal_data import forget
from bot.db.base import now
from bot.house import House
from bot.knowledge.seed import Seed
from bot.people import plans, reminders
from bot.people.models import Chat, Reminder


@pytest.fixture
def asked(stocked: House, content: Seed) -> House:
    """Somebody with a nurse's plan has asked to be reminded of the CBT, and the time has come."""
    pathway = next(p for p in content.pathways if p.key == "nurse")
    with stocked.sessions.begin() as session:
        chat = inbox.chat_for(session, "cli", "a")
        chat.person.language = "ar"
        plans.save(session, chat.person_id, pathway, {})
        reminders.ask_for(session, chat, "nurse", "cbt", 3).due_at = now() - dt.timedelta(hours=1)
    return stocked


def sent(house: House) -> list[str]:
    with house.sessions() as session:
        return [row.body["text"] for row in session.scalars(select(Outbox).order_by(Outbox.id))]


def test_what_is_due_is_sent_once_in_the_persons_language(asked: House) -> None:
    assert [Clock(asked).tick(), Clock(asked).tick()] == [1, 0]
    (text,) = sent(asked)
    assert "CBT" in text and any("\u0600" < c < "\u06ff" for c in text)


def test_a_step_that_is_done_meanwhile_is_not_reminded_of(asked: House) -> None:
    with asked.sessions.begin() as session:
        chat = session.scalars(select(Chat)).one()
        plan = plans.latest(session, chat.person_id)
        assert plan is not None
        plans.mark(session, plan, "cbt", "done")
    assert Clock(asked).tick() == 0 and sent(asked) == []


def test_a_chat_that_cannot_be_reached_is_not_written_to(asked: House) -> None:
    with asked.sessions.begin() as session:
        session.scalars(select(Chat)).one().unreachable_at = now()
    assert Clock(asked).tick() == 0


def test_deleting_everything_deletes_the_reminder(asked: House) -> None:
    with asked.sessions.begin() as session:
        forget(session, session.scalars(select(Chat)).one().person)
    assert Clock(asked).tick() == 0
    with asked.sessions() as session:
        assert list(session.scalars(select(Reminder))) == []


def test_asking_again_moves_it_and_stopping_ends_it(asked: House) -> None:
    with asked.sessions.begin() as session:
        chat = session.scalars(select(Chat)).one()
        reminders.ask_for(session, chat, "nurse", "cbt", 7)
        assert len(reminders.waiting(session, chat)) == 1
        reminders.cancel(session, chat)
        assert reminders.waiting(session, chat) == []
    assert Clock(asked).tick() == 0


@pytest.mark.parametrize(
    ("asked_at", "due"), [("2027-03-26T22:30Z", "2027-03-29T09:00Z"), ("2026-11-26T08:00Z", "2026-11-29T10:00Z")]
)
def test_it_comes_at_ten_by_the_clock_on_the_wall_also_across_a_clock_change(asked_at: str, due: str) -> None:
    assert reminders.due_in(3, dt.datetime.fromisoformat(asked_at)) == dt.datetime.fromisoformat(due)
