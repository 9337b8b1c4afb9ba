"""On both databases: one look sends each check-in once beside another look, and what is kept has its time."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select, update

from bot.conversation import due_check_ins, inbox
from bot.conversation.models import Outbox
from bot.db.base import now
from bot.house import House
from bot.journeys import checkins, outcomes, rhythms
from bot.journeys.models import CheckIn, CheckInRhythm, Outcome
from tests.privacy.test_retention import swept

DAY = dt.timedelta(days=1)
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


def test_two_processes_that_look_at_once_ask_everybody_once(at_work_on_each: House) -> None:
    """The second looks while the first has not committed (on PostgreSQL), or after it (on SQLite, which lets one write)."""
    house = at_work_on_each
    for who in ("a", "b", "c"):
        with house.sessions.begin() as session:
            rhythms.choose(session, inbox.chat_for(session, "cli", who), "two_weeks", NOON)
    at = NOON + 20 * DAY
    if house.database.dialect.name == "postgresql":
        with house.sessions.begin() as first, house.sessions.begin() as second:
            assert due_check_ins.due(first, house, at) == 3 and due_check_ins.due(second, house, at) == 0
    else:
        for expected in (3, 0):
            with house.sessions.begin() as session:
                assert due_check_ins.due(session, house, at) == expected
    with house.sessions() as session:
        assert session.scalar(select(func.count()).select_from(Outbox).where(Outbox.origin.startswith("check-in:"))) == 3


def test_faces_and_what_changed_stay_and_words_and_silence_go(at_work_on_each: House) -> None:
    house, today = at_work_on_each, now()
    old = today - 91 * DAY
    with house.sessions.begin() as session:
        chat = inbox.chat_for(session, "cli", "sara")
        rhythms.choose(session, chat, "month", old)
        answered = rhythms.begin(session, chat, old)
        checkins.answer(session, answered, "feeling", "4", old)
        session.add(CheckIn(person_id=chat.person_id, chat_id=chat.id, rhythm="month", sent_at=old))
        outcomes.add_words(session, outcomes.said(session, answered, "other", old), "my own words", "en")
        outcomes.propose(session, chat.person_id, "nurse", "osce", old)
        session.execute(update(Outcome).values(noted_at=old))
    assert swept(house, today) == {"check_ins": 1, "outcomes": 1, "outcome_words": 1}
    assert swept(house, today) == {}
    with house.sessions() as session:
        assert (
            session.scalars(select(CheckIn)).one().feeling == 4 and session.scalars(select(CheckInRhythm)).one().rhythm == "month"
        )
        left = session.scalars(select(Outcome)).one()
        assert (left.kind, left.words, left.state) == ("other", None, "confirmed")
