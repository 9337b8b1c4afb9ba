"""What a person said and somebody put into a draft goes from it when the person has everything deleted, on both databases."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bot.conversation import inbox, personal_data
from bot.house import House
from bot.knowledge import drafts, editing, loading, workflow
from bot.knowledge.draft_models import Draft
from bot.people.models import Chat
from bot.settings import Settings
from bot.suggestions import drafting, making
from bot.suggestions.models import Suggestion
from bot.suggestions.unwriting import without
from tests.admin.test_editing_drafts import WHOLE
from tests.console.desk import Desk
from tests.staff.people import Colleague

WORDS = "My cousin Ahmad earns less there.\nThe office told him £33,500"
ELSE = "I am Amina and it was wrong for me"
WAS = "The first level, from £32,073."


@pytest.fixture(params=["sqlite", "postgresql"])
def each(request: pytest.FixtureRequest, environ: dict[str, str]) -> Iterator[House]:
    """A house on each database, in which two people have said what is wrong with one term, and a third missed a place."""
    postgresql = request.param == "postgresql" and request.getfixturevalue("postgresql")
    house = (
        House.open(Settings.read({**environ, "USEIT_DATABASE_URL": postgresql}))
        if postgresql
        else request.getfixturevalue("house")
    )
    with house.sessions.begin() as session:
        loading.load(session, WHOLE)
        for number, words in enumerate((WORDS, ELSE, "Café Hope of Sister Mary"), 1):
            chat = inbox.chat_for(session, "web", f"person {number}")
            about = {"what": "place"} if number == 3 else {"what": "other", "kind": "terms", "key": "band-5"}
            made = making.make(session, chat, **about, words=words, language="en")
            assert made is not None and made.id == number
    yield house
    house.database.dispose()


def draft(house: House, who: str, number: int, **changes: object) -> int:
    """Somebody's draft, made from a suggestion."""
    with house.sessions.begin() as session:
        row = session.get_one(Suggestion, number)
        kind, key = (row.about_kind, row.about_key) if row.about_key else ("services", "cafe-hope")
        entry = editing.find(session, kind, key)
        made = drafts.save(session, kind, key, who, changes, seen=editing.revision(entry) if entry else "")
        assert made is not None
        drafting.link(made, row, who)
        return made.id


def forget(house: House, number: int) -> None:
    with house.sessions.begin() as session:
        chat = session.get_one(Chat, session.get_one(Suggestion, number).chat_id)
        personal_data.forget(session, chat.person)


def found(house: House, number: int) -> Draft:
    with house.sessions() as session:
        row = session.get_one(Draft, number)
        _ = row.steps
        return row


def test_the_words_go_and_what_staff_wrote_stays(each: House) -> None:
    mine = draft(each, "staff:1", 1, meaning=f"{WAS} It rises each April.\n{WORDS}", **{"ar:meaning": "ترتفع كل نيسان"})
    only = draft(each, "staff:2", 1, meaning=f"{WAS}\n\n  my cousin AHMAD earns less there. ")
    figure = draft(each, "staff:3", 1, meaning="The first level, from £33,500.")
    theirs = draft(each, "staff:4", 2, meaning=f"{WAS} {ELSE}")
    with each.sessions.begin() as session:
        workflow.ask_review(session, session.get_one(Draft, mine), "staff:1", "")
    marks = found(each, mine).mark
    forget(each, 1)
    row = found(each, mine)
    assert row.changes == {"meaning": f"{WAS} It rises each April.", "ar:meaning": "ترتفع كل نيسان"}
    assert (
        row.state == "draft" and row.mark > marks
    )  # what was to be reviewed is another text; a window with the old one is stale
    assert [step.becomes for step in row.steps][-1] == "words_deleted"
    assert (found(each, only).changes, found(each, only).state) == ({}, "discarded")
    assert (found(each, figure).changes, found(each, figure).state) == ({"meaning": "The first level, from £33,500."}, "draft")
    assert ELSE in found(each, theirs).changes["meaning"]
    with each.database.connect() as connection:
        assert "Ahmad" not in str(connection.exec_driver_sql("SELECT * FROM knowledge_drafts").all())


def test_they_go_from_what_was_thrown_away_and_from_a_place_that_is_not_there_yet_and_stay_where_they_are_published(
    each: House,
) -> None:
    away = draft(each, "staff:1", 2, meaning=f"{WAS} {ELSE}")
    new = draft(each, "staff:1", 3, name="Cafe Hope", description="Food for all.\nCafé Hope of Sister Mary", needs=["community"])
    published = draft(each, "staff:2", 1, meaning=f"{WAS} My cousin Ahmad earns less there.")
    with each.sessions.begin() as session:
        workflow.discard(session, session.get_one(Draft, away), "staff:1")
        workflow.publish(session, session.get_one(Draft, published), "staff:2", "")
    for number in (1, 2, 3):
        forget(each, number)
    assert (found(each, away).changes, found(each, away).state) == ({}, "discarded")
    assert found(each, new).changes == {"name": "Cafe Hope", "description": "Food for all.", "needs": ["community"]}
    assert "Ahmad" in json.dumps(found(each, published).changes)  # somebody has taken it over as what the bot says


def test_a_form_that_is_open_meanwhile_does_not_bring_them_back(each: House, runner: asyncio.Runner) -> None:
    desk, at = Desk(each, runner).log_in(Colleague.join(each, "bea", "admin")), "/knowledge/terms/band-5"
    desk.get(f"{at}?suggestion=2")
    typed = desk.form(at) | {"en.meaning": f"{WAS} {ELSE}"}
    forget(each, 2)
    desk.post(at, typed)
    assert "This suggestion has been deleted" in desk.text and ELSE in desk.text  # it is still there to be put right
    with each.sessions() as session:
        assert session.scalars(select(Draft)).all() == []
    desk.post(at, desk.form(at) | {"en.meaning": f"{WAS} It rises."})
    with each.sessions() as session:
        assert session.scalars(select(Draft)).one().changes == {"meaning": f"{WAS} It rises."}


@pytest.mark.parametrize(
    ("text", "words", "left"),
    [
        ("A. they  never\nanswer. B.", "They never answer.", "A. B."),
        ("It is closed.\nclosed\n\nMore.", "closed", "It is closed.\n\nMore."),
        ("من 33 الى 34. هذا ليس صحيحا أبدا. تم", "هذا ليس صحيحا أبدا.", "من 33 الى 34. تم"),
        ("From £33,500 on.", "£33,500", "From £33,500 on."),
        ("The one I know. Rest", "One thing. I know. Two.", "The one I know. Rest"),
    ],
)
def test_the_same_words_are_found_however_they_are_spaced_and_no_others(text: str, words: str, left: str) -> None:
    assert without(text, words) == left
