"""What is held of somebody's stories, as blocks of the file that they may ask for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Literal

from bot import i18n
from bot.answers.stories import state_line, told
from bot.cases.hours import LONDON
from bot.conversation.turn import Turn
from bot.people.models import Consent
from bot.replies import Block
from bot.stories.models import ToldStory


def blocks(turn: Turn, stories: Sequence[ToldStory], consents: Sequence[Consent]) -> Iterator[Block]:
    """Nothing for who told none. Of what they agreed to: the very words by which they were asked."""
    if stories:
        yield _block(turn, "heading", turn.t("mydata.stories"))
    for story in stories:
        yield _block(turn, "note", state_line(turn, story))
        if story.words:
            yield Block(kind="text", text=story.words, language=story.language)
        for language, texts in dict(story.texts or {}).items():
            if {"title", "story"} <= set(texts):
                yield Block(kind="text", text=told(language, texts, story.name or "", story.country or ""), language=language)
        if not story.texts and (chosen := " · ".join(part for part in (story.name, story.country) if part)):
            yield _block(turn, "text", chosen)
        if story.wish:
            yield Block(kind="text", text=story.wish, language=story.language)
    for consent in (one for one in consents if one.purpose.startswith("story:")):
        given, until = consent.given_at, consent.withdrawn_at or consent.until
        said = turn.t("mydata.story_agreed", given=_day(turn, given), until=_day(turn, until))
        yield _block(turn, "note", said)
        if text := dict(consent.shared or {}).get("text"):
            yield _block(turn, "text", str(text))


def _day(turn: Turn, at: dt.datetime) -> str:
    return i18n.date(turn.language, at.astimezone(LONDON).date())


def _block(turn: Turn, kind: Literal["heading", "text", "note"], text: str) -> Block:
    return Block(kind=kind, text=text, language=turn.language)
