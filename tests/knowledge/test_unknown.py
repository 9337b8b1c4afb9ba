"""What is kept of what was asked and not known: few words, counted, and nothing that says who asked."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.house import House
from bot.knowledge import unknown
from bot.knowledge.models import Unknown, UnknownWeek


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("what is a flurbozzle", "flurbozzle"),
        ("Flurbozzle Tax", "flurbozzle tax"),
        ("what is a Flurbozzle Tax", "flurbozzle tax"),
        ("Flurbozzle", "flurbozzle"),
        ("Ahmed Khan", unknown.LONG),
        ("who is Ahmed", unknown.LONG),
        ("my rent is 540 pounds a month and I cannot pay it any more what now", unknown.LONG),
        ("call 07700 900123", "call"),
        ("write to ali.k@example.org", "write"),
        ("my name is Ali", unknown.LONG),
        ("اسمي أحمد", unknown.LONG),
        ("мене звати Олена", unknown.LONG),
        ("what is Ahmed Khan", unknown.LONG),
        ("WHAT IS UC", "uc"),
        ("12 34", ""),
        ("???", ""),
    ],
)
def test_what_is_kept_of_a_message(said: str, kept: str) -> None:
    assert unknown.kept(said, {"tax", "council"}) == kept


def test_the_same_words_are_one_row_counted_by_week(house: House) -> None:
    for _ in range(3):
        with house.sessions.begin() as session:
            unknown.record(session, "word", "ar", "Flurbozzle?")
    with house.sessions() as session:
        row = session.scalars(select(Unknown)).one()
        week = session.scalars(select(UnknownWeek)).one()
        assert (row.kind, row.language, row.words, row.times, row.state) == ("word", "ar", "flurbozzle", 3, "open")
        assert (week.unknown_id, week.times, week.week.weekday()) == (row.id, 3, 0)


@pytest.mark.parametrize(("state", "then"), [("done", "open"), ("dismissed", "dismissed"), ("open", "open")])
def test_what_was_dealt_with_and_is_asked_again_is_open_again(house: House, state: str, then: str) -> None:
    with house.sessions.begin() as session:
        unknown.record(session, "word", "en", "flurbozzle")
        session.scalars(select(Unknown)).one().state = state
    with house.sessions.begin() as session:
        unknown.record(session, "word", "en", "flurbozzle")
    with house.sessions() as session:
        row = session.scalars(select(Unknown)).one()
        assert (row.state, row.times) == (then, 2)


def test_an_answer_that_did_not_help_is_named_with_the_reason(house: House) -> None:
    with house.sessions.begin() as session:
        unknown.rated(session, "so", "terms/council-tax")
        unknown.rated(session, "so", "terms/council-tax", "hard")
        unknown.rated(session, "so", "")
    with house.sessions() as session:
        rows = session.scalars(select(Unknown).order_by(Unknown.id)).all()
        assert [(row.about, row.words, row.times) for row in rows] == [
            ("terms/council-tax", "", 1),
            ("terms/council-tax", "hard", 1),
        ]
