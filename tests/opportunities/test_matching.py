"""What somebody could do is found by what they can, where they are and when, and the reasons are true ones."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import msgspec
import pytest

from bot.house import House
from bot.knowledge import snapshot
from bot.knowledge.snapshot import Snapshot
from bot.opportunities import matching
from bot.opportunities.about_person import Able, able, waits_for_decision
from bot.opportunities.matching import Wish, find
from bot.people.models import Person, Plan
from bot.talents.models import Talent
from tests.opportunities import sample

NOW = dt.datetime.now(dt.UTC)


@pytest.fixture
def knowledge(house: House) -> Snapshot:
    with house.sessions.begin() as session:
        sample.stock(session)
        return snapshot.current(session)


def keys(found: matching.Found) -> list[str]:
    return [match.opportunity.key for match in found.matches]


def test_what_uses_somebodys_skills_near_them_comes_first_and_says_why(knowledge: Snapshot) -> None:
    wish = Wish(Able(frozenset({"cook"}), frozenset({"ar"})), group="volunteering", area="B16")
    first = find(knowledge, wish, NOW).matches[0]
    assert (first.opportunity.key, first.places, first.skills, first.languages) == (
        "test-kitchen",
        ("near_you",),
        ("cook",),
        ("ar",),
    )
    other = find(knowledge, replace(wish, able=Able(frozenset({"teach-children"}), frozenset({"so"})), area="B21"), NOW)
    assert keys(other)[0] == "test-books"


def test_a_reason_is_not_said_of_what_somebody_did_not_say(knowledge: Snapshot) -> None:
    for match in find(knowledge, Wish(), NOW).matches:
        assert (match.skills, match.languages, match.time) == ((), (), "")


def test_the_time_that_suits_decides_between_equals(knowledge: Snapshot) -> None:
    wish = Wish(group="volunteering", area="Birmingham")
    assert keys(find(knowledge, replace(wish, time="weekends"), NOW))[0] == "test-books"
    assert keys(find(knowledge, replace(wish, time="weekdays"), NOW))[0] == "test-kitchen"


def test_only_what_is_of_the_kind_is_found_and_at_most_three(knowledge: Snapshot) -> None:
    assert keys(find(knowledge, Wish(group="learning"), NOW)) == ["test-ward"]
    assert len(find(knowledge, Wish(), NOW).matches) == matching.BEST


def test_paid_work_is_left_out_for_whom_it_is_not_shown_and_that_is_known(knowledge: Snapshot) -> None:
    wish = Wish(Able(frozenset({"cook"})), area="B16")
    assert "test-shop" in keys(find(knowledge, wish, NOW))
    found = find(knowledge, replace(wish, unpaid_only=True), NOW)
    assert "test-shop" not in keys(found) and found.hidden
    assert keys(find(knowledge, replace(wish, unpaid_only=True, group="work"), NOW)) == []


def test_nothing_in_the_area_is_said_to_be_wider(knowledge: Snapshot) -> None:
    assert find(knowledge, Wish(area="CV1"), NOW).wider
    assert not find(knowledge, Wish(area="B16"), NOW).wider


def test_what_was_not_looked_at_for_long_sinks_below_its_equal(knowledge: Snapshot) -> None:
    fresh = matching.match(knowledge, sample.KITCHEN, Wish(), NOW).score
    late = msgspec.structs.replace(sample.KITCHEN, fact=msgspec.structs.replace(sample.FACT, review_by=dt.date(2020, 1, 1)))
    assert matching.match(knowledge, late, Wish(), NOW).score < fresh


def test_only_what_was_confirmed_counts_as_a_skill(house: House) -> None:
    with house.sessions.begin() as session:
        person = Person(language="so")
        session.add(person)
        session.flush()
        session.add(Talent(person_id=person.id, kind="skill", key="cook", language="so", state="held"))
        session.add(Talent(person_id=person.id, kind="skill", key="sew", language="so", state="asked"))
        session.add(Talent(person_id=person.id, kind="language", key="ar", language="so", state="held"))
        session.add(Talent(person_id=person.id, kind="language", key="en", language="so", state="held"))
        session.flush()
        assert able(session, person) == Able(frozenset({"cook"}), frozenset({"so", "ar"}))


def test_who_said_that_they_wait_for_a_decision_is_known_to_wait(house: House) -> None:
    with house.sessions.begin() as session:
        waiting, other = Person(language="en"), Person(language="en")
        session.add_all([waiting, other])
        session.flush()
        session.add(Plan(person_id=waiting.id, pathway="nurse", answers={"asylum": "waiting"}))
        session.add(Plan(person_id=other.id, pathway="nurse", answers={"asylum": "no"}))
        session.flush()
        assert waits_for_decision(session, waiting.id)
        assert not waits_for_decision(session, other.id)
