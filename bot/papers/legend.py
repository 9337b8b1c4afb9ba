"""What the marks of the steps mean: each with its word, as many beside each other as there is room for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot import i18n
from bot.papers.faces import Faces, Type
from bot.papers.setting import Column, flow
from bot.papers.strips import Mark, Strip
from bot.replies import Block

WORDS = {
    "todo": "button.step_undone",
    "doing": "button.step_doing",
    "done": "button.step_done",
    "not_for_me": "button.step_not_for_me",
}
RADIUS, WORD_AT, APART = 0.5, 1.6, 1.8  # of a mark, from its left end to its word, and to the next mark; to the size of the type
MIDDLE = 0.36  # of a letter without an ascender, above what it stands on


def mark(state: str, x: float, base: float, size: float) -> Mark:
    """A mark around `x`, as high as the letters of a line that stand on `base`."""
    return Mark(state, x, base - MIDDLE * size, RADIUS * size)


def rows(blocks: Sequence[Block], language: str, type_: Type, column: Column, faces: Faces) -> Iterator[Strip]:
    """The marks that stand in `blocks`, in the order of a step's life; nothing when there are none."""
    size, strip, used = type_.size, Strip(0), 0.0
    states = {block.mark for block in blocks}
    for state in (state for state in WORDS if state in states):
        for words in flow(i18n.t(language, WORDS[state]), language, type_, column.without(WORD_AT * size), faces):
            [text] = words.texts
            room = WORD_AT * size + text.line.width
            if used and used + room > column.width:
                yield strip
                strip, used = Strip(0), 0.0
            word = replace(text, x=column.at(used + WORD_AT * size, text.line.width))
            drawn = mark(state, column.at(used + RADIUS * size), text.base, size)
            strip = Strip(max(strip.height, words.height), (*strip.texts, word), (*strip.marks, drawn))
            used += room + APART * size
    if strip.texts:
        yield strip
