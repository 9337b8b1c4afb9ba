"""Words set on a sheet: below each other on one side, or in two languages side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot import i18n
from bot.papers.faces import Faces, Type
from bot.papers.lines import broken
from bot.papers.runs import Line
from bot.papers.strips import Placed, Strip
from bot.replies import Block

LATIN_LEADING, TALL_LEADING = 1.42, 1.72  # height of a line to the size of its type
LATIN_BASE, TALL_BASE = 1.08, 1.18  # from the top of a line to what its letters stand on
SHORT = 5  # lines that are not parted by the end of a page
BETWEEN = 24.0  # points between two columns


@dataclass(frozen=True)
class Column:
    """A place for words: its edges in points from the left of the sheet, and the side on which lines begin."""

    left: float
    right: float
    side: Literal["left", "right"]

    @property
    def width(self) -> float:
        return self.right - self.left

    def without(self, room: float) -> Column:
        """What is left of it when `room` points at its beginning are taken."""
        if self.side == "left":
            return replace(self, left=self.left + room)
        return replace(self, right=self.right - room)

    def at(self, room: float, width: float = 0.0) -> float:
        """The left end of something `width` points wide that stands `room` points after the column's beginning."""
        return self.left + room if self.side == "left" else self.right - room - width


def side_of(language: str) -> Literal["left", "right"]:
    return "right" if i18n.direction(language) == "rtl" else "left"


def halves(whole: Column, block: Block) -> tuple[Column, Column]:
    """The places for the two languages of a block."""
    middle = (whole.left + whole.right) / 2
    first = Column(whole.left, middle - BETWEEN / 2, side_of(block.language))
    return first, Column(middle + BETWEEN / 2, whole.right, side_of(block.other_language))


def leading(lines: Sequence[Line], type_: Type) -> float:
    """The height of each line of a block; the same for all of them."""
    return type_.size * (TALL_LEADING if any(line.is_tall for line in lines) else LATIN_LEADING)


def flow(text: str, language: str, type_: Type, column: Column, faces: Faces, *, keep: bool = False) -> Iterator[Strip]:
    """A block of words, a strip a line. `keep`: on the page of what follows."""
    lines = broken(text, language, type_, column.width, faces)
    step, base = leading(lines, type_), _first_base(lines, type_)
    for n, line in enumerate(lines):
        is_last = n == len(lines) - 1
        placed = Placed(line, type_, column.at(0, line.width), base)
        yield Strip(step, (placed,), keep=keep if is_last else keep or len(lines) <= SHORT)


def beside(block: Block, type_: Type, columns: tuple[Column, Column], faces: Faces, uncut: float) -> Iterator[Strip]:
    """The two languages of a block side by side, in one strip; in several, cut at the same height in both columns, when it is
    higher than `uncut` points."""
    sides = ((block.text, block.language), (block.other, block.other_language))
    both = [broken(text, code, type_, column.width, faces) for (text, code), column in zip(sides, columns, strict=True)]
    steps, base = [leading(lines, type_) for lines in both], _first_base([*both[0], *both[1]], type_)
    most = [max(1, int(uncut // step)) for step in steps]
    for part in range(max(-(-len(lines) // n) for lines, n in zip(both, most, strict=True))):
        now = [lines[part * n : (part + 1) * n] for lines, n in zip(both, most, strict=True)]
        texts = [
            Placed(line, type_, column.at(0, line.width), base + n * step)
            for lines, step, column in zip(now, steps, columns, strict=True)
            for n, line in enumerate(lines)
        ]
        yield Strip(max(len(lines) * step for lines, step in zip(now, steps, strict=True)), tuple(texts))


def _first_base(lines: Sequence[Line], type_: Type) -> float:
    """From the top to what the first line stands on; the same on both sides when they stand beside each other."""
    return type_.size * (TALL_BASE if any(line.is_tall for line in lines) else LATIN_BASE)
