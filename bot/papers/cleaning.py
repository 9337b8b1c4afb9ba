"""Any text made fit to be drawn: whole characters, no pictures, nothing that turns the reading direction by stealth."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

MARKS = 4  # marks on one letter; Arabic has three at most, what piles up more is meant to be ugly
PARAGRAPH = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
SPACES = re.compile(r"[^\S\u00a0\u202f]+")  # a space that must not break stays
# ZWNJ and ZWJ shape letters; the marks and isolates order a line; every other invisible character goes, overrides above all
KEPT = frozenset("\u200c\u200d\u200e\u200f\u061c\u2066\u2067\u2068\u2069")
JOINERS = "\u200c\u200d"
PICTURES = re.compile("[\U0001f000-\U0001faff\u2300-\u23ff\u2500-\u27bf\u2b00-\u2bff\ufe00-\ufe0f\u20e3]")
SAME = str.maketrans({"→": "›", "←": "‹", "\u2011": "-", "\u202f": "\u00a0"})  # what the fonts lack and another character says


def paragraphs(text: str) -> list[str]:
    """The lines of `text` with something in them, each clean and without spaces at its ends."""
    whole = text.encode("utf-8", "replace").decode()  # half characters, which broken keyboards send
    composed = unicodedata.normalize("NFC", whole).translate(SAME)
    cleaned = (SPACES.sub(" ", "".join(_kept(line))).strip() for line in PARAGRAPH.split(composed))
    return [line for line in cleaned if line.strip("".join(KEPT))]


def _kept(line: str) -> Iterator[str]:
    before, marks = " ", 0
    for character in line:
        category = unicodedata.category(character)
        if PICTURES.match(character) or (category in ("Cc", "Cf", "Cs") and character not in KEPT and not character.isspace()):
            continue
        if character in JOINERS and unicodedata.category(before)[0] not in "LM":  # left over from a picture
            continue
        marks = marks + 1 if category[0] == "M" else 0
        if marks <= MARKS:
            before = character
            yield character
