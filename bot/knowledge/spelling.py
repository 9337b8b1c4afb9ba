"""Forms of words found by how they begin, or by how they are nearly spelled."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import combinations

import numpy as np
import numpy.typing as npt
from rapidfuzz import fuzz, process

SHORTEST = 5  # letters; a shorter word is near too many others
CUTOFF = 86.0  # of 100; below it, other words of English begin to match
PREFIX = 7  # letters of a form that are looked at to find candidates
TWO_FROM = 8  # letters from which CUTOFF allows more than one letter too many or too few
_FACTOR = np.uint32(0x0100_0193)  # odd and large: numbers of what differs are spread over all there are


class Spellings:
    """Made once of all forms. `beginning` and `nearest` look at few of them, however many there are.

    Nearest ones are looked up as SymSpell does (Garbe 2012): the first letters of two words that are nearly the same are
    equal once a letter or two are left out of each. What is found so is then compared whole.
    """

    def __init__(self, forms: Iterable[str]) -> None:
        self._sorted = sorted(forms)
        alike: dict[tuple[int, int], list[int]] = {}  # forms whose prefixes are as long and may lack as many letters
        for place, form in enumerate(self._sorted):
            if len(form) >= SHORTEST:
                alike.setdefault((min(len(form), PREFIX), _most(form)), []).append(place)
        keys, owners = [np.empty(0, np.uint32)], [np.empty(0, np.uint32)]
        for (_, most), places in alike.items():
            found = _with_letters_left_out([self._sorted[place] for place in places], most)
            keys.append(found.ravel())
            owners.append(np.tile(np.array(places, dtype=np.uint32), len(found)))
        every = np.concatenate(keys)
        order = np.argsort(every, kind="stable")
        self._keys, self._owners = every[order], np.concatenate(owners)[order]

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
        asked = np.unique(_with_letters_left_out([written], _most(written)))
        first, last = np.searchsorted(self._keys, asked, "left"), np.searchsorted(self._keys, asked, "right")
        runs = [self._owners[a:b] for a, b in zip(first, last, strict=True) if a < b]
        return [self._sorted[place] for place in np.unique(np.concatenate(runs))] if runs else []


@lru_cache(maxsize=24)
def spellings(forms: tuple[str, ...]) -> Spellings:
    """The same for the same forms: an edit that changes no name makes no index anew."""
    return Spellings(forms)


def _most(form: str) -> int:
    return 2 if len(form) >= TWO_FROM else 1


def _with_letters_left_out(forms: list[str], most: int) -> npt.NDArray[np.uint32]:
    """A row for each way to leave out up to `most` letters of a prefix, in it a number for what is left of each form's.

    The prefixes must be equally long. Two that are equal have one number; two that are not have one seldom.
    """
    length = min(len(forms[0]), PREFIX)
    letters = np.frombuffer("".join(form[:length] for form in forms).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    columns = letters.reshape(len(forms), length).T
    rows = []
    for kept in _kept(length, most):
        row = np.zeros(len(forms), dtype=np.uint32)
        for place in kept:
            row = row * _FACTOR + columns[place]
        rows.append(row)
    return np.array(rows)


@cache
def _kept(length: int, most: int) -> tuple[tuple[int, ...], ...]:
    return tuple(kept for out in range(most + 1) for kept in combinations(range(length), length - out))


def _digits(word: str) -> str:
    return "".join(c for c in word if c.isdigit())
