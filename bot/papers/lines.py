"""Words broken into lines: cut in the order in which they are read, each line then put in the order in which it is seen."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from bot import i18n
from bot.papers import bidi
from bot.papers.cleaning import paragraphs
from bot.papers.faces import INVISIBLE, UNKNOWN, Faces, Family, Type
from bot.papers.links import Linked, linked

BREAK_AFTER = frozenset("-–—/")
LONGEST = 400  # characters in a line, whatever their width


@dataclass(frozen=True)
class Run:
    """What is drawn at once: one font, one direction, one link. `text` is in reading order; `width` in points."""

    text: str
    family: Family
    rtl: bool
    width: float
    link: str


@dataclass(frozen=True)
class Line:
    """`runs` from left to right."""

    runs: tuple[Run, ...]

    @property
    def width(self) -> float:
        return sum(run.width for run in self.runs)

    @property
    def is_tall(self) -> bool:
        """Arabic letters reach higher and lower than Latin ones."""
        return any(run.family == "naskh" for run in self.runs)


def broken(text: str, language: str, type_: Type, width: float, faces: Faces) -> list[Line]:
    """`text` in lines of at most `width` points; a word that is wider than a whole line is cut where it must be."""
    found = []
    for paragraph in paragraphs(text):
        whole = _Paragraph(linked(paragraph), language, type_, faces)
        found += [whole.line(start, end) for start, end in whole.cuts(width)]
    return found


def is_rtl(text: str, language: str) -> bool:
    """The direction of a paragraph: its language's when that is right to left and the words are not all English, else its
    first letter's."""
    strong = [kind for c in text if (kind := unicodedata.bidirectional(c)) in ("L", "R", "AL")]
    return (strong[:1] != ["L"] and bool(strong)) or (i18n.direction(language) == "rtl" and any(k != "L" for k in strong))


class _Paragraph:
    def __init__(self, source: Linked, language: str, type_: Type, faces: Faces) -> None:
        self._text, self._links = source.text, source.targets
        self._language, self._type, self._faces = language, type_, faces
        self._rtl = is_rtl(self._text, language)
        self._levels = bidi.levels(self._text, rtl=self._rtl)
        self._families = list(self._choose())

    def _choose(self) -> Iterator[Family]:
        family: Family = "naskh" if self._rtl else "sans"
        for character, level in zip(self._text, self._levels, strict=True):
            if unicodedata.category(character)[0] not in "MC":  # a mark stays in the font of its letter
                family = self._faces.family(character, rtl=bool(level % 2)) or "sans"
            yield family

    def cuts(self, width: float) -> Iterator[tuple[int, int]]:
        """Where each line begins and ends, without the spaces at its end."""
        start, end, used = 0, 0, 0.0
        for first, last in self._words():
            whole = self._width(first, last)
            bare = whole if self._text[last - 1] != " " else self._width(first, last - 1)
            if end > start and (used + bare > width or last - start > LONGEST):
                yield start, end
                start, used = first, 0.0
            while bare > width or last - start > LONGEST:  # only at the beginning of a line
                cut = self._fitting(start, last, width)
                if cut >= last:
                    break
                yield start, cut
                start = cut
                whole = bare = self._width(start, last)
            end, used = last, used + whole
        if end > start:
            yield start, end

    def _words(self) -> Iterator[tuple[int, int]]:
        """Pieces between two places where a line may be cut; a space belongs to the word before it."""
        start = 0
        for place, character in enumerate(self._text):
            after = self._text[place + 1 : place + 2]
            is_space = character == " " and not (self._links[place] and self._links[place].startswith("tel:"))
            is_break = character in BREAK_AFTER and place > start and after.isalpha() and not self._links[place].startswith("tel:")
            if after and (is_space or is_break):
                yield start, place + 1
                start = place + 1
        yield start, len(self._text)

    def _fitting(self, start: int, end: int, width: float) -> int:
        """The longest beginning that fits, at least one letter with its marks."""
        low, high = start + 1, min(end, start + LONGEST)
        while low < high:
            middle = (low + high + 1) // 2
            if self._width(start, middle) <= width:
                low = middle
            else:
                high = middle - 1
        cut = low
        while cut > start + 1 and cut < end and unicodedata.category(self._text[cut])[0] in "MC":
            cut -= 1
        if cut == start + 1:
            while cut < end and unicodedata.category(self._text[cut])[0] in "MC":
                cut += 1
        return cut

    def _width(self, start: int, end: int) -> float:
        return sum(run.width for _, run in self._runs(start, end, self._levels[start:end]))

    def line(self, start: int, end: int) -> Line:
        found = bidi.of_line(self._text[start:end], self._levels[start:end], rtl=self._rtl)
        pieces = list(self._runs(start, end, found))
        order = bidi.visual([level for level, _ in pieces])
        runs = [pieces[place][1] for place in order]
        return Line(tuple(runs))

    def _runs(self, start: int, end: int, found: list[int]) -> Iterator[tuple[int, Run]]:
        """The runs in reading order, each with its level. What is not drawn is left out, also spaces at the end."""
        last = end
        while last > start and (self._text[last - 1] == " " or self._text[last - 1] in INVISIBLE):
            last -= 1
        places = [place for place in range(start, last) if self._text[place] not in INVISIBLE]
        for (level, family, link), group in groupby(
            places, lambda p: (found[p - start], self._families[p], self._links[p])
        ):
            text = "".join(self._drawn(self._text[place], bool(level % 2)) for place in group)
            rtl = bool(level % 2)
            width = self._faces.width(text, family, self._type, rtl=rtl, language=self._language)
            yield level, Run(text, family, rtl, width, link)

    def _drawn(self, character: str, rtl: bool) -> str:
        return character if self._faces.family(character, rtl=rtl) or unicodedata.category(character)[0] in "MC" else UNKNOWN
