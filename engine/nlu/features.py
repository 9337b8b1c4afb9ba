"""What a linear model sees of a message: hashed n-grams of its letters, its words and its consonants, and clues from lists.

Hashed, so that a model has no vocabulary to keep (eight languages have half a million n-grams, which as a table cost 150 MB)
and its size stays what it is when an installation adds lines of its own. Each view has length 1 before its weight, with
sublinear counts and inverse document frequency. What each view and weight brought: docs/understanding.md.
"""

from __future__ import annotations

import math
import re
from array import array
from collections import Counter
from itertools import pairwise
from typing import Any, Dict, Iterable, Iterator, List, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.utils import murmurhash3_32

from engine.nlu.text import fold

SIZE = 2**18  # columns; with 2**19 as right, with 2**17 a point less
CHARACTERS, WORDS, CONSONANTS = (2, 5), (1, 2), (2, 4)  # shortest and longest n-gram
WEIGHTS = (1.0, 1.0, 1.0, 0.3)  # of letters, words, consonants, clues
# Vowels are what romanised and hasty spellings disagree about: "mikham", "mekham", "mkham"; "مدرسه", "مدرسة".
_VOWELS = re.compile("[aeiouyاويه]")
_DOUBLED = re.compile(r"(.)\1+")


def character_grams(words: Sequence[str], lengths: Tuple[int, int]) -> Iterator[str]:
    """n-grams inside each word with a space at both ends; a word shorter than n counts once, whole."""
    low, high = lengths
    for word in words:
        padded = f" {word} "
        for n in range(low, high + 1):
            yield padded[:n]
            for start in range(1, len(padded) - n + 1):
                yield padded[start : start + n]
            if len(padded) <= n:
                break


def word_grams(words: Sequence[str]) -> Iterator[str]:
    yield from words
    yield from (f"{first} {second}" for first, second in pairwise(words))


def consonants(folded: str) -> str:
    """The words without vowels and doubled letters."""
    return _DOUBLED.sub(r"\1", _VOWELS.sub("", folded))


def views(text: str, clues: Iterable[str]) -> List[Dict[int, int]]:
    """For each view the columns it touches and how often. The same gram in two views has two columns."""
    folded = fold(text)
    words = folded.split()
    grams = (
        character_grams(words, CHARACTERS),
        word_grams(words),
        character_grams(consonants(folded).split(), CONSONANTS),
        iter(clues),
    )
    return [Counter(murmurhash3_32(gram, seed, positive=True) % SIZE for gram in view) for seed, view in enumerate(grams)]


def vector(found: List[Dict[int, int]], idf: NDArray[Any]) -> Tuple[List[int], List[float]]:
    """Columns and values of one message. A column may stand twice: its values add up."""
    columns: List[int] = []
    values: List[float] = []
    for view, weight in zip(found, WEIGHTS):
        here = [(1.0 + math.log(times)) * float(idf[column]) for column, times in view.items()]
        length = math.sqrt(sum(value * value for value in here)) or 1.0
        columns.extend(view)
        values.extend(weight * value / length for value in here)
    return columns, values


class Lines:
    """Many lines counted, in flat arrays: as Python objects forty thousand of them need more than a gigabyte."""

    def __init__(self, lines: Iterable[List[Dict[int, int]]]) -> None:
        columns, times, lengths = array("i"), array("H"), array("I")
        for found in lines:
            for view in found:
                columns.extend(view)
                times.extend(view.values())
                lengths.append(len(view))
        self._columns, self._times = (
            np.frombuffer(columns, dtype=np.int32),
            np.frombuffer(times, dtype=np.uint16),
        )
        self._lengths = np.frombuffer(lengths, dtype=np.uint32).astype(np.int64)
        self.count = len(self._lengths) // len(WEIGHTS)

    def inverse_frequencies(self) -> NDArray[Any]:
        """ln((1 + lines) / (1 + lines with the column)) + 1 for each column, as scikit-learn smooths it."""
        frequency = np.bincount(self._columns, minlength=SIZE)
        return np.asarray(np.log((1 + self.count) / (1 + frequency)) + 1, dtype=np.float32)

    def matrix(self, idf: NDArray[Any]) -> csr_matrix:
        """One row a line, the same values as `vector`."""
        values = np.log(self._times, dtype=np.float32)
        values += 1.0
        values *= idf[self._columns]
        view = np.repeat(np.arange(len(self._lengths), dtype=np.int32), self._lengths)
        lengths = np.sqrt(np.bincount(view, weights=values**2, minlength=len(self._lengths)))
        factors = np.tile(WEIGHTS, self.count) / np.maximum(lengths, 1e-9)
        values *= factors.astype(np.float32)[view]
        starts = np.concatenate([[0], np.cumsum(self._lengths)])[:: len(WEIGHTS)].astype(np.int32)
        made = csr_matrix((values, self._columns, starts), shape=(self.count, SIZE))
        made.sum_duplicates()
        return made
