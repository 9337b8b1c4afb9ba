"""A report as a PDF: headings, words, and tables with a bar in each row. The same content gives the same bytes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Lock

from bot.papers.faces import Faces, Type
from bot.papers.lines import broken
from bot.papers.press import Press
from bot.papers.setting import Column, flow, leading, side_of
from bot.papers.strips import INK, SOFT, TEAL, Placed, Sheet, Strip, pages

SHEET = Sheet(595.28, 841.89, 48)
TYPES = {
    "title": Type(20, bold=True, colour=TEAL),
    "heading": Type(14, bold=True, colour=TEAL),
    "subheading": Type(11, bold=True, colour=INK),
    "text": Type(10.5, colour=INK),
    "quote": Type(11, colour=INK),
    "note": Type(8.5, colour=SOFT),
    "cell": Type(9.5, colour=INK),
    "head": Type(8.5, bold=True, colour=SOFT),
    "total": Type(9.5, bold=True, colour=INK),
}
ABOVE = {"title": 0.0, "heading": 20.0, "subheading": 13.0, "text": 5.0, "quote": 8.0, "note": 3.0}
LABELS, BETWEEN, BAR = 0.42, 8.0, 4.0  # of the width; points
BEFORE_BASE = 1.08
_one_at_a_time = Lock()


@dataclass(frozen=True)
class Said:
    """`kind`: title, heading, subheading, text, quote, note."""

    kind: str
    text: str
    language: str = "en"


@dataclass(frozen=True)
class Grid:
    """A table. `rows`: label, its cells as words, and how long its bar is from 0 to 1 (None: no bar)."""

    head: Sequence[str]
    rows: Sequence[tuple[str, Sequence[str], float | None]]
    total: Sequence[str] = ()
    total_label: str = ""


@dataclass(frozen=True)
class Barred(Strip):
    """`bar`: left end and width in points of a bar at the foot of the strip; width 0: none."""

    bar: tuple[float, float] = (0.0, 0.0)


class _Press(Press):
    def _strip(self, strip: Strip, sheet: Sheet, y: float) -> None:
        super()._strip(strip, sheet, y)
        if isinstance(strip, Barred) and strip.bar[1] > 0:
            self.set_fill_color(*TEAL)
            self.rect(strip.bar[0], y + strip.height - BAR - 2, strip.bar[1], BAR, style="F")


def pdf(title: str, parts: Sequence[Said | Grid], made: dt.datetime) -> bytes:
    """A4, in English. `made` stands in the file as its date. Some tenths of a second."""
    with _one_at_a_time:
        faces = Faces()
        strips = [strip for part in parts for strip in (_said(part, faces) if isinstance(part, Said) else _grid(part, faces))]
        found = pages(strips, SHEET)
        press = _Press(title, "en")
        press.set_creation_date(made.astimezone(dt.UTC))
        for number, page in enumerate(found, 1):
            press.page_of(page, SHEET, SHEET.height, _foot(f"{number} / {len(found)}", faces))
        return bytes(press.output())


def _said(part: Said, faces: Faces) -> Iterator[Strip]:
    yield Strip(ABOVE[part.kind], keep=True)
    column = Column(SHEET.margin, SHEET.width - SHEET.margin, side_of(part.language))
    is_head = part.kind in ("title", "heading", "subheading", "note")  # a note stands with the table below it
    yield from flow(part.text, part.language, TYPES[part.kind], column, faces, keep=is_head)


def _grid(grid: Grid, faces: Faces) -> Iterator[Strip]:
    yield Strip(5, keep=True)
    yield _row(grid.head[0], grid.head[1:], TYPES["head"], TYPES["head"], None, faces, keep=True)
    for place, (label, cells, bar) in enumerate(grid.rows):
        last = place >= len(grid.rows) - 2  # the last rows stay together, and with the total
        yield _row(label, cells, TYPES["cell"], TYPES["cell"], bar, faces, keep=place == 0 or (last and bool(grid.total)))
    if grid.total:
        yield _row(grid.total_label, grid.total, TYPES["total"], TYPES["total"], None, faces)


def _row(
    label: str, cells: Sequence[str], of_label: Type, of_cells: Type, bar: float | None, faces: Faces, *, keep: bool = False
) -> Strip:
    """The label at the left, the cells at the right ends of columns of one width."""
    left, width = SHEET.margin, SHEET.width - 2 * SHEET.margin
    lines = broken(label, "en", of_label, width * LABELS, faces)
    step = leading(lines, of_label) if lines else of_label.size * 1.42
    texts = [Placed(line, of_label, left, of_label.size * BEFORE_BASE + 3 + n * step) for n, line in enumerate(lines)]
    each = width * (1 - LABELS) / max(1, len(cells))
    deepest = len(lines)
    for place, cell in enumerate(cells):
        right = left + width * LABELS + each * (place + 1)
        found = broken(cell, "en", of_cells, each - BETWEEN, faces)
        deepest = max(deepest, len(found))
        for n, line in enumerate(found):
            texts.append(Placed(line, of_cells, right - line.width, of_cells.size * BEFORE_BASE + 3 + n * step))
    height = max(1, deepest) * step + 5 + (BAR + 3 if bar is not None else 0)
    drawn = (left, round((bar or 0) * width * LABELS, 2))
    return Barred(height, tuple(texts), keep=keep, rule=True, bar=drawn)


def _foot(text: str, faces: Faces) -> Placed:
    type_ = replace(TYPES["note"], size=9)
    [line] = broken(text, "en", type_, SHEET.width, faces)
    return Placed(line, type_, (SHEET.width - line.width) / 2, SHEET.margin / 2)
