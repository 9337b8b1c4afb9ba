"""What changed: heard from the person, from a step, from a referral, from a caseworker; noted once, counted when it is gone."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases import counting, referrals
from bot.cases.counting import Gone
from bot.conversation import inbox
from bot.db.base import now
from bot.errors import RefusedError
from bot.house import House
from bot.journeys import english, journey, keeping, outcomes, rhythms
from bot.journeys.english import English
from bot.journeys.models import Outcome
from bot.knowledge.seed import Seed
from bot.people.models import Chat, Plan

AT = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


def chat(session: Session, who: str = "sara") -> Chat:
    return inbox.chat_for(session, "cli", who)


def test_what_steps_mean_is_said_of_steps_that_there_are(content: Seed) -> None:
    steps = {step.key for pathway in content.pathways for step in pathway.steps}
    assert {step for some in outcomes.STEPS.values() for step in some} <= steps and set(outcomes.STEPS) <= set(outcomes.SAID)


def test_the_same_tap_twice_is_noted_once(house: House) -> None:
    with house.sessions.begin() as session:
        row = rhythms.begin(session, chat(session), AT)
        assert outcomes.said(session, row, "test", AT) is outcomes.said(session, row, "test", AT)
        outcomes.said(session, row, "interview", AT)
        assert [one.kind for one in outcomes.of(session, row.person_id)] == ["test", "interview"]


def test_a_step_is_only_proposed_until_a_tap_and_a_no_is_not_asked_again(house: House) -> None:
    with house.sessions.begin() as session:
        person = chat(session).person_id
        first = outcomes.propose(session, person, "nurse", "osce", AT)
        assert first is not None and outcomes.of(session, person) == []
        assert outcomes.propose(session, person, "nurse", "papers", AT) is None  # means nothing yet
        outcomes.decide(session, person, str(first.id), yes=True)
        second = outcomes.propose(session, person, "nurse", "register", AT)
        assert second is not None
        outcomes.decide(session, person, str(second.id), yes=False)
        assert outcomes.propose(session, person, "nurse", "register", AT) is None
        assert [row.kind for row in outcomes.of(session, person)] == ["test"]


def test_nobody_decides_about_somebody_elses(house: House) -> None:
    with house.sessions.begin() as session:
        row = outcomes.propose(session, chat(session).person_id, "nurse", "osce", AT)
        assert row is not None and outcomes.decide(session, chat(session, "another").person_id, str(row.id), yes=True) is None
        assert row.state == "proposed"


def test_a_referral_says_where_it_stands_and_who_said_so(stocked: House) -> None:
    with stocked.sessions.begin() as session:
        mine = chat(session)
        service = next(iter(referral_services(session)))
        made = referrals.make(session, mine, service=service, need="legal", shared={}, made_from="1:0", told=None)
        person = mine.person_id
        for becomes, actor in (("sent", "staff:1"), ("accepted", "service"), ("completed", "person")):
            referrals.move(session, made, becomes, actor)
    with stocked.sessions() as session:
        (row,) = outcomes.of(session, person)
        assert (row.kind, row.detail, row.how) == ("referral", "completed", "person")


def referral_services(session: Session) -> list[str]:
    from bot.knowledge import snapshot

    return sorted(snapshot.current(session).services)


@pytest.mark.parametrize(
    ("kind", "days", "faces", "reason"),
    [("nothing", 0, None, "outcome_kind"), ("job", 2, None, "outcome_day"), ("job", 0, (1, 2), "outcome_faces"), ("confidence", 0, None, "outcome_faces"), ("confidence", 0, (0, 9), "outcome_faces")],
)  # fmt: skip
def test_a_caseworker_cannot_note_what_makes_no_sense(
    house: House, kind: str, days: int, faces: tuple[int, int] | None, reason: str
) -> None:
    with house.sessions.begin() as session:
        with pytest.raises(RefusedError) as refused:
            outcomes.by_staff(session, chat(session).person_id, 1, kind, now().date() + dt.timedelta(days), faces, "once")
        assert refused.value.reason == reason and not session.scalars(select(Outcome)).all()


def test_a_form_sent_twice_is_one_and_confidence_has_then_and_now(house: House) -> None:
    with house.sessions.begin() as session:
        person = chat(session).person_id
        for _ in range(2):
            outcomes.by_staff(session, person, 7, "confidence", now().date(), (2, 4), "once")
        (row,) = outcomes.of(session, person)
        assert (row.faces, row.how) == ([2, 4], "caseworker")


def test_what_is_gone_is_counted_and_names_nobody(house: House) -> None:
    with house.sessions.begin() as session:
        mine = chat(session)
        mine.person.language = "so"
        row = rhythms.begin(session, mine, AT)
        outcomes.add_words(session, outcomes.said(session, row, "other", AT), "secret", "so")
        outcomes.said(session, row, "job", AT)
        outcomes.propose(session, mine.person_id, "nurse", "osce", AT)
        gone = Gone()
        keeping.erase(session, mine.person_id, gone)
        gone.write(session)
    with house.sessions() as session:
        assert not session.scalars(select(Outcome)).all()
        left = {(row.month, row.language, row.kind, row.times) for row in counting.deleted(session)}
        assert left == {("2026-03", "so", kind, 1) for kind in ("outcome.other", "outcome.job", "check_in.unanswered")}


def test_english_is_told_as_far_as_it_is_known_and_how(house: House) -> None:
    with house.sessions.begin() as session:
        mine = chat(session)
        plan = Plan(person_id=mine.person_id, pathway="nurse", answers={"english": "none"}, created_at=AT)
        session.add(plan)
        session.flush()
        assert journey.of(session, mine.person).english is None
        plan.answers = {"english": "passed"}
        session.flush()
        assert journey.of(session, mine.person).english == English("passed", "", "person", AT.date())
        course = outcomes.said(session, rhythms.begin(session, mine, AT), "course", AT)
        assert journey.of(session, mine.person).english.what == "passed"  # type: ignore[union-attr]  # which course, nobody said
        english.note(course, "B1")
        assert journey.of(session, mine.person).english == English("course", "B1", "person", AT.date())
        step = outcomes.propose(session, mine.person_id, "nurse", "english-test", AT)
        assert step is not None and journey.of(session, mine.person).english.what == "course"  # type: ignore[union-attr]  # proposed only
        outcomes.decide(session, mine.person_id, str(step.id), yes=True)
        assert journey.of(session, mine.person).english == English("test", "", "person", AT.date())
        noted = outcomes.by_staff(session, mine.person_id, 7, "test", dt.date(2026, 4, 1), None, "once")
        english.note(noted, "B2")
        assert journey.of(session, mine.person).english == English("test", "B2", "caseworker", dt.date(2026, 4, 1))


def test_only_a_test_or_a_course_has_a_level(house: House) -> None:
    with house.sessions.begin() as session:
        row = rhythms.begin(session, chat(session), AT)
        for kind, level in (("job", "B1"), ("test", "B7"), ("course", "")):
            with pytest.raises(RefusedError):
                english.note(outcomes.said(session, row, kind, AT), level)
        assert {one.detail for one in outcomes.of(session, row.person_id)} == {""}


def test_the_way_begins_with_the_first_thing_that_is_known(house: House) -> None:
    with house.sessions.begin() as session:
        mine = chat(session)
        assert journey.of(session, mine.person).is_empty
        outcomes.by_staff(session, mine.person_id, 7, "job", dt.date(2025, 3, 1), None, "once")
        found = journey.of(session, mine.person)
        assert (found.since, len(found.changed), found.plan, found.last) == (dt.date(2025, 3, 1), 1, None, None)
