"""However long a list may be, it is one page, and a card stays a card."""

from __future__ import annotations

import pypdfium2  # type: ignore[import-untyped]  # has no types
import pytest

from bot.papers.card import is_card
from bot.papers.profile import is_profile
from bot.papers.rendering import render
from bot.replies import Block, Paper
from bot.talents.catalogue import catalogue
from bot.talents.profile import MOST


def both(kind: str, english: str, own: str, language: str) -> Block:
    return Block(kind=kind, text=english, language="en", other=own, other_language=language)  # type: ignore[arg-type]  # parametrized


@pytest.mark.parametrize("language", ["ar", "uk", "so"])
def test_a_full_list_is_one_page_with_every_word_on_it(language: str) -> None:
    known = catalogue()
    skills = sorted(known.skills.values(), key=lambda skill: skill.group)[:: len(known.skills) // MOST][:MOST]
    blocks, group = [both("title", "My skills", "x", language)], ""
    for skill in skills:
        if skill.group != group:
            group = skill.group
            blocks.append(both("heading", known.group(group, "en"), known.group(group, language), language))
        blocks.append(both("pair", skill.name("en"), skill.name(language), language))
    paper = Paper(name="my-skills", form="pdf", language=language, blocks=blocks)
    assert len(skills) == MOST and is_profile(paper)
    document = pypdfium2.PdfDocument(render(paper))
    assert len(document) == 1
    words = " ".join(document[0].get_textpage().get_text_range().split())
    assert all(skill.name("en").split()[0] in words for skill in skills)


def test_a_card_is_no_profile() -> None:
    paper = Paper(name="card", form="pdf", language="ar", blocks=[both("title", "a", "b", "ar"), both("pair", "a", "b", "ar")])
    assert is_card(paper) and not is_profile(paper)
