"""A page of what somebody can do: groups under each other, English beside their language, dense enough for one sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.papers.card import BELOW_TITLE
from bot.papers.faces import Faces, Type
from bot.papers.setting import Column, beside, flow, halves, side_of
from bot.papers.strips import INK, SOFT, TEAL, WHITE, Sheet, Strip
from bot.replies import Block, Paper

TYPES = {
    "title": Type(18, bold=True, colour=WHITE),
    "heading": Type(12, bold=True, colour=TEAL),
    "text": Type(11.5, colour=INK),
    "pair": Type(11.5, colour=INK),
    "note": Type(8.5, colour=SOFT),
}
ABOVE = {"title": 0.0, "heading": 11.0, "text": 9.0, "pair": 2.0, "note": 3.0}  # points above a block, to the sheet's scale


def is_profile(paper: Paper) -> bool:
    """A paper of pairs under headings; a card has pairs alone, a page headings alone."""
    return {"pair", "heading"} <= {block.kind for block in paper.blocks}


class Profile:
    """One paper on one sheet. A heading has a rule above it and stays with what is below it."""

    def __init__(self, paper: Paper, sheet: Sheet, faces: Faces) -> None:
        self._paper, self._faces, self._scale, self._uncut = paper, faces, sheet.scale, sheet.uncut
        self._whole = Column(sheet.margin, sheet.width - sheet.margin, side_of(paper.language))

    def strips(self) -> Iterator[Strip]:
        before = ""
        for block in self._paper.blocks:
            if block.kind == "title":
                band = [*self._said(block), Strip(BELOW_TITLE * self._scale)]
                yield from (replace(strip, fill=TEAL, keep=True) for strip in band)
            else:
                begins_notes = block.kind == "note" and before != "note"
                gap = ABOVE[block.kind] * self._scale * (3 if begins_notes else 1)
                yield Strip(gap, keep=True)
                if block.kind == "heading" or begins_notes:
                    yield Strip(4 * self._scale, rule=True, keep=True)
                yield from (replace(strip, keep=block.kind == "heading") for strip in self._said(block))
            before = block.kind

    def _said(self, block: Block) -> Iterator[Strip]:
        type_ = replace(TYPES[block.kind], size=TYPES[block.kind].size * self._scale)
        if block.other:
            return beside(block, type_, halves(self._whole, block), self._faces, self._uncut)
        column = replace(self._whole, side=side_of(block.language))
        return flow(block.text, block.language, type_, column, self._faces)
