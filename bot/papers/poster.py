"""A poster for a trusted place: one sentence in each language in big letters, and a code that a telephone reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import segno

from bot.errors import PermanentError
from bot.papers.faces import Faces, Type
from bot.papers.press import Press
from bot.papers.setting import Column, flow, side_of
from bot.papers.strips import HAIR, INK, SOFT, TEAL, WHITE, Sheet, Strip, height_of

SHEETS = {"a4": Sheet(595.28, 841.89, 40), "a5": Sheet(419.53, 595.28, 28, 0.7)}
TITLE, SENTENCE, ADDRESS = Type(30, bold=True, colour=WHITE), Type(34, bold=True, colour=INK), Type(12, colour=SOFT)
SMALLER = 0.94  # the next size that is tried
LEAST = 13.0  # points on A4: smaller cannot be read by somebody who stands before it
LEAST_CODE, MOST_CODE = 150.0, 300.0  # points on A4, with its white edge: 53 mm is read from more than half a metre
EDGE = 4  # white modules around a code
BETWEEN = 14.0


@dataclass(frozen=True)
class Poster:
    """`sentences`: language and words, from top to bottom. `address`: what the code leads to, and what is written below it.

    `title`: who we are; `language`: of the title. `size`: a4 or a5.
    """

    title: str
    language: str
    sentences: tuple[tuple[str, str], ...]
    address: str
    size: str = "a4"


def render(poster: Poster) -> bytes:
    """One page as PDF. Takes some tenths of a second. Raises PermanentError for a size that is none, and for more than fits."""
    sheet = SHEETS.get(poster.size)
    if sheet is None:
        raise PermanentError("a poster is a4 or a5")
    faces, size = Faces(), SENTENCE.size
    while size >= LEAST:
        above, below = list(_above(poster, sheet, faces, size)), list(_below(poster, sheet, faces))
        room = sheet.body - height_of(above) - height_of(below)
        if room >= LEAST_CODE * sheet.scale:
            return _printed(poster, sheet, above, below, min(room, MOST_CODE * sheet.scale))
        size *= SMALLER
    raise PermanentError("these sentences do not fit on one poster")


def _above(poster: Poster, sheet: Sheet, faces: Faces, size: float) -> Iterator[Strip]:
    """The title in a band of colour, then each sentence with a rule between two."""
    title = replace(TITLE, size=TITLE.size * sheet.scale)
    band = [*flow(poster.title, poster.language, title, _column(sheet, poster.language), faces), Strip(BETWEEN * sheet.scale)]
    yield from (replace(strip, fill=TEAL) for strip in band)
    type_ = replace(SENTENCE, size=size * sheet.scale)
    for place, (language, words) in enumerate(poster.sentences):
        yield Strip(BETWEEN * sheet.scale * (0.5 if place else 1))
        yield Strip(BETWEEN * sheet.scale * 0.5, rule=place > 0)
        yield from flow(words, language, type_, _column(sheet, language), faces)
    yield Strip(BETWEEN * sheet.scale)


def _below(poster: Poster, sheet: Sheet, faces: Faces) -> Iterator[Strip]:
    yield Strip(BETWEEN * sheet.scale * 0.5)
    yield from flow(poster.address, "en", replace(ADDRESS, size=ADDRESS.size * sheet.scale), _column(sheet, "en"), faces)


def _column(sheet: Sheet, language: str) -> Column:
    return Column(sheet.margin, sheet.width - sheet.margin, side_of(language))


def _printed(poster: Poster, sheet: Sheet, above: list[Strip], below: list[Strip], size: float) -> bytes:
    press = Press(poster.title, poster.language)
    free = sheet.body - height_of(above) - height_of(below) - size
    lower = _centred([replace(strip, keep=True) for strip in below], sheet)
    press.page_of([*above, Strip(free + size), *lower], sheet, sheet.height)
    top = sheet.margin + height_of(above) + free / 2
    _code(press, poster.address, (sheet.width - size) / 2, top, size)
    return bytes(press.output())


def _centred(strips: list[Strip], sheet: Sheet) -> list[Strip]:
    return [
        replace(strip, texts=tuple(replace(text, x=(sheet.width - text.line.width) / 2) for text in strip.texts))
        for strip in strips
    ]


def _code(press: Press, address: str, x: float, y: float, size: float) -> None:
    """The QR code: black on white with its white edge, error level Q, so that a crease or a drop of tea does not break it."""
    rows = [bytes(row) for row in segno.make(address, micro=False, error="q", boost_error=False).matrix]
    module = size / (len(rows) + 2 * EDGE)
    press.set_fill_color(*WHITE)
    press.set_draw_color(*HAIR)
    press.rect(x, y, size, size, style="DF")
    press.set_fill_color(0, 0, 0)
    for down, row in enumerate(rows):
        for start, length in _runs(row):
            left, top = x + (EDGE + start) * module, y + (EDGE + down) * module
            press.rect(left, top, length * module, module, style="F")


def _runs(row: bytes) -> Iterator[tuple[int, int]]:
    """Where dark modules begin and how many stand beside each other: fewer seams between them than with one rectangle each."""
    start = None
    for place, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = place
        elif not dark and start is not None:
            yield start, place - start
            start = None
