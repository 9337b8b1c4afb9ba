"""The preview: what the real conversation says with a draft, in any language, and nothing of it is kept."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.channels.cli import CommandLineChannel
from bot.conversation import previewing
from bot.conversation.rehearsals import Done, Wanted
from bot.conversation.worker import Worker
from bot.db import tables
from bot.errors import RefusedError
from bot.house import House
from bot.knowledge import document, editing, snapshot
from bot.replies import Reply
from tests.console.desk import Desk
from tests.staff.people import Colleague


def wanted(house: House, kind: str, key: str, language: str, part: str = "", **changes: Any) -> Wanted:
    with house.sessions() as session:
        entry = editing.find(session, kind, key)
        assert entry is not None
        return Wanted(kind, key, language, {**document.of(entry), **changes}, part=part)


def first(house: House, kind: str) -> str:
    with house.sessions() as session:
        return next(iter(getattr(snapshot.current(session), kind)))


def rows(house: House) -> dict[str, int]:
    with house.sessions() as session:
        counted = {name: select(func.count()).select_from(table) for name, table in tables.Base.metadata.tables.items()}
        return {name: session.scalar(query) or 0 for name, query in counted.items()}


def text(replies: list[Reply]) -> str:
    return "\n".join(reply.text for reply in replies)


@pytest.mark.parametrize("kind", ["terms", "services", "safety", "letters", "pathways", "replies"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_kind_is_said_as_the_bot_says_it_and_nothing_is_kept(stocked: House, kind: str, language: str) -> None:
    before, key = rows(stocked), first(stocked, kind)
    said = previewing.entry(stocked, wanted(stocked, kind, key, language))
    assert said and all(reply.text for reply in said)
    assert rows(stocked) == before


def test_what_the_draft_says_is_what_is_seen(stocked: House) -> None:
    key = first(stocked, "terms")
    seen = previewing.entry(stocked, wanted(stocked, "terms", key, "ar", meaning="New words.", **{"ar:meaning": "كلمات جديدة"}))
    assert "كلمات جديدة" in text(seen) and seen[0].language == "ar"
    english = previewing.entry(stocked, wanted(stocked, "terms", key, "ar", meaning="New words."))
    assert "New words." in text(english)  # its translation is of the old English, so the English is said
    with stocked.sessions() as session:
        assert "New words." not in snapshot.current(session).words("terms", key, "meaning", "en").text


def test_a_step_of_a_pathway_is_shown_with_its_own_buttons(stocked: House) -> None:
    with stocked.sessions() as session:
        pathway = next(iter(snapshot.current(session).pathways.values()))
    for step in pathway.steps:
        seen = previewing.entry(stocked, wanted(stocked, "pathways", pathway.key, "en", step.key))
        sentences = re.split(r"(?<=[.!?])\s+", step.do)
        assert all(sentence in text(seen) for sentence in sentences), step.key  # also those that wait for "more"


def test_a_draft_that_is_nothing_yet_is_refused(stocked: House) -> None:
    with pytest.raises(RefusedError) as error:
        previewing.entry(stocked, wanted(stocked, "terms", first(stocked, "terms"), "en", name=None))
    assert error.value.reason == "shape"


@pytest.fixture
def working(stocked: House, engine: Any) -> Iterator[House]:
    worker = Worker(stocked, engine, {"cli": CommandLineChannel()})
    thread = threading.Thread(target=worker.run, daemon=True)
    thread.start()
    yield stocked
    worker.stop()
    thread.join(10)


def test_a_message_is_answered_by_the_real_engine_with_the_draft(working: House) -> None:
    before = rows(working)
    draft = wanted(working, "terms", "gp", "en", meaning="A doctor near you, says the draft.")
    _, said = working.rehearsals.ask(draft, [Done("What is a GP?")], working.inbox_bell.ring)
    assert "says the draft" in text(said)
    assert rows(working) == before
    with pytest.raises(RefusedError):
        nothing = wanted(working, "terms", "gp", "en", name=None)
        working.rehearsals.ask(nothing, [Done("What is a GP?")], working.inbox_bell.ring)


def test_taps_go_on_with_the_same_conversation_and_nothing_of_it_is_kept(working: House) -> None:
    """The plan that the first tap shows is the one that the preview began: a step marked done there is done at the next tap."""
    before, draft = rows(working), wanted(working, "pathways", "nurse", "ar")
    done: list[Done] = []
    seen = working.rehearsals.ask(draft, done, working.inbox_bell.ring)
    for wish in ("show_step", "mark_step", "show_step"):
        tapped = next(
            b for reply in reversed(sum(seen, [])) for row in reply.rows for b in row if b.payload.startswith(f"/{wish}")
        )
        done.append(Done(tapped.label, tapped.payload))
        seen = working.rehearsals.ask(draft, done, working.inbox_bell.ring)
        assert len(seen) == len(done) + 1 and seen[-1] and {reply.language for reply in seen[-1]} == {"ar"}
    assert rows(working) == before


def test_the_page_shows_the_conversation_so_far_and_its_buttons_can_be_tapped(
    desk: Desk, working: House, admin: Colleague
) -> None:
    at = "/knowledge/terms/gp"
    desk.log_in(admin).get(at)
    form = desk.form(at) | {"preview_language": "en", "en.meaning": "A doctor near you, says the draft."}
    desk.post(f"{at}/preview", form)
    payload = html.unescape(re.findall(r'data-tap="([^"]+)"', desk.page.text)[-1])
    desk.post(f"{at}/preview", form | {"turn": [f"{payload}\nTapped <b>", "\nWhat is a GP?"], "say": ""})
    assert desk.page.text.count("says the draft") == 2 and "Tapped <b>" in desk.text and "<b>" not in desk.page.text
    assert desk.page.text.index("Tapped") < desk.page.text.index("What is a GP?")
