"""A card to show at a desk: big words, English for the one who works there beside the language of the one who shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.papers.faces import Faces, Type
from bot.papers.setting import Column, beside, flow, side_of
from bot.papers.strips import INK, SOFT, TEAL, WHITE, Sheet, Strip
from bot.replies import Block, Paper

TITLE, WORDS, NOTE = Type(19, bold=True, colour=WHITE), Type(16, colour=INK), Type(9.5, colour=SOFT)
BETWEEN = 24.0  # points between the two columns
AROUND = 9.0  # points above and below what is said


def is_card(paper: Paper) -> bool:
    """A paper in two languages is to be shown."""
    return any(block.kind == "pair" for block in paper.blocks)


def strips(paper: Paper, sheet: Sheet, faces: Faces) -> Iterator[Strip]:
    """The title in a band of colour, what is said in rows with a rule between them, small print at the end."""
    whole = Column(sheet.margin, sheet.width - sheet.margin, side_of(paper.language))
    before = ""
    for block in paper.blocks:
        if block.kind == "title":
            yield from (replace(strip, fill=TEAL) for strip in _padded(_said(block, TITLE, sheet, faces), AROUND * 0.6))
        elif block.kind == "note":
            yield Strip(5 if before == "note" else 8, rule=before != "note", keep=True)
            yield from flow(block.text, block.language, NOTE, whole, faces)
        else:
            divider = (whole.left + whole.right) / 2 if block.other else 0.0
            rows = _padded(_said(block, WORDS, sheet, faces), AROUND)
            yield from (
                replace(strip, divider=divider, rule=not place and before not in ("title", "")) for place, strip in enumerate(rows)
            )
        before = block.kind


def _said(block: Block, type_: Type, sheet: Sheet, faces: Faces) -> Iterator[Strip]:
    scaled = replace(type_, size=type_.size * sheet.scale)
    left, right = sheet.margin, sheet.width - sheet.margin
    if not block.other:
        return flow(block.text, block.language, scaled, Column(left, right, side_of(block.language)), faces)
    middle = (left + right) / 2
    first = Column(left, middle - BETWEEN / 2, side_of(block.language))
    second = Column(middle + BETWEEN / 2, right, side_of(block.other_language))
    return beside(block, scaled, (first, second), faces)


def _padded(strips: Iterator[Strip], room: float) -> Iterator[Strip]:
    yield Strip(room, keep=True)
    for strip in strips:
        yield replace(strip, keep=True)
    yield Strip(room)
