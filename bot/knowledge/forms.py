"""How the forms of words are compared: without case, dots and spaces, in singular and plural, without the Arabic article."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from engine.nlu.text import fold

REMEMBERED = 1 << 18  # forms of words whose comparing forms are kept
_PREFIXES = ("وال", "بال", "لل", "ال", "و", "ب", "ل", "ف")


def put(forms: dict[str, str], given: Mapping[str, list[str]]) -> None:
    """Adds the phrases of each key, compact. The first owner of a form keeps it."""
    for key, phrases in given.items():
        for phrase in phrases:
            if compacted := known(phrase)[1]:
                forms.setdefault(compacted, key)


@lru_cache(maxsize=REMEMBERED)
def known(phrase: str) -> tuple[str, str]:
    """A form that the knowledge holds, folded and compact. An edit changes a few; an index made anew has the others by heart.
    Never for what a person writes: that is not kept."""
    folded = fold(phrase)
    return folded, _together(folded)


def compact(phrase: str) -> str:
    """In one word of plain letters."""
    return _together(fold(phrase))


def alike(compacted: str) -> list[str]:
    """A compact form, its singular or plural, and without what Arabic writes together with the next word."""
    forms = [compacted]
    if len(compacted) > 3 and compacted.endswith("s"):
        forms += [compacted[:-1], compacted[:-2]] if compacted.endswith("es") else [compacted[:-1]]
    elif len(compacted) > 3:
        forms.append(compacted + "s")
    return [*forms, *bare(compacted)[1:]]


def bare(compacted: str) -> list[str]:
    """The form, and without what Arabic writes together with the next word."""
    return [compacted, *(compacted[len(p) :] for p in _PREFIXES if compacted.startswith(p) and len(compacted) > len(p) + 2)]


def _together(folded: str) -> str:
    return folded.replace(" ", "").replace("'", "")
