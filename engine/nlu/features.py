"""TF-IDF of character and word n-grams for one message, without scikit-learn's checks around it.

The vectors are those of TfidfVectorizer(sublinear_tf=True, norm="l2") with the same n-grams (tests/engine/test_features.py
compares them); for one short message this takes a fifth of the time.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Any, Dict, Iterator, List, Tuple

import numpy as np
from numpy.typing import NDArray

CHARACTERS, WORDS = (2, 5), (1, 2)  # shortest and longest n-gram


def character_grams(folded: str) -> Iterator[str]:
    """n-grams inside each word with a space at both ends ("char_wb"); a word shorter than n counts once, whole."""
    low, high = CHARACTERS
    for word in folded.split():
        padded = f" {word} "
        for n in range(low, high + 1):
            yield padded[:n]
            for start in range(1, len(padded) - n + 1):
                yield padded[start : start + n]
            if len(padded) <= n:
                break


def word_grams(folded: str) -> Iterator[str]:
    words = folded.split()
    low, high = WORDS
    for n in range(low, high + 1):
        for start in range(len(words) - n + 1):
            yield " ".join(words[start : start + n])


class Block:
    """One kind of n-gram with its vocabulary; `offset` is where its columns begin among all."""

    def __init__(self, vocabulary: Dict[str, int], idf: NDArray[Any], offset: int) -> None:
        self._columns = {gram: (column + offset, float(idf[column])) for gram, column in vocabulary.items()}

    def add(self, grams: Iterator[str], columns: List[int], values: List[float]) -> None:
        """Appends the known n-grams' columns and their weights, which have length 1 together."""
        found: List[Tuple[int, float]] = []
        for gram, times in Counter(grams).items():
            known = self._columns.get(gram)
            if known is not None:
                found.append((known[0], (1.0 + math.log(times)) * known[1]))
        length = math.sqrt(sum(value * value for _, value in found)) or 1.0
        columns.extend(column for column, _ in found)
        values.extend(value / length for _, value in found)


def margins(folded: str, blocks: Tuple[Block, Block], weights: NDArray[Any], bias: NDArray[Any]) -> NDArray[Any]:
    """The linear model's value for each class. `weights`: features x classes."""
    columns: List[int] = []
    values: List[float] = []
    blocks[0].add(character_grams(folded), columns, values)
    blocks[1].add(word_grams(folded), columns, values)
    if not columns:
        return np.asarray(bias)
    return np.asarray(np.array(values, dtype=np.float32) @ weights[columns] + bias)
