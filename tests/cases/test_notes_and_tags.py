"""Notes, tags and saved views: for staff only, each once, within bounds."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from bot.cases import notes, referrals, saved_views, tags
from bot.cases.models import CaseNote, Handoff
from bot.cases.queues import Filters
from bot.db.base import now
from bot.house import House
from bot.people.models import Chat
from bot.staff.models import Staff
from tests.cases.office import AMINA, BEA, LENA, OTTO, ask, going_out, refused, told


def test_a_note_tells_whom_it_names_and_nobody_else(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session)
        for _ in range(2):  # a double click
            notes.add(session, AMINA, row, "@Bea, please ring. Mail is x@lena.org, cc @nobody @amina.", once="form-token-01")
        assert [(note.text[:4], note.mentions) for note in notes.of(session, row)] == [("@Bea", [AMINA, BEA])]
        assert [("mention", "handoff") in told(session, number) for number in (AMINA, BEA, LENA)] == [False, True, False]
    assert going_out(at_work) == []


def test_nobody_is_named_who_may_not_see_the_case(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session)
        assert refused(notes.add, session, AMINA, row, "@otto?", once="form-token-01") == "mention"
        assert told(session, OTTO) == [] and notes.of(session, row) == []
        session.get_one(Staff, BEA).disabled_at = now()
        session.flush()
        note = notes.add(session, AMINA, row, "@bea has left", once="form-token-02")
        assert note is not None and note.mentions == []


@pytest.mark.parametrize(("text", "reason"), [("", "text_empty"), (" \u202e\x00 ", "text_empty"), ("x" * 3_001, "text_long")])
def test_a_note_says_something_and_not_too_much(at_work: House, text: str, reason: str) -> None:
    with at_work.sessions.begin() as session:
        assert refused(notes.add, session, AMINA, ask(session), text, once="form-token-01") == reason


def test_a_referral_has_notes_of_its_own(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session)
        made = referrals.make(
            session, session.get_one(Chat, row.chat_id), service="hub", need="legal", shared={}, made_from="1", told=None
        )
        notes.add(session, AMINA, made, "@lena they ask for a letter", once="form-token-01")
        assert len(notes.of(session, made)) == 1 and notes.of(session, row) == []
        assert ("mention", "referral") in told(session, LENA)


def test_tags_are_one_spelling_and_at_most_ten(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session)
        assert tags.add(session, row, "  Council  Tax ") and not tags.add(session, row, "council_tax")
        assert tags.add(session, row, "إيجار") and tags.remove(session, row, "إيجار") and not tags.remove(session, row, "إيجار")
        for number in range(9):
            tags.add(session, row, f"t{number}")
        assert refused(tags.add, session, row, "eleven") == "tags_many"
        assert [refused(tags.add, session, row, tag) for tag in ("", "<>", "x" * 31)] == ["tag", "tag", "tag"]
        assert tags.normal("<b>Rent!</b>") == "brent-b"


def test_the_most_used_tags_are_suggested_first(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        for name, given in (("a", ("rent", "repair")), ("b", ("rent",)), ("c", ("rent", "repair", "100%"))):
            row = ask(session, name)
            for tag in given:
                tags.add(session, row, tag)
        assert tags.suggested(session)[:2] == ["rent", "repair"]
        assert tags.suggested(session, "Re") == ["rent", "repair"] and tags.suggested(session, "rep") == ["repair"]
        assert tags.suggested(session, "%") == tags.suggested(session)  # a sign alone is no beginning


def test_saved_views_are_ones_own_and_keep_no_words(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        view = saved_views.make(session, AMINA, " Somali  rent ", Filters(show="all", language="so", tag="rent", text="Yusuf"))
        assert saved_views.filters_of(view) == Filters(show="all", language="so", tag="rent")
        again = saved_views.make(session, AMINA, "somali rent", Filters(language="so"))
        assert again.id == view.id and len(saved_views.listed(session, AMINA)) == 1
        assert saved_views.listed(session, BEA) == [] and not saved_views.delete(session, BEA, view.id)
        view.filters = {"show": "nonsense", "gone": "x"}
        assert saved_views.filters_of(view) == Filters()
        for number in range(saved_views.MOST - 1):
            saved_views.make(session, AMINA, f"view {number}", Filters())
        assert refused(saved_views.make, session, AMINA, "one more", Filters()) == "views_many"
        assert refused(saved_views.make, session, BEA, " ", Filters()) == "view_name"
        assert saved_views.delete(session, AMINA, view.id) and not saved_views.delete(session, AMINA, view.id)


def test_notes_and_tags_go_with_the_case(at_work: House) -> None:
    with at_work.sessions.begin() as session:
        row = ask(session)
        notes.add(session, AMINA, row, "a note", once="form-token-01")
        tags.add(session, row, "rent")
        session.flush()
        session.delete(session.get_one(Handoff, row.id))
        session.flush()
        assert session.scalar(select(func.count()).select_from(CaseNote)) == 0 and tags.suggested(session) == []
