"""Drawings beside words: none is missing, none says a word, and no label gets two."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from types import SimpleNamespace

import pytest

from bot import i18n, pictograms
from bot.answers import papers, services
from bot.cases.models import Message
from bot.channels.telegram import writing
from bot.channels.web.lines import line_of
from bot.conversation.incoming import Outgoing
from bot.db.base import now
from bot.knowledge.seed import Seed
from bot.people.plans import STATES
from bot.replies import Block, Button, Paper, Reply, payload

SHAPES = {"path", "circle"}
FLAGS_SIGNS_SKINS = re.compile("[\U0001f1e6-\U0001f1ff\U0001f3f3\U0001f3f4\U0001f3fb-\U0001f3ff✝☪✡☸🕉🛐⛪🕌🕍🙏]")
HANDS = re.compile("[👈👉👆👇☝👋🤚🖐✋👌👍👎✊👊🤝🙌👏✍]")


def test_each_drawing_is_of_our_kind_and_stands_for_something() -> None:
    assert {path.stem for path in pictograms.FOLDER.glob("*.svg")} == set(pictograms.table())
    for name, drawn in pictograms.table().items():
        svg = ET.fromstring(pictograms.svg(name))
        assert (svg.get("viewBox"), svg.get("fill"), svg.get("stroke"), svg.get("stroke-width")) == (
            "0 0 24 24", "none", "currentColor", "2",
        ), name  # fmt: skip
        assert {child.tag.partition("}")[2] for child in svg} <= SHAPES, name
        assert drawn.buttons or drawn.steps or drawn.desks or drawn.lines, name
        assert not FLAGS_SIGNS_SKINS.search(drawn.emoji) and not HANDS.search(drawn.emoji), name
    with pytest.raises(KeyError):
        pictograms.svg("../table")


def test_every_need_step_and_card_has_one_and_the_table_names_nothing_that_is_not_there(content: Seed) -> None:
    steps = {step.key for pathway in content.pathways for step in pathway.steps}
    named = [key for drawn in pictograms.table().values() for key in drawn.steps]
    assert set(named) == steps and len(named) == len(steps)
    needs = [pictograms.of_button(payload("inform", slot="need", value=need)) for need in services.NEEDS]
    assert all(needs) and len(set(needs)) == len(needs)
    states = [pictograms.of_button(payload("mark_step", step="a/b", state=state)) for state in STATES]
    assert states == list(STATES)
    assert all(pictograms.of_desk(desk) for desk in papers.DESKS)
    access = [pictograms.of_button(payload("inform", slot="access", value=value)) for value in services.ACCESS]
    assert all(access) and len(set(access)) == len(access)


def test_on_telegram_a_label_has_one_emoji_in_every_language() -> None:
    sends = {"menu.person": "/talk_to_person", "button.more": payload("tell_more", kind="terms", key="dbs"),
             "need.legal": payload("inform", slot="need", value="legal"), "check_in.face.1": payload("check_in", value="1")}  # fmt: skip
    for language in ("en", "ar", "so", "fa", "ps", "ur", "uk", "fr"):
        labels = {key: i18n.t(language, key) for key in sends}
        rows = [[Button(label=labels[key], payload=sends[key])] for key in sends]
        made = writing.keyboard(Outgoing(id=7, reply=Reply(text="x", language=language, rows=rows)))
        assert made is not None
        shown = dict(zip(sends, (row[0].text for row in made.inline_keyboard), strict=True))
        assert shown["menu.person"] == labels["menu.person"] and shown["check_in.face.1"] == labels["check_in.face.1"]
        assert shown["need.legal"] == f"⚖️ {labels['need.legal']}" and shown["button.more"] == f"➕ {labels['button.more']}"
    assert pictograms.with_emoji("Next ›", payload("show_step", step="a/b")) == "Next ›"
    assert pictograms.with_emoji("Map", "") == "Map"


def test_the_page_gets_the_drawing_and_the_words_also_of_what_was_stored_before_there_were_drawings() -> None:
    old = {"text": "x", "language": "en", "rows": [[{"label": "☰ Menu", "payload": "/menu", "url": ""}]], "sender": "bot"}
    row = SimpleNamespace(id=3, body=old)
    message = Message(id=1, sender="bot", text="x", language="en", at=now())
    [[tap]] = line_of(message, row).rows  # type: ignore[arg-type]  # a row with all that is read of it
    assert (tap.label, tap.words, tap.pictogram, tap.token) == ("☰ Menu", "Menu", "menu", "3:0")


def test_a_paper_draws_it_beside_its_step() -> None:
    from bot.papers.rendering import render

    def drawn(name: str) -> bytes:
        steps = [Block(kind="step", text="A", language="ar", mark="todo", number=1, pictogram=name)]
        return render(Paper(name="x", form="png", language="ar", blocks=steps))

    assert len({drawn(""), drawn("exam"), drawn("papers")}) == 3
