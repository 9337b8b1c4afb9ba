"""Terms by what they mean: "paper from the doctor that I am sick". Only ever offered, never taken for what was asked."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable

from engine.nlu.language import small_words
from engine.nlu.text import fold

STEM = 5  # letters of a word that are compared: "doctor", "doctors"
LEAST_WORDS, LEAST_SCORE = 2, 6.0


class Meanings:
    """Made once for one language; rare words count more (inverse document frequency), each once."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        """`texts`: (term, what it means)."""
        self._words = {key: _words(text) for key, text in texts}
        seen = Counter(word for words in self._words.values() for word in words)
        self._weight = {word: math.log(len(self._words) / times) for word, times in seen.items()}
        self._terms: dict[str, list[str]] = defaultdict(list)
        for key, words in self._words.items():
            for word in words:
                self._terms[word].append(key)

    def like(self, text: str, most: int = 3) -> list[str]:
        """The terms whose meaning shares the most with `text`, likeliest first."""
        scores: dict[str, float] = defaultdict(float)
        shared: Counter[str] = Counter()
        for word in _words(text):
            for key in self._terms.get(word, ()):
                scores[key] += self._weight[word]
                shared[key] += 1
        good = [key for key, score in scores.items() if shared[key] >= LEAST_WORDS and score >= LEAST_SCORE]
        return sorted(good, key=lambda key: (-scores[key] / math.sqrt(len(self._words[key]) + 5), key))[:most]


def _words(text: str) -> frozenset[str]:
    return frozenset(word[:STEM] for word in fold(text).split() if word not in small_words() and len(word) > 2)
