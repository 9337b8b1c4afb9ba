"""A list belongs to its person: full is said, what was denied is not guessed again, nobody reads another's, and the rules take the rest."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select, text

from bot.cases.retention import Rules
from bot.conversation import inbox, keeping
from bot.db.base import now
from bot.errors import RefusedError
from bot.house import House
from bot.talents import counting, profile, sharing, telling
from bot.talents.hearing import Candidate, Heard
from bot.talents.models import Talent


def person(house: House, who: str = "a", language: str = "en") -> int:
    with house.sessions.begin() as session:
        found = inbox.chat_for(session, "cli", who).person
        found.language = language
        return found.id


def have(house: House, person_id: int, *skills: str) -> None:
    with house.sessions.begin() as session:
        profile.take(session, person_id, Heard(tuple(Candidate("skill", key) for key in skills)), "en")
        profile.confirm(session, person_id, [row.id for row in profile.question(session, person_id).rows])


def test_a_list_has_an_end(house: House) -> None:
    someone = person(house)
    have(house, someone, *(f"skill-{n}" for n in range(profile.MOST)))
    with house.sessions.begin() as session:
        with pytest.raises(RefusedError):
            profile.take(session, someone, Heard((Candidate("skill", "sew"),)), "en")
        assert telling.tell(session, someone, "I can sew", "en") == "full"
        assert telling.tell(session, someone, "quibbling", "en") == "full"


def test_what_was_denied_is_not_guessed_again_but_may_be_said(house: House) -> None:
    someone = person(house)
    with house.sessions.begin() as session:
        telling.tell(session, someone, "I was a nurse", "en")
        profile.confirm(session, someone, [row.id for row in profile.question(session, someone).rows])
        guessed = profile.question(session, someone)
        assert guessed.asks == "implied" and "give-injections" in {row.key for row in guessed.rows}
        profile.deny(session, someone, [row.id for row in guessed.rows])
        telling.tell(session, someone, "yes, nurse, I told you", "en")
        assert profile.question(session, someone).asks == "more"
        telling.tell(session, someone, "I give injections", "en")
        assert [row.key for row in profile.question(session, someone).rows] == ["give-injections"]


def test_another_persons_things_cannot_be_touched(house: House) -> None:
    one, other = person(house), person(house, "b")
    have(house, one, "sew")
    with house.sessions.begin() as session:
        (row,) = profile.held(session, one)
        assert profile.forget(session, other, row.id) == 0 and not profile.begin_renaming(session, other, row.id)
        assert profile.confirm(session, other, [row.id]) == [] and profile.deny(session, other, [row.id]) == []
        assert profile.held(session, other) == [] and sharing.shown(session, other) == []


def test_own_words_are_cut_and_sealed(house: House) -> None:
    someone = person(house)
    with house.sessions.begin() as session:
        telling.tell(session, someone, "marmalade quibbling " * 100, "en")
    with house.sessions() as session:
        (row,) = session.scalars(select(Talent))
        assert row.words is not None and len(row.words) <= profile.LONGEST_WORDS
        (stored,) = session.execute(text("select words from talents")).one()
        assert b"marmalade" not in bytes(stored)


def test_a_consent_shows_only_until_its_day_and_only_what_it_named(house: House) -> None:
    someone = person(house)
    have(house, someone, "sew", "cook")
    with house.sessions.begin() as session:
        consent = sharing.share(session, someone, now())
        have_now = profile.held(session, someone)
        profile.rename(session, have_now[0], "mend sails", "en")
        assert [row.key for row in sharing.shown(session, someone)] == ["cook"]
        consent.until = now() - dt.timedelta(seconds=1)
        session.flush()
        assert sharing.shown(session, someone) == [] and not sharing.stop(session, someone)


def test_what_was_never_confirmed_goes_with_the_words_and_the_list_stays(house: House) -> None:
    someone, rules = person(house), Rules(90, 30, 90)
    have(house, someone, "sew")
    with house.sessions.begin() as session:
        telling.tell(session, someone, "I cook", "en")
        sharing.stop(session, someone)
        sharing.share(session, someone, now())
        sharing.stop(session, someone)
    steps = {step.name: step for step in keeping.STEPS if step.name in ("talents", "talent_consents")}
    for days, expected in ((89, [0, 0]), (91, [1, 1])):
        at = now() + dt.timedelta(days)
        with house.sessions.begin() as session:
            done = []
            for name in ("talents", "talent_consents"):
                step = steps[name]
                due = list(session.scalars(select(step.key).where(*step.where(rules, at))))
                done.append(step.act(session, due, rules, at) if due else 0)
            assert done == expected, days
    with house.sessions() as session:
        assert [row.key for row in session.scalars(select(Talent))] == ["sew"]


def test_counts_are_of_people_and_name_nobodys_words(house: House) -> None:
    for who in "abcdef":
        have(house, person(house, who, "so"), "sew", "cook")
    with house.sessions.begin() as session:
        someone = person_id = inbox.chat_for(session, "cli", "a").person.id
        telling.tell(session, person_id, "quibbling", "en")
        profile.confirm(session, someone, [row.id for row in profile.question(session, someone).rows])
        counted = counting.count(session)
    assert counted.people == 6 and counted.things["skill"] == {"sew": 6, "cook": 6}
    assert counted.languages == {"so": 6} and counted.own_words == 1 and counted.groups == {"making": 6, "home": 6}
