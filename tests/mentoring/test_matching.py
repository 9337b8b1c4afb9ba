"""Who is brought together with whom and why: by codes, never with oneself, never twice, never without a caseworker."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.answers import mentoring as answers
from bot.db.base import now
from bot.errors import RefusedError
from bot.house import House
from bot.knowledge import snapshot
from bot.mentoring import matching, offers, pairs, wishes
from bot.mentoring.models import Mentor, MentorPair
from tests.mentoring import pairing


@pytest.fixture
def session(house: House) -> Iterator[Session]:
    with house.sessions() as opened:
        yield opened


def test_the_reason_is_what_fits_and_names_nobody(session: Session) -> None:
    pair = pairing.introduced(session)
    said = answers.who(snapshot.current(session), pair, "mentee", "en")
    assert said == "nurse, speaks Tigrinya, English, weekday evenings, is registered in the profession here"
    assert "Selam" not in said and "woman" not in str(pair.reason)
    assert pair.reason["shared"] == ["ti"] and pair.reason["times"] == ["evenings"]


def test_the_best_fit_comes_first(session: Session) -> None:
    pairing.mentor(session, "a", languages=["ti"], times=["sundays"])
    best = pairing.mentor(session, "b", languages=["ti", "ar"])
    wish = pairing.wish(session, "c")
    (pair,) = pairs.live_of(session, wish_id=wish.id)
    assert pair.mentor_id == best.id and pair.state == "proposed"


@pytest.mark.parametrize(
    "changes", [{"languages": ["uk"]}, {"gender": None}, {"gender": "man"}, {"profession": "teacher"}], ids=lambda c: str(c)
)
def test_nobody_is_found_where_something_does_not_fit(session: Session, changes: dict[str, Any]) -> None:
    pairing.mentor(session, "a", **changes)
    wish = pairing.wish(session, "b", gender="woman")
    assert matching.find(session, wish) == [] and pairs.live_of(session, wish_id=wish.id) == []


def test_who_is_both_is_never_their_own_mentor(session: Session) -> None:
    own = pairing.mentor(session, "both")
    wish = pairing.wish(session, "both")
    assert own.person_id == wish.person_id and matching.find(session, wish) == []
    other = pairing.mentor(session, "other", languages=["ar"])
    (pair,) = pairs.live_of(session, wish_id=wish.id)  # the new mentor was looked for who waits
    assert pair.mentor_id == other.id
    with pytest.raises(RefusedError):
        pairs.choose(session, wish, own)


def test_the_same_two_are_never_brought_together_twice(session: Session) -> None:
    pair = pairing.introduced(session)
    mentor, wish = pair.mentor, pair.wish
    assert pairs.answer(session, pair, "mentor", yes=False)
    assert wish.state == "waiting" and matching.find(session, wish) == []
    wishes.ask(session, pairing.chat_of(session, "mentee"), wishes.Wish("nurse", ["ti"], ["evenings"], "any"))
    with pytest.raises(RefusedError):
        pairs.choose(session, wish, mentor)
    assert len(session.scalars(select(MentorPair)).all()) == 1


def test_a_mentor_has_no_more_mentees_than_there_is_room_for(session: Session) -> None:
    mentor = pairing.mentor(session, "m")
    offers.note_references(mentor, "known", 1)
    first, second = pairing.wish(session, "a"), pairing.wish(session, "b")
    assert pairs.live_of(session, wish_id=first.id) and not pairs.live_of(session, wish_id=second.id)


def test_who_was_not_checked_for_a_year_gets_nobody_new(session: Session) -> None:
    mentor = pairing.mentor(session, "m")
    assert mentor.recheck_on == now().date() + dt.timedelta(days=365)
    mentor.recheck_on = now().date() - dt.timedelta(days=1)
    wish = pairing.wish(session, "a")
    assert matching.find(session, wish) == []
    offers.recheck(session, mentor, pairing.staff(session), "spoke with her again")
    assert pairs.live_of(session, wish_id=wish.id)  # whoever waits is looked at again


def test_the_vetting_goes_its_way_and_no_other(session: Session) -> None:
    by = pairing.staff(session)
    chat = pairing.chat_of(session, "m")
    made = offers.make(session, chat, offers.Offer("nurse", ["ti"], ["evenings"], "week", "registered", None, None, None))
    with pytest.raises(RefusedError):  # nobody sees who has not agreed to the rules
        offers.vet(session, made, "active", by, "x")
    offers.agree(session, made)
    for becomes, why, reason in (
        ("active", "looks fine", "move"),
        ("references", " ", "mentor_reason"),
        ("checked", "fine", "mentor_references"),
        ("offered", "again", "move"),
    ):
        with pytest.raises(RefusedError) as refused:
            offers.vet(session, made, becomes, by, why)
        assert refused.value.reason == reason and made.state == "offered"
    offers.vet(session, made, "references", by, "asked the hub")
    offers.note_references(made, "the hub knows her", 1)
    offers.vet(session, made, "checked", by, "good")
    offers.vet(session, made, "active", by, "good")
    offers.vet(session, made, "refused", by, "a complaint")
    with pytest.raises(RefusedError):
        offers.make(session, chat, offers.Offer("nurse", ["ti"], ["evenings"], "week", "registered", None, None, None))
    assert [event.words for event in offers.events(session, made)][:2] == ["a complaint", "good"]


def test_a_pause_by_a_caseworker_is_not_ended_by_the_mentor(session: Session) -> None:
    mentor = pairing.mentor(session, "m")
    offers.by_person(session, mentor, "paused")
    offers.by_person(session, mentor, "active")
    offers.vet(session, mentor, "paused", pairing.staff(session), "a question is open")
    with pytest.raises(RefusedError):
        offers.by_person(session, mentor, "active")


def test_a_mentor_who_ends_or_is_refused_has_no_pairs_left(house: House) -> None:
    two = pairing.paired(house)
    with house.sessions.begin() as session:
        pair = session.get_one(MentorPair, two.pair)
        offers.vet(session, session.get_one(Mentor, pair.mentor_id), "refused", pairing.staff(session), "a complaint")
    with house.sessions() as session:
        pair = session.get_one(MentorPair, two.pair)
        assert (pair.state, pair.why, pair.wish.state) == ("ended", "mentor_left", "ended")
