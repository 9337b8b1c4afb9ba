"""A paragraph that knows how wide each part of it is, and how a part looks as a line: runs from left to right."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot import i18n
from bot.papers import bidi
from bot.papers.cleaning import JOINERS
from bot.papers.faces import INVISIBLE, UNKNOWN, Faces, Family, Type
from bot.papers.links import linked

ENOUGH = 0.2  # of the letters


@dataclass(frozen=True)
class Run:
    """What is drawn at once: one font, one direction, one link. `text` is in reading order; `width` in points."""

    text: str
    family: Family
    rtl: bool
    width: float
    link: str
    language: str  # some letters and digits differ between languages of one script


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


def is_rtl(text: str, language: str) -> bool:
    """The direction of a paragraph: its first letter's. In a right-to-left language it may begin with an English name, and
    is English only when nearly all of it is: a text without a translation, with a name or a date in the other script."""
    to_right = [kind != "L" for c in text if (kind := unicodedata.bidirectional(c)) in ("L", "R", "AL")]
    if i18n.direction(language) == "rtl":
        return to_right[:1] != [False] or sum(to_right) >= len(to_right) * ENOUGH
    return to_right[:1] == [True]


class Paragraph:
    """One clean line of text, set in one type."""

    def __init__(self, clean: str, language: str, type_: Type, faces: Faces) -> None:
        found = linked(clean)
        self.text, self.links = found.text, found.targets
        self._language, self._type, self._faces = language, type_, faces
        self._rtl = is_rtl(self.text, language)
        self._levels = bidi.levels(self.text, rtl=self._rtl)
        self._drawn, self._families = self._choose()

    def width(self, start: int, end: int) -> float:
        """Points; exact but for the shape of a letter at which a word is cut."""
        return sum(run.width for _, run in self._runs(start, end, self._levels[start:end]))

    def line(self, start: int, end: int) -> Line:
        """The part as it is seen. Spaces at its end are not part of it."""
        end = start + len(self.text[start:end].rstrip(" "))
        levels = bidi.of_line(self.text[start:end], self._levels[start:end], rtl=self._rtl)
        pieces = list(self._runs(start, end, levels))
        return Line(tuple(pieces[place][1] for place in bidi.visual([level for level, _ in pieces])))

    def _choose(self) -> tuple[list[str], list[Family]]:
        """For each character what is drawn ("" for what is only there to order the others) and in which family."""
        drawn, families = [], []
        family: Family = "naskh" if self._rtl else "sans"
        for character, level in zip(self.text, self._levels, strict=True):
            shown = "" if character in INVISIBLE else character
            if unicodedata.category(character)[0] == "M":  # stays with its letter, or is left out
                shown = shown if self._faces.knows(family, character) else ""
            elif shown and character not in JOINERS:
                known = self._faces.family(character, rtl=bool(level % 2))
                family, shown = (known, shown) if known else ("sans", UNKNOWN)
            drawn.append(shown)
            families.append(family)
        return drawn, families

    def _runs(self, start: int, end: int, levels: Sequence[int]) -> Iterator[tuple[int, Run]]:
        """The runs in reading order, each with its level."""
        places = [place for place in range(start, end) if self._drawn[place]]
        kinds = groupby(places, lambda place: (levels[place - start], self._families[place], self.links[place]))
        for (level, family, link), group in kinds:
            text, rtl = "".join(self._drawn[place] for place in group), bool(level % 2)
            width = self._faces.width(text, family, self._type, rtl=rtl, language=self._language)
            yield level, Run(text, family, rtl, width, link, self._language)
