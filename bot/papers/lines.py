"""Words broken into lines: cut in the order in which they are read."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from bot.papers.cleaning import paragraphs
from bot.papers.faces import Faces, Type
from bot.papers.runs import Line, Paragraph

BREAK_AFTER = frozenset("-–—/")
LONGEST = 120  # characters of a word that are measured at once


def broken(text: str, language: str, type_: Type, width: float, faces: Faces) -> list[Line]:
    """`text` in lines of at most `width` points; a word that is wider than a whole line is cut where it must be."""
    found = []
    for clean in paragraphs(text):
        paragraph = Paragraph(clean, language, type_, faces)
        found += [paragraph.line(start, end) for start, end in _cuts(paragraph, width)]
    return found


def _cuts(paragraph: Paragraph, width: float) -> Iterator[tuple[int, int]]:
    """Where each line begins and ends."""
    start, used = 0, 0.0
    for first, last in _words(paragraph):
        bare = paragraph.width(first, first + len(paragraph.text[first:last].rstrip(" ")))
        if first > start and used + bare > width:
            yield start, first
            start, used = first, 0.0
        while first == start and bare > width:
            cut = _fitting(paragraph, start, last, width)
            if cut == last:
                break
            yield start, cut
            start = first = cut
            bare = paragraph.width(start, last)
        used += paragraph.width(first, last)
    yield start, len(paragraph.text)


def _words(paragraph: Paragraph) -> Iterator[tuple[int, int]]:
    """Pieces between two places where a line may be cut; a space belongs to the word before it."""
    start, text = 0, paragraph.text
    for place, character in enumerate(text[:-1]):
        after = text[place + 1]
        may = character == " " or (character in BREAK_AFTER and text[place - 1 : place].isalnum() and after.isalpha())
        is_number = paragraph.links[place].startswith("tel:")  # one reads it in one piece
        if (may and not is_number) or (place - start >= LONGEST and not _belongs(after)):
            yield start, place + 1
            start = place + 1
    yield start, len(text)


def _fitting(paragraph: Paragraph, start: int, end: int, width: float) -> int:
    """The end of the longest beginning that fits; at least one letter with its marks."""
    low, high = start + 1, end
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if paragraph.width(start, middle) <= width else (low, middle - 1)
    while low > start + 1 and low < end and _belongs(paragraph.text[low]):
        low -= 1
    while low < end and _belongs(paragraph.text[low]):
        low += 1
    return low


def _belongs(character: str) -> bool:
    """Whether it is drawn on or hidden behind the letter before it."""
    return unicodedata.category(character)[0] in "MC"
