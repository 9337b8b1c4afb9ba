"""What was asked and not known, grouped: spellings together, counted by language and week, dealt with in one go."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from bot.db.base import now
from bot.errors import RefusedError
from bot.house import House
from bot.knowledge import asked_groups, asked_settling, loading, snapshot, unknown
from bot.knowledge.models import Unknown, UnknownWeek, Version
from tests.knowledge.test_editing import SEED


@pytest.fixture
def known(house: House) -> House:
    with house.sessions.begin() as session:
        loading.load(session, SEED)
    return house


def ask(house: House, *asked: tuple[str, str, str]) -> None:
    with house.sessions.begin() as session:
        for kind, language, words in asked:
            unknown.record(session, kind, language, words)


def test_spellings_are_one_group_counted_by_language(house: House) -> None:
    ask(
        house,
        ("word", "ar", "flurbozzle"),
        ("word", "ar", "flurbozzle"),
        ("word", "so", "flurbozle"),
        ("word", "en", "Flurbozzle!"),
    )
    ask(house, ("word", "en", "wickle"), ("message", "en", "flurbozzle"), ("word", "en", "tax"), ("word", "en", "tux"))
    with house.sessions() as session:
        found = asked_groups.listed(session)
        assert [(g.kind, g.words, g.times) for g in found][0] == ("word", "flurbozzle", 4)
        assert (found[0].languages, found[0].spellings) == ({"ar": 2, "so": 1, "en": 1}, ["flurbozzle", "flurbozle"])
        assert sorted((g.kind, g.words) for g in found[1:]) == [
            ("message", "flurbozzle"), ("word", "tax"), ("word", "tux"), ("word", "wickle"),
        ]  # fmt: skip  # short words are one only when they are the same
        assert [g.words for g in asked_groups.listed(session, language="so")] == ["flurbozzle"]
        assert [g.kind for g in asked_groups.listed(session, kind="message")] == ["message"]
        assert found[0].weeks[-1] == 4 and found[0].rise == 4


def test_reasons_of_one_answer_are_one_group_and_counted_once(house: House) -> None:
    with house.sessions.begin() as session:
        for _ in range(3):
            unknown.rated(session, "ar", "terms/council-tax")
        unknown.rated(session, "ar", "terms/council-tax", "price")
        unknown.rated(session, "ar", "terms/brp")
    with house.sessions() as session:
        found = asked_groups.listed(session)
        assert [(g.about, g.times, g.spellings) for g in found] == [("terms/council-tax", 3, ["price"]), ("terms/brp", 1, [])]


def test_what_rises_comes_first_when_asked_for(house: House) -> None:
    ask(house, *[("word", "en", "olderword")] * 5, ("word", "en", "newerword"))
    with house.sessions.begin() as session:
        row = session.scalars(select(Unknown).where(Unknown.words == "olderword")).one()
        row.last_at = now() - dt.timedelta(weeks=6)
        session.scalars(select(UnknownWeek).where(UnknownWeek.unknown_id == row.id)).one().week -= dt.timedelta(weeks=6)
    with house.sessions() as session:
        orders = {order: [g.words for g in asked_groups.listed(session, order=order)] for order in asked_groups.ORDERS}
    assert orders == {
        "most": ["olderword", "newerword"],
        "newest": ["newerword", "olderword"],
        "rising": ["newerword", "olderword"],
    }


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_name_that_is_added_is_understood_at_the_next_message_and_the_group_is_done(known: House, language: str) -> None:
    ask(known, ("word", language, "flurbozzle"), ("word", language, "flurbozle"))
    with known.sessions.begin() as session:
        before = snapshot.current(session)
        key = next(iter(before.terms))
        assert before.term_index.lookup("flurbozzle", language) is None
        group = asked_groups.listed(session)[0]
        given = {"key": key, "name": " Flurbozzle ", "language": language, "who": "staff:1", "why": "asked"}
        asked_settling.add_name(session, group, **given)
    with known.sessions.begin() as session:
        assert snapshot.current(session).term_index.lookup("flurbozzle", language) == key
        assert {(row.state, row.settled_as) for row in session.scalars(select(Unknown))} == {("done", f"name:{key}")}
        assert [version.who for version in session.scalars(select(Version))] == ["staff:1"]
        assert asked_groups.listed(session) == [] and len(asked_groups.listed(session, state="done")) == 1
        with pytest.raises(RefusedError) as refused:
            asked_settling.add_name(session, group, **given)
        assert refused.value.reason == "asked_is_name"


@pytest.mark.parametrize(
    ("key", "name", "reason"), [("nothing", "x y", "asked_no_term"), ("", "", "asked_no_name"), ("", "x" * 81, "asked_no_name")]
)
def test_what_cannot_become_a_name(known: House, key: str, name: str, reason: str) -> None:
    ask(known, ("word", "en", "flurbozzle"))
    with known.sessions.begin() as session:
        group = asked_groups.listed(session)[0]
        with pytest.raises(RefusedError) as refused:
            asked_settling.add_name(session, group, key=key, name=name, language="en", who="staff:1", why="")
        assert refused.value.reason == reason and group.rows[0].state == "open"


def test_the_nearest_term_is_suggested(known: House) -> None:
    with known.sessions() as session:
        knowledge = snapshot.current(session)
        key, term = next(iter(knowledge.terms.items()))
        found = asked_settling.nearest(knowledge, term.name[:-1] + "x", "en")
        assert found[0].key == key and found[0].score > 60
        assert asked_settling.nearest(knowledge, "qqqqqqqq zzzzzz", "en") == []


def test_thousands_of_rows_are_grouped_in_the_blink_of_an_eye(house: House) -> None:
    import random
    import time

    letters = random.Random(1)
    with house.sessions.begin() as session:
        words = {"".join(letters.choices("abcdefghijklmnopqrstuvwxyz", k=9)) for _ in range(2_000)}
        session.add_all(Unknown(kind="word", language="en", words=word) for word in words)
    with house.sessions() as session:
        start = time.process_time()
        assert len(asked_groups.listed(session)) > 1_900
        assert time.process_time() - start < 5.0
