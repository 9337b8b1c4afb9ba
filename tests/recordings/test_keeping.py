"""How long a recording can be heard, on SQLite and on PostgreSQL: an hour unanswered, thirty days, until the case ends, or on hold."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.cases import erasing, handoffs, merging
from bot.cases.counting import Gone
from bot.cases.models import Handoff, LegalHold, Message
from bot.conversation import keeping as rules
from bot.conversation import personal_data
from bot.conversation.sweeping import sweep
from bot.db.base import now
from bot.house import House
from bot.people.models import Consent, Person
from bot.recordings import agreeing, keeping
from bot.recordings.models import Recording
from tests.cases.office import AMINA, ask
from tests.privacy.test_retention import trusted

DAY = dt.timedelta(days=1)
STEPS = tuple(step for step in rules.STEPS if step.name.startswith("recording"))


def recorded(session: Session, case: Handoff, *, kept: bool = True) -> Recording:
    line = Message(chat_id=case.chat_id, sender="person", language="ar", text="[voice]")
    session.add(line)
    session.flush()
    row = keeping.ask(session, case.chat_id, line.id, "voice", 34, "voice-1", for_story=False)
    if kept:
        agreeing.agree(session, case, "may they?")
        keeping.give([row], case)
    return row


def there(house: House) -> list[tuple[str, str | None]]:
    with house.sessions() as session:
        return [(row.state, row.media_id) for row in session.scalars(select(Recording).order_by(Recording.id))]


def swept(house: House, at: dt.datetime) -> dict[str, int]:
    trusted(house, at)
    return {name: times for name, times in sweep(house, at=at, steps=STEPS).items() if times}


def test_it_ends_with_its_time_or_its_case_and_a_hold_stops_the_rules(at_work_on_each: House) -> None:
    house = at_work_on_each
    with house.sessions.begin() as session:
        first, held, closed = (ask(session, who) for who in ("first", "held", "closed"))
        rows = [recorded(session, case) for case in (first, held, closed)]
        session.add(LegalHold(person_id=held.person_id, staff_id=AMINA, why="a claim"))
        handoffs.close(session, closed, "bot", "helped")
        assert [keeping.is_over(row, session.get_one(Handoff, row.handoff_id), now()) for row in rows] == [False, False, True]
        assert keeping.is_over(rows[0], first, now() + 30 * DAY)
    kept, gone = ("kept", "voice-1"), ("gone", None)
    assert swept(house, now()) == {"recordings": 1} and there(house) == [kept, kept, gone]
    assert swept(house, now() + 29 * DAY) == {} and swept(house, now() + 31 * DAY) == {"recordings": 1}
    assert there(house) == [gone, kept, gone]
    assert swept(house, now() + 200 * DAY) == {"recording_consents": 2}  # the third is on hold, too


def test_an_hour_without_an_answer_and_no_row_is_left(at_work_on_each: House) -> None:
    with at_work_on_each.sessions.begin() as session:
        case = ask(session)
        recorded(session, case, kept=False).came_at = now() - keeping.UNANSWERED
        recorded(session, case, kept=False)
        session.flush()
        assert len(keeping.asked(session, case.chat_id)) == 1 and keeping.forget_unanswered(session) == 1
    assert there(at_work_on_each) == [("asked", "voice-1")]


def test_it_goes_on_in_the_case_that_its_own_is_joined_with(at_work_on_each: House) -> None:
    with at_work_on_each.sessions.begin() as session:
        into, other = ask(session, "phone"), ask(session, "web")
        row = recorded(session, other)
        merging.merge(session, into, other, AMINA, typed=other.reference)
        session.refresh(row)
        assert row.handoff_id == into.id and not keeping.is_over(row, into, now())
        assert len(keeping.of_person(session, into.person_id)) == 1


@pytest.mark.parametrize("on_hold", [False, True])
def test_delete_my_data_deletes_where_it_is_hold_or_not(at_work: House, on_hold: bool) -> None:
    with at_work.sessions.begin() as session:
        case = ask(session)
        recorded(session, case)
        if on_hold:
            session.add(LegalHold(person_id=case.person_id, staff_id=AMINA, why="a claim"))
            session.flush()
        person = session.get_one(Person, case.person_id)
        assert personal_data.held(session, person).recordings == 1
        personal_data.forget(session, person)
    assert there(at_work) == []


def test_a_case_that_is_deleted_takes_the_consent_with_it(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        case = ask(session)
        recorded(session, case)
        assert agreeing.holds(session, case)
        erasing.handoffs(session, [case.id], Gone())
        assert session.scalars(select(Consent)).all() == []
    assert there(at_work) == []


def test_a_yes_ends_after_its_thirty_days_and_when_it_is_taken_back(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        case = ask(session)
        for ends in ({"until": now() - DAY}, {"withdrawn_at": now()}):
            agreeing.agree(session, case, "may they?")
            assert agreeing.holds(session, case)
            session.execute(update(Consent).values(**ends))
            assert not agreeing.holds(session, case)
