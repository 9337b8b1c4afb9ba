"""A card to show at a desk: big words, English for the one who works there beside the language of the one who shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.papers.faces import Faces, Type
from bot.papers.legend import MIDDLE
from bot.papers.setting import Column, beside, flow, halves, side_of
from bot.papers.strips import INK, SOFT, TEAL, WHITE, Colour, Drawing, Sheet, Strip
from bot.replies import Block, Paper

TITLE, WORDS, NOTE = Type(19, bold=True, colour=WHITE), Type(16, colour=INK), Type(9.5, colour=SOFT)
BELOW_TITLE, AROUND = 12.0, 9.0  # points below the title, and above and below what is said
DRAWN, ROOM = 24.0, 34.0  # points: a drawing at the left edge, and how far the words stand from there


def is_card(paper: Paper) -> bool:
    """A paper in two languages is to be shown."""
    return any(block.kind == "pair" for block in paper.blocks)


class Card:
    """One paper on one sheet: the title in a band of colour, what is said with a rule above each, small print at the end."""

    def __init__(self, paper: Paper, sheet: Sheet, faces: Faces) -> None:
        self._paper, self._faces, self._scale, self._uncut = paper, faces, sheet.scale, sheet.uncut
        room = ROOM if any(block.pictogram for block in paper.blocks) else 0.0
        self._edge = sheet.margin
        self._whole = Column(sheet.margin + room, sheet.width - sheet.margin, side_of(paper.language))

    def strips(self) -> Iterator[Strip]:
        before = ""
        for block in self._paper.blocks:
            if block.kind == "title":
                band = [*self._drawn(block, WHITE, self._said(block, TITLE)), Strip(BELOW_TITLE)]
                yield from (replace(strip, fill=TEAL, keep=True) for strip in band)
            elif block.kind == "note":
                yield Strip(4 if before == "note" else 9, rule=before not in ("note", "title", ""), keep=True)
                yield from flow(block.text, block.language, NOTE, self._whole, self._faces)
            else:
                yield from self._row(block, rule=before not in ("title", ""))
            before = block.kind

    def _row(self, block: Block, *, rule: bool) -> Iterator[Strip]:
        divider = (self._whole.left + self._whole.right) / 2 if block.other else 0.0
        yield Strip(AROUND, divider=divider, rule=rule, keep=True)
        said = self._drawn(block, TEAL, self._said(block, WORDS))
        yield from (replace(strip, divider=divider, keep=True) for strip in said)
        yield Strip(AROUND, divider=divider)

    def _drawn(self, block: Block, colour: Colour, said: Iterator[Strip]) -> Iterator[Strip]:
        """What is said with its drawing at the left of the first line, where English begins."""
        for place, strip in enumerate(said):
            if place == 0 and block.pictogram and strip.texts:
                first = strip.texts[0]
                top = first.base - MIDDLE * first.type.size - DRAWN / 2
                strip = replace(strip, drawings=(Drawing(block.pictogram, self._edge, top, DRAWN, colour),))
            yield strip

    def _said(self, block: Block, type_: Type) -> Iterator[Strip]:
        scaled = replace(type_, size=type_.size * self._scale)
        if block.other:
            return beside(block, scaled, halves(self._whole, block), self._faces, self._uncut)
        column = replace(self._whole, side=side_of(block.language))
        return flow(block.text, block.language, scaled, column, self._faces)
