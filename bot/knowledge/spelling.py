"""Forms of words found by how they begin, or by how they are nearly spelled."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from rapidfuzz import fuzz, process

SHORTEST = 5  # letters; a shorter word is near too many others
CUTOFF = 86.0  # of 100; below it, other words of English begin to match


class Spellings:
    """Made once of all forms. `beginning` and `nearest` look at few of them, however many there are."""

    def __init__(self, forms: Iterable[str]) -> None:
        self._sorted = sorted(forms)
        self._by_length: dict[int, list[str]] = {}
        for form in self._sorted:
            if len(form) >= SHORTEST:
                self._by_length.setdefault(len(form), []).append(form)

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
        spread = 1 + len(written) // 12
        best: tuple[str, float] | None = None
        for length in range(len(written) - spread, len(written) + spread + 1):
            least = best[1] if best else CUTOFF
            found = process.extractOne(written, self._by_length.get(length, ()), scorer=fuzz.ratio, score_cutoff=least)
            if found and _digits(found[0]) == _digits(written) and (best is None or found[1] > best[1]):
                best = (found[0], found[1])
        return best


def _digits(word: str) -> str:
    return "".join(c for c in word if c.isdigit())
