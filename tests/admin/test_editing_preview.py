"""The preview: what the real conversation says with a draft, in any language, and nothing of it is kept."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Iterator
from typing import Any

import msgspec
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
from bot.replies import Button, Reply
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


def test_a_step_of_a_pathway_is_shown_whole_and_with_its_own_buttons(stocked: House) -> None:
    with stocked.sessions() as session:
        pathway = next(iter(snapshot.current(session).pathways.values()))
    cuts = 0
    for step in pathway.steps:
        first, *behind = previewing.entry(stocked, wanted(stocked, "pathways", pathway.key, "en", step.key))
        at = next(at for at in range(len(step.do), 0, -1) if step.do[:at].strip() in first.text)
        said, waits = step.do[:at].strip(), step.do[at:].strip()
        assert said[-1] in ".!?:)" and waits in text(behind), (
            step.key
        )  # what is not said at once waits for "more": nothing is lost
        cuts += bool(waits)
        buttons = [button.payload for row in first.rows for button in row]
        marks = [msgspec.json.decode(sent.removeprefix("/mark_step")) for sent in buttons if sent.startswith("/mark_step")]
        assert {mark["step"] for mark in marks} == {f"{pathway.key}/{step.key}"}
        assert [mark["state"] for mark in marks] == ["done", "doing", "not_for_me"]
        assert bool(behind) == any(sent.startswith("/tell_more") for sent in buttons)
    assert 0 < cuts < len(pathway.steps)  # of both sorts there are some


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

    def tap(button: Button) -> list[Button]:
        """What can be tapped in the answer to it; all before it is answered as it was."""
        earlier = seen[:]
        done.append(Done(button.label, button.payload))
        seen[:] = working.rehearsals.ask(draft, done, working.inbox_bell.ring)
        assert [text(replies) for replies in seen[:-1]] == [text(replies) for replies in earlier]
        assert seen[-1] and {reply.language for reply in seen[-1]} == {"ar"}
        return [button for reply in seen[-1] for row in reply.rows for button in row]

    def of(buttons: list[Button], wish: str, said: str = "") -> Button:
        return next(button for button in buttons if button.payload.startswith(f"/{wish}") and said in button.payload)

    seen = working.rehearsals.ask(draft, done, working.inbox_bell.ring)
    shows = of([button for reply in seen[0] for row in reply.rows for button in row], "show_step")
    step = shows.payload.removeprefix("/show_step")[1:-1]  # its "step": "..."
    fresh = tap(shows)
    tap(of(fresh, "mark_step", '"done"'))
    again = tap(shows)
    assert step in of(again, "mark_step", '"todo"').payload and not [b for b in again if '"done"' in b.payload]
    assert len(seen) == 4 and rows(working) == before
    fresh_again = working.rehearsals.ask(draft, [Done(shows.label, shows.payload)], working.inbox_bell.ring)
    assert '"done"' in str([row for reply in fresh_again[1] for row in reply.rows])  # the next preview begins anew


def test_the_page_shows_the_conversation_so_far_and_its_buttons_can_be_tapped(
    desk: Desk, working: House, admin: Colleague
) -> None:
    at = "/knowledge/terms/gp"
    desk.log_in(admin).get(at)
    form = desk.form(at) | {"preview_language": "en", "en.meaning": "A doctor near you, says the draft."}
    desk.post(f"{at}/preview", form)
    assert "What can I do for you?" not in desk.page.text
    payload = next(
        sent for sent in map(html.unescape, re.findall(r'data-tap="([^"]+)"', desk.page.text)) if sent.startswith("/menu")
    )
    desk.post(f"{at}/preview", form | {"turn": [f"{payload}\nTapped <b>", "\nWhat is a GP?"], "say": ""})
    assert desk.page.text.count("says the draft") == 2 and "Tapped <b>" in desk.text and "<b>" not in desk.page.text
    said = ["says the draft", "Tapped", "What can I do for you?", "What is a GP?", "says the draft"]
    assert re.search(".*".join(map(re.escape, said)), desk.page.text, re.DOTALL), "not in this order"
    assert desk.page.text.count("What can I do for you?") == 1
