"""A page to keep: a title, words, and steps with a mark and a number each; small print below a rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from babel.numbers import format_decimal

from bot import i18n
from bot.papers import legend
from bot.papers.faces import Faces, Type
from bot.papers.setting import Column, beside, flow, halves, side_of
from bot.papers.strips import INK, SOFT, TEAL, Drawing, Sheet, Strip
from bot.replies import Block, Paper

TYPES = {
    "title": Type(20, bold=True, colour=TEAL),
    "heading": Type(14, bold=True, colour=INK),
    "text": Type(12, colour=INK),
    "pair": Type(12, colour=INK),
    "step": Type(12.5, colour=INK),
    "over": Type(12.5, colour=SOFT),  # a step that needs nothing more
    "number": Type(12.5, bold=True, colour=TEAL),
    "note": Type(10, colour=SOFT),
}
GAPS = {"title": 0.0, "heading": 14.0, "text": 8.0, "pair": 8.0, "step": 10.0, "note": 3.0}  # above a block
NUMBER_AT, WORDS_AT = 23.0, 46.0  # of a step, in points from its mark
DRAWN_AT, DRAWN, DRAWN_ROOM = 46.0, 20.0, 29.0  # of the drawing of a step: where, how big, and how far it moves the words


class Page:
    """One paper on one sheet. Everything begins on the side of the paper's language, also what is English in it."""

    def __init__(self, paper: Paper, sheet: Sheet, faces: Faces) -> None:
        self._blocks, self._language, self._faces, self._scale = paper.blocks, paper.language, faces, sheet.scale
        self._uncut = sheet.uncut
        # all steps begin at one place, also one without a drawing
        self._words_at = WORDS_AT + (DRAWN_ROOM if any(b.pictogram for b in paper.blocks if b.kind == "step") else 0.0)
        self._column = Column(sheet.margin, sheet.width - sheet.margin, side_of(paper.language))

    def strips(self) -> Iterator[Strip]:
        end = len(self._blocks)
        while end and self._blocks[end - 1].kind == "note" and not self._is_of_step(end - 1):
            end -= 1
        for place, block in enumerate(self._blocks[:end]):
            if self._is_of_step(place):
                yield from self._flow(block, "note", self._words_at)
                continue
            yield Strip(GAPS[block.kind] * self._scale, keep=True)
            if block.kind == "step":
                yield from self._step(block, keep=self._is_of_step(place + 1))
            elif block.other:
                yield from beside(block, self._type(block.kind), halves(self._column, block), self._faces, self._uncut)
            elif block.pictogram:
                yield from self._beside_drawings(block)
            else:
                yield from self._flow(block, block.kind, keep=block.kind == "heading")
        yield from self._small_print(self._blocks[end:])

    def _is_of_step(self, place: int) -> bool:
        """A note right below a step belongs to it."""
        kinds = [block.kind for block in self._blocks[max(0, place - 1) : place + 1]]
        return kinds == ["step", "note"]

    def _type(self, kind: str) -> Type:
        return replace(TYPES[kind], size=TYPES[kind].size * self._scale)

    def _flow(self, block: Block, kind: str, room: float = 0.0, *, keep: bool = False) -> Iterator[Strip]:
        column = self._column.without(room * self._scale)
        return flow(block.text, block.language, self._type(kind), column, self._faces, keep=keep)

    def _step(self, block: Block, *, keep: bool) -> Iterator[Strip]:
        kind = "over" if block.mark in ("done", "not_for_me") else "step"
        number = next(self._flow(_number(block), "number", NUMBER_AT))
        for place, strip in enumerate(self._flow(block, kind, self._words_at, keep=keep)):
            if place:
                yield strip
                continue
            base = strip.texts[0].base  # of the words: those of the number may be of the other script
            beside_it = tuple(replace(text, base=base) for text in number.texts)
            size = self._type(kind).size
            mark = legend.mark(block.mark, self._column.at(size * legend.RADIUS), base, size)
            drawn = self._drawn(block, DRAWN_AT, base - legend.MIDDLE * size)
            yield replace(strip, texts=(*strip.texts, *beside_it), marks=(mark,), drawings=drawn)

    def _beside_drawings(self, block: Block) -> Iterator[Strip]:
        """A text after its drawings, in the order in which one reads: "then" before "now"."""
        room = DRAWN_ROOM * len(block.pictogram.split())
        for place, strip in enumerate(self._flow(block, block.kind, room)):
            middle = strip.texts[0].base - legend.MIDDLE * self._type(block.kind).size if strip.texts else 0.0
            yield strip if place else replace(strip, drawings=self._drawn(block, 0.0, middle))

    def _drawn(self, block: Block, at: float, middle: float) -> tuple[Drawing, ...]:
        """The drawings of a block around the middle of its first line; soft where a step needs nothing more."""
        side, colour = DRAWN * self._scale, SOFT if block.mark in ("done", "not_for_me") else TEAL
        places = enumerate(block.pictogram.split())
        starts = [(name, self._column.at((at + number * DRAWN_ROOM) * self._scale, side)) for number, name in places]
        return tuple(Drawing(name, x, middle - side / 2, side, colour) for name, x in starts)

    def _small_print(self, notes: list[Block]) -> Iterator[Strip]:
        """What the marks mean, then the notes."""
        told = list(legend.rows(self._blocks, self._language, self._type("note"), self._column, self._faces))
        if notes or told:
            yield Strip(14 * self._scale, keep=True)
            yield Strip(6 * self._scale, rule=True, keep=True)
        yield from told
        for block in notes:
            yield Strip(GAPS["note"] * self._scale, keep=True)
            yield from self._flow(block, "note")


def _number(step: Block) -> Block:
    digits = format_decimal(step.number, locale=i18n.locale(step.language))
    return Block(kind="step", text=digits, language=step.language)
