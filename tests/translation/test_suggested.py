"""A suggestion gets its English: our own gloss for everybody, the machine's only where the person lets it read."""

from __future__ import annotations

import asyncio

from sqlalchemy import select

from bot.house import House
from bot.people import machine_translation
from bot.suggestions import making
from bot.suggestions.models import Suggestion
from bot.translation import suggested
from bot.translation.port import Translated
from tests.cases import office
from tests.translation.desk_at_work import SAYS, work, worker


def suggest(house: House, *, agrees: bool | None = None) -> None:
    with house.sessions.begin() as session:
        chat = office.chat_of(session, "someone", "ar")
        if agrees is not None:
            machine_translation.answer(session, chat.person_id, agrees)
        assert making.make(session, chat, what="place", words=SAYS, language="ar") is not None


def found(house: House) -> Suggestion:
    with house.sessions() as session:
        return session.scalars(select(Suggestion)).one()


def test_without_a_machine_there_is_a_gloss(runner: asyncio.Runner, plain: House) -> None:
    suggest(plain)
    work(runner, worker(plain))
    assert found(plain).english_by == "gloss" and "letter" in (found(plain).english or "")


def test_a_machine_outside_reads_only_who_said_yes(runner: asyncio.Runner, outside: House) -> None:
    suggest(outside)
    work(runner, worker(outside))
    assert found(outside).english_by == "gloss" and found(outside).asked_machine_at is None
    with outside.sessions.begin() as session:
        machine_translation.answer(session, found(outside).person_id, True)
    work(runner, worker(outside))
    assert found(outside).english_by not in ("gloss", None) and found(outside).asked_machine_at is not None


def test_more_words_are_read_anew(runner: asyncio.Runner, in_house: House) -> None:
    suggest(in_house)
    work(runner, worker(in_house))
    first = found(in_house)
    assert first.english_by not in ("gloss", None)
    with in_house.sessions.begin() as session:
        row = session.get_one(Suggestion, first.id)
        wanted = suggested.Wanted(row.id, row.version, row.language, row.words)
        row.version += 1
        row.english = row.english_by = row.asked_machine_at = None
    with in_house.sessions.begin() as session:
        suggested.note(session, wanted, Translated("of fewer words", "late"))
    assert found(in_house).english is None
    work(runner, worker(in_house))
    assert found(in_house).english_by not in ("gloss", None, "late")
