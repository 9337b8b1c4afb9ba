"""Forms of words found by how they begin, or by how they are nearly spelled."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import combinations

import numpy as np
from rapidfuzz import fuzz, process

SHORTEST = 5  # letters; a shorter word is near too many others
CUTOFF = 86.0  # of 100; below it, other words of English begin to match
PREFIX = 7  # letters of a form that are looked at to find candidates
TWO_FROM = 8  # letters from which CUTOFF allows more than one letter too many or too few
_HASH = 0xFFFF_FFFF


class Spellings:
    """Made once of all forms. `beginning` and `nearest` look at few of them, however many there are.

    Nearest ones are looked up as SymSpell does (Garbe 2012): the first letters of two words that are nearly the same are
    equal once a letter or two are left out of each. What is found so is then compared whole.
    """

    def __init__(self, forms: Iterable[str]) -> None:
        self._sorted = sorted(forms)
        keys, owners = array("L"), array("L")
        for place, form in enumerate(self._sorted):
            if len(form) >= SHORTEST:
                for shorter in _with_letters_left_out(form[:PREFIX], _most(form)):
                    keys.append(hash(shorter) & _HASH)
                    owners.append(place)
        found = np.array(keys, dtype=np.uint32)
        order = np.argsort(found, kind="stable")
        self._keys, self._owners = found[order], np.array(owners, dtype=np.uint32)[order]

    def beginning(self, start: str) -> Iterator[str]:
        """Every form that begins so."""
        for place in range(bisect_left(self._sorted, start), len(self._sorted)):
            if not self._sorted[place].startswith(start):
                return
            yield self._sorted[place]

    def nearest(self, written: str) -> tuple[str, float] | None:
        """The form most like `written`, with its score of 100; of nearly the same length and with the same digits
        ("licence" is not "TV licence", "level" is not "level 1")."""
        if len(written) < SHORTEST:
            return None
        spread, digits = 1 + len(written) // 12, _digits(written)
        near = [form for form in self._candidates(written) if abs(len(form) - len(written)) <= spread and _digits(form) == digits]
        found = process.extractOne(written, near, scorer=fuzz.ratio, score_cutoff=CUTOFF)
        return (found[0], found[1]) if found else None

    def _candidates(self, written: str) -> list[str]:
        left_out = _with_letters_left_out(written[:PREFIX], _most(written))
        asked = np.fromiter((hash(shorter) & _HASH for shorter in left_out), dtype=np.uint32)
        first, last = np.searchsorted(self._keys, asked, "left"), np.searchsorted(self._keys, asked, "right")
        runs = [self._owners[a:b] for a, b in zip(first, last, strict=True) if a < b]
        return [self._sorted[place] for place in np.unique(np.concatenate(runs))] if runs else []


@lru_cache(maxsize=24)
def spellings(forms: tuple[str, ...]) -> Spellings:
    """The same for the same forms: an edit that changes no name makes no index anew."""
    return Spellings(forms)


def _most(form: str) -> int:
    return 2 if len(form) >= TWO_FROM else 1


def _with_letters_left_out(prefix: str, most: int) -> set[str]:
    """The prefix, and every form of it with up to `most` letters left out."""
    return {"".join(prefix[n] for n in kept) for kept in _kept(len(prefix), most)}


@cache
def _kept(length: int, most: int) -> tuple[tuple[int, ...], ...]:
    return tuple(kept for out in range(most + 1) for kept in combinations(range(length), length - out))


def _digits(word: str) -> str:
    return "".join(c for c in word if c.isdigit())
