"""Suggestions as staff see and decide about them, and what we did, over HTTP."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot.conversation import inbox
from bot.errors import RefusedError
from bot.house import House
from bot.knowledge import loading, snapshot
from bot.knowledge.models import Entry
from bot.suggestions import deciding, making, telling
from bot.suggestions.models import NewsItem, Suggestion
from bot.translation import suggested as suggested_english
from tests.console.conftest import admin, caseworker, open_desk, runner
from tests.console.desk import Desk
from tests.knowledge.test_editing import SEED
from tests.staff.people import Colleague

__all__ = ["admin", "caseworker", "open_desk", "runner"]
WORDS = "السعر الآن أعلى <script>alert(1)</script>"


@pytest.fixture
def suggested(house: House) -> House:
    """Two people say that a price is wrong, a third names a place."""
    with house.sessions.begin() as session:
        loading.load(session, SEED)
        for number, (what, words) in enumerate((("price", WORDS), ("price", "it is more"), ("place", "Café Hope, food, B66"))):
            chat = inbox.chat_for(session, "web", f"person {number}")
            kind, key = ("terms", "band-5") if what == "price" else ("", "")
            made = making.make(session, chat, what=what, kind=kind, key=key, words=words, language="ar" if number == 0 else "en")
            assert made is not None
            made.hear = True
    return house


@pytest.fixture
def desk(open_desk: Callable[..., Desk], admin: Colleague, suggested: House) -> Desk:
    return open_desk().log_in(admin)


def row(house: House, number: int) -> Suggestion:
    with house.sessions() as session:
        return session.get_one(Suggestion, number)


def test_it_stands_beside_the_entry_in_both_languages_and_says_not_whose(desk: Desk, suggested: House) -> None:
    desk.get("/suggestions")
    assert all(row(suggested, number).reference in desk.text for number in (1, 2, 3))
    desk.get("/suggestions/1")
    assert "The English is being made" in desk.text
    assert suggested_english.fill(suggested.sessions) == 1 and suggested_english.fill(suggested.sessions) == 0
    desk.get("/suggestions/1")
    assert "<script>alert" not in desk.page.text and "السعر الآن أعلى" in desk.text and 'dir="rtl"' in desk.page.text
    assert "This is no translation" in desk.text and "person 0" not in desk.page.text
    with suggested.sessions() as session:
        assert snapshot.current(session).words("terms", "band-5", "meaning", "en").text in desk.text


def test_work_on_it_leads_to_the_entry_or_a_new_service(desk: Desk, suggested: House) -> None:
    desk.get("/suggestions/1")
    assert (
        desk.post("/suggestions/1/take", desk.form("/suggestions/1/take"))
        .headers["location"]
        .startswith("/console/knowledge/terms/band-5")
    )
    assert row(suggested, 1).state == "taken"
    desk.get("/suggestions/3")
    desk.post("/suggestions/3/take", desk.form("/suggestions/3/take"))
    assert desk.page.headers["location"].startswith("/console/knowledge/services/new")


def test_put_together_they_end_together(desk: Desk, suggested: House) -> None:
    desk.get("/suggestions/1")
    desk.send("/suggestions/1/merge", into="2")
    assert row(suggested, 1).state == "merged" and row(suggested, 2).reference in desk.text
    desk.get("/suggestions/2")
    desk.send("/suggestions/2/use")
    with suggested.sessions.begin() as session:
        noon = row(suggested, 2).created_at.replace(hour=12)
        told = telling.take_decided(session, noon)
        assert sorted((mine.id, end.id, end.state) for mine, end, _ in told) == [(1, 2, "used"), (2, 2, "used")]


def test_it_is_declined_with_a_reason_and_opened_again_until_they_were_told(desk: Desk, suggested: House) -> None:
    desk.get("/suggestions/1")
    assert desk.send("/suggestions/1/decline", why="because").status_code == 409 and row(suggested, 1).state == "open"
    desk.get("/suggestions/1")
    desk.send("/suggestions/1/decline", why="is_right")
    assert (row(suggested, 1).state, row(suggested, 1).why) == ("declined", "is_right")
    desk.send("/suggestions/1/open")
    assert (row(suggested, 1).state, row(suggested, 1).decided_at) == ("open", None)
    desk.send("/suggestions/1/decline", why="unclear")
    with suggested.sessions.begin() as session:
        found = session.get_one(Suggestion, 1)
        found.told_at = found.decided_at
        with pytest.raises(RefusedError) as refused:
            deciding.open_again(session, found, found.version)
        assert refused.value.reason == "suggestion_told"


def test_of_two_decisions_the_second_is_refused(desk: Desk, open_desk: Callable[..., Desk], suggested: House) -> None:
    other = open_desk().log_in(Colleague.join(suggested, "ade", "admin"))
    for one in (desk, other):
        one.get("/suggestions/3")
    desk.send("/suggestions/3/use")
    assert other.send("/suggestions/3/decline", why="not_ours").status_code == 409 and row(suggested, 3).state == "used"


def test_who_may_not_publish_does_not_decide_and_caseworkers_do_not_see_it(
    open_desk: Callable[..., Desk], suggested: House, caseworker: Colleague
) -> None:
    editor = open_desk().log_in(Colleague.join(suggested, "edi", "editor"))
    editor.get("/suggestions/1")
    assert "Somebody who may publish decides" in editor.text
    form = editor.form("/suggestions/1/take")
    assert editor.post("/suggestions/1/use", form).status_code == 403
    assert open_desk().log_in(caseworker).get("/suggestions").status_code == 403


def test_identifiers_are_masked_and_more_than_enough_is_not_kept(house: House) -> None:
    with house.sessions.begin() as session:
        chat = inbox.chat_for(session, "web", "someone")
        first = making.make(session, chat, what="place", words="my NINO QQ123456C " * 200, language="en")
        assert first is not None and "QQ123456C" not in first.words and len(first.words) <= making.LONGEST
        made = [making.make(session, chat, what="place", words=f"place {n}", language="en") for n in range(6)]
        assert [m is not None for m in made] == [True] * 4 + [False] * 2


def test_the_same_said_twice_is_one_suggestion(house: House) -> None:
    with house.sessions.begin() as session:
        chat = inbox.chat_for(session, "web", "someone")
        one, two = (making.make(session, chat, what="price", kind="terms", key="x", words=w, language="en") for w in ("5", "6"))
        assert one is two and one is not None and one.words == "5\n6"


def test_you_said_we_did_is_written_published_and_taken_down(desk: Desk, suggested: House) -> None:
    desk.get("/we-did")
    assert desk.send("/we-did", said="<b>x</b>", did="y", number="2").status_code == 409 and "plain words" in desk.text
    desk.get("/we-did")
    desk.send("/we-did", said="Prices were old", did="We asked all and changed them", number="2")
    with suggested.sessions() as session:
        item = session.scalars(select(NewsItem)).one()
        entry = session.scalars(select(Entry).where(Entry.kind == "we_did")).one()
        assert item.published_at is None and not entry.published
        assert not snapshot.current(session).words("we_did", item.key, "said", "en")
    desk.send(f"/we-did/{item.id}/publish")
    with suggested.sessions() as session:
        assert snapshot.current(session).words("we_did", item.key, "did", "ar").text == "We asked all and changed them"
    desk.send(f"/we-did/{item.id}/withdraw")
    with suggested.sessions() as session:
        assert session.scalars(select(NewsItem)).one().published_at is None
