"""What is in a recording from the web chat is kept with us for exactly as long as somebody may hear it, on SQLite and on PostgreSQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.cases import handoffs, merging
from bot.cases.models import Handoff, LegalHold
from bot.conversation import keeping as rules
from bot.conversation import personal_data
from bot.conversation import recordings as conversation
from bot.conversation.sweeping import sweep
from bot.db.base import now
from bot.errors import RefusedError
from bot.house import House
from bot.people.models import Person
from bot.recordings import bodies, keeping
from bot.recordings.models import Recording, RecordingBody
from tests.cases.office import AMINA, ask
from tests.privacy.test_retention import trusted
from tests.recordings.giving import OGG
from tests.recordings.here import brought, taken_up

DAY = dt.timedelta(days=1)
STEPS = tuple(step for step in rules.STEPS if step.name.startswith("recording"))


def left(house: House) -> list[int | None]:
    with house.sessions() as session:
        return list(session.scalars(select(RecordingBody.recording_id).order_by(RecordingBody.id)))


def refused(session: Session, row: Recording, case: Handoff) -> None:
    keeping.refuse(session, [row], None)


def taken_back(session: Session, row: Recording, case: Handoff) -> None:
    keeping.refuse(session, [row], case)


def unanswered(session: Session, row: Recording, case: Handoff) -> None:
    session.execute(update(Recording).where(Recording.id == row.id).values(state="asked", came_at=now() - keeping.UNANSWERED))
    keeping.forget_unanswered(session)


def written_down(session: Session, row: Recording, case: Handoff) -> None:
    keeping.erase(session, [row.id])


def everything_deleted(session: Session, row: Recording, case: Handoff) -> None:
    personal_data.forget(session, session.get_one(Person, case.person_id))


def everything_deleted_on_hold(session: Session, row: Recording, case: Handoff) -> None:
    session.add(LegalHold(person_id=case.person_id, staff_id=AMINA, why="a claim"))
    session.flush()
    everything_deleted(session, row, case)


ENDS = [refused, taken_back, unanswered, written_down, everything_deleted, everything_deleted_on_hold]


@pytest.mark.parametrize("end", ENDS, ids=lambda end: end.__name__)
def test_it_goes_at_once_and_nobody_elses(at_work_on_each: House, end: Callable[[Session, Recording, Handoff], None]) -> None:
    with at_work_on_each.sessions.begin() as session:
        mine, other = ask(session, "mine"), ask(session, "other")
        row, theirs = taken_up(session, mine), taken_up(session, other, "r-2")
        media_id, others = row.media_id or "", theirs.id
        assert bodies.fetch(session, media_id, len(OGG)) == OGG
        end(session, row, mine)
    assert left(at_work_on_each) == [others]
    with at_work_on_each.sessions() as session:
        assert bodies.is_lost(session, media_id) and not bodies.is_lost(session, "a-telegram-id")


def test_it_goes_with_its_thirty_days_or_its_case_and_a_hold_stops_the_rules(at_work_on_each: House) -> None:
    house = at_work_on_each
    with house.sessions.begin() as session:
        first, held, closed = (ask(session, who) for who in ("first", "held", "closed"))
        numbers = [taken_up(session, case, f"r-{case.id}").id for case in (first, held, closed)]
        session.add(LegalHold(person_id=held.person_id, staff_id=AMINA, why="a claim"))
        handoffs.close(session, closed, "bot", "helped")
    for at, there in ((now(), numbers[:2]), (now() + 29 * DAY, numbers[:2]), (now() + 31 * DAY, numbers[1:2])):
        trusted(house, at)
        sweep(house, at=at, steps=STEPS)
        assert left(house) == there


def test_one_whose_message_nobody_answers_goes_with_the_message_and_after_a_day(at_work_on_each: House) -> None:
    house = at_work_on_each
    with house.sessions.begin() as session:
        case = ask(session)
        answered, _ = brought(session, case, "answered")
        brought(session, case, "set aside")
        conversation.leave(session, answered)  # the bot was stopped, or it was for another person: nobody may hear it
    assert left(house) == [None]
    for days, there in ((0, [None]), (2, [])):
        at = now() + days * DAY
        trusted(house, at)
        sweep(house, at=at, steps=STEPS)
        assert left(house) == there


def test_it_goes_on_in_the_case_that_its_own_is_joined_with(at_work_on_each: House) -> None:
    with at_work_on_each.sessions.begin() as session:
        into, other = ask(session, "phone"), ask(session, "web")
        row = taken_up(session, other)
        merging.merge(session, into, other, AMINA, typed=other.reference)
        assert bodies.fetch(session, row.media_id or "", len(OGG)) == OGG
        personal_data.forget(session, session.get_one(Person, into.person_id))
    assert left(at_work_on_each) == []


def test_what_waits_for_a_yes_fills_the_room_of_its_chat_alone(at_work_on_each: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "MOST_UNDECIDED", 2)
    monkeypatch.setattr(bodies, "MOST_OF_ONE", 4)
    with at_work_on_each.sessions.begin() as session:
        case, other = ask(session, "mine"), ask(session, "other")
        for number in range(2):
            taken_up(session, case, f"kept-{number}")
        brought(session, case, "arrived")
        bodies.check_room(session, case.chat_id, 1)  # those with a yes wait for nothing
        asked = taken_up(session, case, "asked", kept=False)
        with pytest.raises(RefusedError) as full:
            bodies.check_room(session, case.chat_id, 1)
        assert full.value.reason == "too_many"
        bodies.check_room(session, other.chat_id, 1)
        keeping.give([asked], case)
        session.flush()
        with pytest.raises(RefusedError):  # four are enough
            bodies.check_room(session, case.chat_id, 1)
        monkeypatch.setattr(bodies, "MOST_BYTES", 4 * len(OGG))
        with pytest.raises(RefusedError) as full:
            bodies.check_room(session, other.chat_id, 1)
        assert full.value.reason == "full"
