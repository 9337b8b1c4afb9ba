"""What a paper is built of: strips as wide as the sheet, one below the other, and how they are shared out over pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.papers.faces import Type
from bot.papers.runs import Line

Colour = tuple[int, int, int]
INK, SOFT, TEAL, HAIR, WHITE = (34, 48, 46), (85, 100, 95), (15, 91, 87), (214, 205, 188), (255, 255, 255)
ENDLESS = 1e6  # points


@dataclass(frozen=True)
class Sheet:
    """A size of page in points. `height` 0: as tall as what stands on it. `scale`: of its type."""

    width: float
    height: float
    margin: float
    scale: float = 1.0

    @property
    def body(self) -> float:
        """The height that strips may fill."""
        return self.height - 2 * self.margin if self.height else ENDLESS

    @property
    def uncut(self) -> float:
        """The height of what is not parted by the end of a page."""
        return self.body * 0.7


@dataclass(frozen=True)
class Mark:
    """The state of a step, drawn around a centre: `x` from the left of the sheet, `y` from the top of the strip."""

    kind: str
    x: float
    y: float
    radius: float


@dataclass(frozen=True)
class Drawing:
    """A pictogram in a square: `x` of its left edge from the left of the sheet, `y` of its top from the top of the strip."""

    name: str
    x: float
    y: float
    size: float
    colour: Colour = TEAL


@dataclass(frozen=True)
class Placed:
    """A line of words: `x` of its left end from the left of the sheet, `base` from the top of the strip."""

    line: Line
    type: Type
    x: float
    base: float


@dataclass(frozen=True)
class Strip:
    """`keep`: stands on the same page as the next one. `fill` is drawn behind it, `rule` at its top, `divider` down at x.

    One without words, marks and fill is a gap, or the beginning of small print.
    """

    height: float
    texts: tuple[Placed, ...] = ()
    marks: tuple[Mark, ...] = ()
    drawings: tuple[Drawing, ...] = ()
    keep: bool = False
    fill: Colour | None = None
    rule: bool = False
    divider: float = 0.0

    @property
    def is_gap(self) -> bool:
        return not (self.texts or self.marks or self.drawings or self.fill or self.rule)


def height_of(strips: Sequence[Strip]) -> float:
    return sum(strip.height for strip in strips)


def pages(strips: Sequence[Strip], sheet: Sheet) -> list[list[Strip]]:
    """The strips page by page: what belongs together stays together where a page is high enough for it."""
    found: list[list[Strip]] = [[]]
    for group in _groups(strips):
        if found[-1] and height_of(found[-1]) + height_of(group) > sheet.body:
            found.append([])
        for strip in group:
            if found[-1] and height_of(found[-1]) + strip.height > sheet.body:
                found.append([])
            if found[-1] or not strip.is_gap:  # no gap at the top of a page
                found[-1].append(strip)
    return [page for page in found if page]


def _groups(strips: Sequence[Strip]) -> Iterator[list[Strip]]:
    group: list[Strip] = []
    for strip in strips:
        group.append(strip)
        if not strip.keep:
            yield group
            group = []
    if group:
        yield group
