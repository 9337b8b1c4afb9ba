"""A card to show at a desk: big words, English for the one who works there beside the language of the one who shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.papers.faces import Faces, Type
from bot.papers.setting import Column, beside, flow, halves, side_of
from bot.papers.strips import INK, SOFT, TEAL, WHITE, Sheet, Strip
from bot.replies import Block, Paper

TITLE, WORDS, NOTE = Type(19, bold=True, colour=WHITE), Type(16, colour=INK), Type(9.5, colour=SOFT)
BELOW_TITLE, AROUND = 12.0, 9.0  # points below the title, and above and below what is said


def is_card(paper: Paper) -> bool:
    """A paper in two languages is to be shown."""
    return any(block.kind == "pair" for block in paper.blocks)


class Card:
    """One paper on one sheet: the title in a band of colour, what is said with a rule above each, small print at the end."""

    def __init__(self, paper: Paper, sheet: Sheet, faces: Faces) -> None:
        self._paper, self._faces, self._scale, self._uncut = paper, faces, sheet.scale, sheet.uncut
        self._whole = Column(sheet.margin, sheet.width - sheet.margin, side_of(paper.language))

    def strips(self) -> Iterator[Strip]:
        before = ""
        for block in self._paper.blocks:
            if block.kind == "title":
                band = [*self._said(block, TITLE), Strip(BELOW_TITLE)]
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
        yield from (replace(strip, divider=divider, keep=True) for strip in self._said(block, WORDS))
        yield Strip(AROUND, divider=divider)

    def _said(self, block: Block, type_: Type) -> Iterator[Strip]:
        scaled = replace(type_, size=type_.size * self._scale)
        if block.other:
            return beside(block, scaled, halves(self._whole, block), self._faces, self._uncut)
        column = replace(self._whole, side=side_of(block.language))
        return flow(block.text, block.language, scaled, column, self._faces)
