"""A case is found by its reference or by all words of it, in any script; the database holds none of the words."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.cases import notes, queues, referrals, searching
from bot.cases.models import CaseWord
from bot.cases.queues import Filters
from bot.house import House
from bot.people.models import Chat
from tests.cases.office import AMINA, ask, chat_of, says


def found(session: Session, text: str) -> list[str]:
    session.flush()
    return [row.handoff.reference for row in queues.listed(session, Filters(show="all", text=text), AMINA, "caseworker").rows]


def test_by_all_words_of_reason_messages_and_notes(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        chat = chat_of(session)
        says(session, chat, "my landlord Brightwater wants more rent")  # before they asked for a person
        row = ask(session, reason="Miete, la plomería; ايجار")
        says(session, session.get_one(Chat, row.chat_id), "The boiler is broken")
        notes.add(session, AMINA, row, "ring the Ombudsman", once="form-token-01")
        other = ask(session, "other", "the boiler")
        for text in ("brightwater", "BOILER broken", "ombudsman rent", "plomeria", "إيجار", "  miete , boiler "):
            assert found(session, text) == [row.reference], text
        assert found(session, "boiler") == [row.reference, other.reference]
        assert found(session, "boiler unicorn") == [] and found(session, "boil") == []


def test_by_the_beginning_of_a_reference_and_by_a_referrals_too(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row, other = ask(session), ask(session, "other")
        row.reference, other.reference = "H-7K3M9", "H-8K3M9"
        made = referrals.make(
            session, session.get_one(Chat, row.chat_id), service="hub", need="legal", shared={}, made_from="1", told=None
        )
        made.reference = "R-RENTA"
        for text in ("H-7K3M9", "h-7", "h7k3m9", " H-7K ", "R-RENTA", "r-ren"):
            assert found(session, text) == [row.reference], text
        assert found(session, "rent") == [] and found(session, "H-9") == []


@pytest.mark.parametrize("text", ["'; DROP TABLE handoffs; --", "%", "_", "H-%", "\x00", "a" * 10_000, "🙂", "\u202e"])
def test_nothing_that_is_typed_breaks_it(at_work: House, text: str) -> None:
    with at_work.sessions.begin() as session:
        ask(session)
        found(session, text)


def test_the_same_words_again_are_kept_once_and_not_without_end(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session, reason="rent rent RENT")
        says(session, session.get_one(Chat, row.chat_id), "rent")
        session.flush()
        assert session.scalar(select(func.count()).select_from(CaseWord)) == 1
        searching.index(session, row.id, " ".join(f"word{n}" for n in range(5_000)))
        assert session.scalar(select(func.count()).select_from(CaseWord)) == searching.MOST_WORDS


def test_rebuilding_finds_the_same(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session, reason="rent")
        says(session, session.get_one(Chat, row.chat_id), "boiler")
        notes.add(session, AMINA, row, "ombudsman", once="form-token-01")
        before = set(session.scalars(select(CaseWord.word)))
        searching.rebuild(session, row)
        assert set(session.scalars(select(CaseWord.word))) == before


def test_the_file_holds_no_word(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session, reason="brightwater landlord")
        says(session, session.get_one(Chat, row.chat_id), "ombudsman")
        notes.add(session, AMINA, row, "plumbing", once="form-token-01")
    at_work.database.dispose()
    raw = b"".join(path.read_bytes() for path in Path(at_work.settings.var).glob("useit.db*"))
    assert [word for word in (b"brightwater", b"ombudsman", b"plumbing") if word in raw.lower()] == []
