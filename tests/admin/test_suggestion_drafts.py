"""From what a person said to what the bot says: beside the form, as a draft in one tap, used and thanked when it is published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot.conversation import clock, inbox
from bot.db.base import now
from bot.house import House
from bot.knowledge import drafts, loading, snapshot, workflow
from bot.knowledge.draft_models import Draft
from bot.staff.models import AuditEntry
from bot.suggestions import making, telling
from bot.suggestions.models import Suggestion
from tests.admin.test_editing_drafts import WHOLE
from tests.console.desk import Desk
from tests.staff.people import Colleague

SAID = {
    1: ("price", "terms", "band-5", "السعر صار ٣٣٬٥٠٠ اليوم <b>"),
    2: ("contact", "services", "hub", "they answer 0121 999 0000 only"),
    3: ("translation", "terms", "band-5", "هذا ليس صحيحا"),
    4: ("place", "", "", "Café Hope, food, B66"),
    5: ("price", "terms", "band-5", "it was 32 or 33"),
}


@pytest.fixture
def known(house: House) -> House:
    """Everybody wishes to hear what becomes of it."""
    with house.sessions.begin() as session:
        loading.load(session, WHOLE)
        for number, (what, kind, key, words) in SAID.items():
            chat = inbox.chat_for(session, "web", f"person {number}")
            made = making.make(
                session, chat, what=what, kind=kind, key=key, words=words, language="ar" if number in (1, 3) else "en"
            )
            assert made is not None and made.id == number
            made.hear = True
    return house


def row(house: House, number: int) -> Suggestion:
    with house.sessions() as session:
        return session.get_one(Suggestion, number)


def meaning(house: House) -> str:
    with house.sessions() as session:
        return snapshot.current(session).words("terms", "band-5", "meaning", "en").text


def test_one_tap_makes_a_draft_and_publishing_it_thanks_the_person(desk: Desk, known: House, admin: Colleague) -> None:
    at = "/knowledge/terms/band-5"
    desk.log_in(admin).get(f"{at}?suggestion=1&language=ar")
    assert "السعر صار" in desk.text and row(known, 1).reference in desk.text and "<b>" not in desk.page.text
    desk.send("/suggestions/1/draft")
    assert desk.form(at)["en.meaning"] == "The first level, from £33,500." and row(known, 1).state == "taken"
    assert "£32,073" in meaning(known)
    with known.sessions() as session:  # a figure alone: what the person wrote stays where it is sealed
        assert session.scalars(select(Draft)).one().changes == {"meaning": "The first level, from £33,500."}
    desk.post(f"{at}/publish", desk.form(at) | {"why": "asked them"})
    desk.follow()
    assert "£33,500" in meaning(known) and row(known, 1).state == "used"
    assert '<span class="badge">used</span>' in desk.page.text
    with known.sessions.begin() as session:
        told = telling.take_decided(session, (now() + dt.timedelta(days=1)).replace(hour=12))
        assert [(mine.id, end.state) for mine, end, _ in told] == [(1, "used")]
        verbs = [(e.verb, e.object) for e in session.scalars(select(AuditEntry)) if e.verb.startswith("suggestions.")]
    assert ("suggestions.use", f"suggestion:{row(known, 1).reference}") in verbs and ("suggestions.read", verbs[0][1]) in verbs


def test_two_figures_for_one_are_left_to_whoever_edits(desk: Desk, known: House, admin: Colleague) -> None:
    desk.log_in(admin).get("/knowledge/terms/band-5?suggestion=5")
    assert "Make this a draft" not in desk.text and "#en.meaning" in desk.page.text
    desk.get("/knowledge/terms/band-5?suggestion=3&language=ar")
    assert 'data-put="ar.meaning"' in desk.page.text
    desk.get("/knowledge/services/hub?suggestion=1")
    assert "السعر صار" not in desk.text  # of another entry


def test_published_by_somebody_else_or_by_the_clock_it_is_used_all_the_same(
    desk: Desk, open_desk: Callable[..., Desk], known: House, admin: Colleague
) -> None:
    editor = open_desk().log_in(Colleague.join(known, "elena", "editor"))
    editor.get("/knowledge/services/hub?suggestion=2")
    editor.send("/suggestions/2/draft")
    at = "/knowledge/services/hub"
    editor.post(f"{at}/review", editor.form(at))
    desk.log_in(admin).get("/knowledge/drafts/1")
    assert "made from a suggestion, by Elena" in desk.text and row(known, 2).reference in desk.text
    desk.post("/knowledge/drafts/1/publish", desk.form("/knowledge/drafts/1/publish"))
    assert row(known, 2).state == "used"
    with known.sessions() as session:
        assert snapshot.current(session).services["hub"].phones[0].number == "0121 999 0000"

    desk.get("/knowledge/terms/band-5?suggestion=1")
    desk.send("/suggestions/1/draft")
    with known.sessions.begin() as session:
        mine = drafts.own(session, "terms", "band-5", f"staff:{admin.id}")
        assert mine is not None
        workflow.schedule(session, mine, f"staff:{admin.id}", now() + dt.timedelta(minutes=5), "")
        mine.publish_at = now() - dt.timedelta(seconds=1)
    assert row(known, 1).state == "taken"
    clock.Clock(known).tick()
    assert row(known, 1).state == "used" and "£33,500" in meaning(known)


def test_a_new_place_begins_with_what_was_said_beside_it(desk: Desk, known: House, admin: Colleague) -> None:
    desk.log_in(admin).get("/knowledge/services/new?suggestion=4")
    assert "Café Hope, food, B66" in desk.text
    desk.send("/knowledge/services/new", name="Cafe Hope", key="cafe-hope")
    assert "Café Hope, food, B66" in desk.text
    at = "/knowledge/services/cafe-hope"
    given = {"organization": "Hope", "en.description": "Food.", "needs": "community", "phones": "0121 1", "fact.source": "seen"}
    desk.post(f"{at}/publish", desk.form(at) | given)
    desk.follow()
    assert row(known, 4).state == "used", desk.text
