"""Check-ins: asked at the rhythm that was chosen, at decent hours, once, and never of somebody who does not want it or is gone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.answers import journeys as answers
from bot.cases import counting
from bot.conversation import answering, due_check_ins, inbox, personal_data
from bot.conversation.models import Outbox
from bot.errors import RefusedError
from bot.house import House
from bot.journeys import checkins, keeping, outcomes, rhythms
from bot.journeys.models import CheckIn, CheckInRhythm, Outcome
from bot.knowledge import snapshot
from bot.people.models import Chat

LONDON = ZoneInfo("Europe/London")
NOON = dt.datetime(2026, 3, 2, 12, 0, tzinfo=LONDON)
DAY = dt.timedelta(days=1)


def chat(session: Session, who: str = "sara") -> Chat:
    return inbox.chat_for(session, "cli", who)


def chosen(house: House, rhythm: str = "two_weeks", who: str = "sara", at: dt.datetime = NOON) -> dt.datetime | None:
    with house.sessions.begin() as session:
        return rhythms.choose(session, chat(session, who), rhythm, at).next_at


def look(house: House, at: dt.datetime) -> int:
    with house.sessions.begin() as session:
        return due_check_ins.due(session, house, at)


def sent(house: House) -> int:
    with house.sessions() as session:
        return session.scalar(select(func.count()).select_from(Outbox).where(Outbox.origin.startswith("check-in:"))) or 0


@pytest.mark.parametrize(("rhythm", "days"), [("two_weeks", 14), ("month", 30), ("day_100", 100)])
def test_the_first_one_comes_so_many_days_later_at_ten_by_the_clock_on_the_wall(house: House, rhythm: str, days: int) -> None:
    """Also over the change of the clocks, which lies between."""
    with house.sessions.begin() as session:
        chat(session).person.created_at = NOON
    first = chosen(house, rhythm)
    assert first is not None
    assert first.astimezone(LONDON).replace(tzinfo=None) == dt.datetime.combine(NOON.date() + days * DAY, dt.time(10))
    assert look(house, first - dt.timedelta(minutes=1)) == 0 and look(house, first) == 1


def test_the_100th_day_counts_from_when_they_came(house: House) -> None:
    with house.sessions.begin() as session:
        chat(session).person.created_at = NOON - 60 * DAY
    first = chosen(house, "day_100")
    assert first is not None and first.astimezone(LONDON).date() == NOON.date() + 40 * DAY
    assert look(house, first) == 1 and look(house, first + 200 * DAY) == 0  # once


@pytest.mark.parametrize("hour", [0, 3, 8, 20, 23])
def test_nothing_is_sent_at_night(house: House, hour: int) -> None:
    chosen(house)
    assert look(house, dt.datetime(2026, 3, 29, hour, 59, tzinfo=LONDON)) == 0  # the night the clocks change
    assert look(house, dt.datetime(2026, 3, 29, 9, 0, tzinfo=LONDON)) == 1


def test_two_looks_and_a_kill_before_the_commit_ask_once(house: House) -> None:
    due = chosen(house)
    assert due is not None
    with pytest.raises(KeyboardInterrupt), house.sessions.begin() as session:
        assert due_check_ins.due(session, house, due) == 1
        raise KeyboardInterrupt
    assert sent(house) == 0 and look(house, due) == 1 and look(house, due) == 0 and sent(house) == 1


def test_three_without_an_answer_and_it_stops_by_itself(house: House) -> None:
    chosen(house)
    at = NOON
    for _ in range(6):
        at += 15 * DAY
        look(house, at)
    assert sent(house) == rhythms.MOST_UNANSWERED
    with house.sessions() as session:
        row = session.scalars(select(CheckInRhythm)).one()
        assert (row.rhythm, row.next_at) == (rhythms.ENDED, None)


def test_an_answer_begins_the_counting_anew(house: House) -> None:
    chosen(house)
    for number in range(1, 7):
        at = NOON + 15 * number * DAY
        assert look(house, at) == 1
        with house.sessions.begin() as session:
            last = session.scalars(select(CheckIn).order_by(CheckIn.id.desc())).first()
            assert last is not None
            checkins.answer(session, last, "feeling", "4", at)


def test_who_said_stop_or_is_held_or_cannot_be_reached_is_left_alone(house: House) -> None:
    due = [chosen(house, who=who) for who in ("stopped", "held", "blocked", "free")][0]
    assert due is not None
    with house.sessions.begin() as session:
        chat(session, "stopped").stopped = True
        chat(session, "held").held_by_handoff = 1
        chat(session, "blocked").unreachable_at = NOON
    assert look(house, due) == 1
    with house.sessions() as session:
        (row,) = session.scalars(select(Outbox))
        assert row.chat_id == chat(session, "free").id
    with house.sessions.begin() as session:
        chat(session, "held").held_by_handoff = None
    assert look(house, due) == 1  # when the caseworker is done


def test_who_chose_never_is_not_asked(house: House) -> None:
    chosen(house, "never")
    assert look(house, NOON + 400 * DAY) == 0


def test_nothing_is_sent_to_somebody_who_had_everything_deleted(house: House) -> None:
    """Tried with what was planned before, with a check-in on its way, and with the button of one that came before."""
    due = chosen(house)
    assert due is not None and look(house, due) == 1
    with house.sessions.begin() as session:
        mine = chat(session)
        old = session.scalars(select(CheckIn)).one().id
        personal_data.forget(session, mine.person)
    with house.sessions() as session:
        assert (
            sent(house) == 0 and not session.scalars(select(CheckInRhythm)).all() and not session.scalars(select(CheckIn)).all()
        )
        assert checkins.find(session, chat(session).person_id, str(old)) is None
        assert {row.kind: row.times for row in counting.deleted(session)}["check_in.unanswered"] == 1
    for days in range(1, 120):
        assert look(house, due + days * DAY) == 0


def test_an_answer_after_a_month_counts_for_the_check_in_it_belongs_to(house: House) -> None:
    chosen(house)
    assert look(house, NOON + 15 * DAY) == look(house, NOON + 30 * DAY) == 1
    with house.sessions.begin() as session:
        first, second = session.scalars(select(CheckIn).order_by(CheckIn.id)).all()
        found = checkins.find(session, first.person_id, str(first.id))
        assert found is first
        checkins.answer(session, found, "feeling", "2", NOON + 45 * DAY)
        assert (first.feeling, second.feeling, second.answered_at) == (2, None, None) and checkins.was_hard(first)


@pytest.mark.parametrize("key", ["", "x", "0", "999", "٣", "1" * 30, "-1", "1 OR 1"])
def test_a_button_of_nobodys_check_in_finds_none(house: House, key: str) -> None:
    chosen(house)
    look(house, NOON + 15 * DAY)
    with house.sessions() as session:
        assert checkins.find(session, chat(session).person_id, key) is None


def test_somebody_elses_check_in_is_not_found(house: House) -> None:
    chosen(house)
    look(house, NOON + 15 * DAY)
    with house.sessions.begin() as session:
        row = session.scalars(select(CheckIn)).one()
        assert checkins.find(session, chat(session, "another").person_id, str(row.id)) is None


@pytest.mark.parametrize(
    ("question", "value"), [("feeling", "0"), ("feeling", "6"), ("feeling", "x"), ("mood", "3"), ("belonging", "")]
)
def test_there_are_five_faces(house: House, question: str, value: str) -> None:
    with house.sessions.begin() as session:
        row = rhythms.begin(session, chat(session), NOON)
        with pytest.raises(RefusedError):
            checkins.answer(session, row, question, value, NOON)
        assert row.answered_at is None


def test_faces_and_words_are_not_on_the_disk(house: House) -> None:
    with house.sessions.begin() as session:
        row = rhythms.begin(session, chat(session), NOON)
        checkins.answer(session, row, "feeling", "1", NOON)
        outcomes.add_words(session, outcomes.said(session, row, "other", NOON), "I found a flat in Ladywood", "en")
    with house.database.connect() as connection:
        (stored,) = connection.exec_driver_sql("SELECT feeling FROM check_ins").all()
        (words,) = connection.exec_driver_sql("SELECT words FROM outcomes").all()
    assert bytes(stored[0]) != b"1" and len(bytes(stored[0])) > 20 and b"Ladywood" not in bytes(words[0])


def test_two_people_who_are_one_keep_the_rhythm_that_was_chosen_last(house: House) -> None:
    chosen(house, "month", "sara", NOON)
    chosen(house, "two_weeks", "sara-web", NOON + DAY)
    with house.sessions.begin() as session:
        into, other = chat(session, "sara").person_id, chat(session, "sara-web").person_id
        for person in (into, other):
            outcomes.propose(session, person, "nurse", "osce", NOON)
        keeping.joins(session, into, other)
    with house.sessions() as session:
        assert session.scalars(select(CheckInRhythm)).one().rhythm == "two_weeks"
        assert session.scalars(select(Outcome)).one().person_id == into


@pytest.mark.parametrize("choice", [None, "never", "month"])
def test_it_is_offered_after_help_until_they_have_chosen_whatever_they_chose(house: House, choice: str | None) -> None:
    with house.sessions.begin() as session:
        mine = chat(session)
        if choice:
            rhythms.choose(session, mine, choice, NOON)
        turn = answering.staged(house, session, mine, snapshot.current(session))
        said = answers.with_offer(turn, [turn.reply("first"), turn.reply("last", [turn.menu_button()])])
    payloads = [[button.payload for row in reply.rows for button in row] for reply in said]
    assert payloads == [[], ["/menu", "/check_in_rhythm"] if choice is None else ["/menu"]]
