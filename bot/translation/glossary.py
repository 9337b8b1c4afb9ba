"""The glossary's terms in running text of any language, where they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.knowledge.called import LONGEST
from bot.knowledge.snapshot import Snapshot
from engine.nlu.language import small_words
from engine.nlu.text import fold

_WORD = re.compile(r"[^\s,;:()\[\]{}\"“”«»!?؟،؛۔/]+")
_EDGE = ".'’‘-"
SHORT = 4  # Latin letters; a shorter form counts in capitals only: "PIP", not "pip"


@dataclass(frozen=True)
class Term:
    """A term as it stands in a text, and how it is called in English there."""

    key: str
    start: int
    end: int
    as_written: str
    english: str


def terms_in(text: str, language: str, knowledge: Snapshot) -> list[Term]:
    """In order, longest first, each as often as it stands there. Not the plain ones (school, declined): any machine knows them."""
    words = [_bare(match) for match in _WORD.finditer(text)]
    found, at = [], 0
    while at < len(words):
        step = 1
        for length in range(min(LONGEST, len(words) - at), 0, -1):
            start, end = words[at][0], words[at + length - 1][1]
            if (key := _meant(text[start:end], language, knowledge)) is not None:
                written = text[start:end]
                english = written if written.isascii() else knowledge.terms[key].name
                if knowledge.terms[key].keeps_its_name:
                    found.append(Term(key, start, end, written, english))
                step = length
                break
        at += step
    return found


def _bare(match: re.Match[str]) -> tuple[int, int]:
    start, end = match.span()
    written = match[0]
    start += len(written) - len(written.lstrip(_EDGE))
    return start, max(start, end - (len(written) - len(written.rstrip(_EDGE))))


def _meant(piece: str, language: str, knowledge: Snapshot) -> str | None:
    if not piece or "\n" in piece:
        return None
    folded = fold(piece)
    letters = folded.replace(" ", "")
    is_capital = piece.replace(".", "").isupper()
    if folded in small_words() and not is_capital:
        return None
    if piece.isascii() and len(letters) < SHORT and not is_capital:
        return None
    key = knowledge.term_index.lookup(piece, language)
    return None if key is None or (not is_capital and _is_word_too(piece, key, knowledge)) else key


def _is_word_too(piece: str, key: str, knowledge: Snapshot) -> bool:
    """An abbreviation that is an English word in small letters: "SEND" is not "send"."""
    return piece.isascii() and knowledge.terms[key].name.isupper() and len(piece) < 6 and piece.islower()
