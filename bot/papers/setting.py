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

LATIN_LEADING, TALL_LEADING = 1.42, 1.8  # height of a line to the size of its type
LATIN_BASE, TALL_BASE = 1.08, 1.2  # from the top of a line to what its letters stand on
SHORT = 5  # lines that are not parted by the end of a page
BETWEEN = 24.0  # points between two columns
HIGHEST = 260.0  # points of a pair that are not parted


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


def placed(lines: Sequence[Line], type_: Type, column: Column) -> tuple[Placed, ...]:
    """Lines below each other from the top of a strip."""
    step = leading(lines, type_)
    base = type_.size * (TALL_BASE if any(line.is_tall for line in lines) else LATIN_BASE)
    return tuple(Placed(line, type_, column.at(0, line.width), base + n * step) for n, line in enumerate(lines))


def flow(text: str, language: str, type_: Type, column: Column, faces: Faces, *, keep: bool = False) -> Iterator[Strip]:
    """A block of words, a strip a line. `keep`: on the page of what follows."""
    lines = broken(text, language, type_, column.width, faces)
    step = leading(lines, type_)
    base = placed(lines, type_, column)
    for n, one in enumerate(base):
        is_last = n == len(base) - 1
        alone = replace(one, base=base[0].base)
        yield Strip(step, (alone,), keep=keep if is_last else keep or len(base) <= SHORT)


def beside(block: Block, type_: Type, columns: tuple[Column, Column], faces: Faces) -> Iterator[Strip]:
    """The two languages of a block side by side; cut below the same height in both when they are very long."""
    sides = ((block.text, block.language), (block.other, block.other_language))
    halves = [broken(text, code, type_, column.width, faces) for (text, code), column in zip(sides, columns, strict=True)]
    steps = [leading(lines, type_) for lines in halves]
    while any(halves):
        most = [int(HIGHEST // step) for step in steps]
        now = [lines[:n] for lines, n in zip(halves, most, strict=True)]
        halves = [lines[n:] for lines, n in zip(halves, most, strict=True)]
        texts = [placed(lines, type_, column) for lines, column in zip(now, columns, strict=True)]
        yield Strip(max(len(lines) * step for lines, step in zip(now, steps, strict=True)), (*texts[0], *texts[1]))
