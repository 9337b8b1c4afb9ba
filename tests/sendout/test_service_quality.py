"""A service that had no place too often comes later in the search and admins hear of it, once; it can rise again."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.cases import follow_ups, service_links, service_quality
from bot.cases.models import CaseEvent, Referral, ServiceFlag
from bot.db.base import now
from bot.house import House
from bot.knowledge import services, snapshot
from bot.knowledge.services import Wish
from tests.sendout import people


def say(house: House, amina: int, *answers: str, key: str = "shelter") -> None:
    """Each answer by another person."""
    for said in answers:
        with house.sessions.begin() as session:
            referral = people.agreed(session, key, who=f"{key}-{session.query(Referral).count()}")
            people.send(session, house, referral, amina, by="phone")
            assert follow_ups.answer(session, referral, said) == "noted"


def sinking(house: House) -> set[str]:
    with house.sessions() as session:
        return set(service_quality.sinking(session))


@pytest.mark.parametrize(
    ("answers", "sinks"),
    [
        (["no_place"] * 2, False),
        (["no_place"] * 3, True),
        (["no_place", "could_not_reach", "no_place"], True),
        (["no_place"] * 3 + ["got_help"] * 3, False),  # not more than half
        (["no_place"] * 3 + ["got_help"] * 2, True),
        (["not_for_me"] * 9, False),
    ],
)
def test_three_and_more_than_half_within_sixty_days(house: House, amina: int, answers: list[str], sinks: bool) -> None:
    say(house, amina, *answers)
    assert sinking(house) == ({"shelter"} if sinks else set())


def test_the_services_own_no_place_counts_and_the_last_word_of_each_referral(house: House, amina: int) -> None:
    with house.sessions.begin() as session:
        for number in range(3):
            referral = people.agreed(session, who=str(number))
            link = people.send(session, house, referral, amina, by="link").link
            assert service_links.answer(session, link.rpartition("/")[2], "no_place")
        assert service_quality.sinking(session) == {"shelter"}
        follow_ups.answer(session, referral, "got_help")  # they had a place after all
        assert service_quality.sinking(session) == frozenset()


def test_admins_are_told_once(house: House, amina: int, bea: int) -> None:
    say(house, amina, *["no_place"] * 6)
    with house.sessions() as session:
        sinks = [notice for notice in people.noticed(session) if notice[1] == "service_sinks"]
        assert sinks == [(bea, "service_sinks", "service:shelter")]
        flag = session.get_one(ServiceFlag, "shelter")
        assert (flag.no_place, flag.answers) == (6, 6)


def test_old_answers_stop_counting(house: House, amina: int) -> None:
    say(house, amina, *["no_place"] * 3)
    with house.sessions.begin() as session:
        for event in session.query(CaseEvent):
            event.at = people.days_ago(61)
    for days, left in ((0.5, {"shelter"}), (1.1, set())):
        with house.sessions.begin() as session:
            service_quality.due(session, now() + dt.timedelta(days=days))
        assert sinking(house) == left


def test_what_sinks_comes_last_and_says_so(house: House) -> None:
    with house.sessions() as session:
        knowledge = snapshot.current(session)
    first = services.find(knowledge, Wish("housing", "Birmingham"), now()).matches[0]
    assert first.service.key == "shelter" and not first.sinking
    found = services.find(knowledge, Wish("housing", "Birmingham"), now(), sinking=frozenset({"shelter"})).matches
    assert "shelter" not in [match.service.key for match in found[:1]]
    without = services.find(knowledge, Wish("housing"), now(), without=frozenset({"shelter", "wholly", "nomail"})).matches
    assert [match.service.key for match in without] == ["phoneonly"]
    alone = services.find(
        knowledge, Wish("housing"), now(), sinking=frozenset({"phoneonly"}), without=frozenset({"shelter", "wholly", "nomail"})
    )
    assert [(match.service.key, match.sinking) for match in alone.matches] == [("phoneonly", True)]  # never a dead end
