"""What in a message must be answered before everything else.

Two ears: patterns for what is unmistakable, and a model that has read thousands of lines, because nobody can write down all
the ways in which people say that they are in danger (patterns alone heard half of lines they were not written for). A message
is heard sentence by sentence and, where it has no sentences, in overlapping windows: "thanks for the course by the way my
husband hits me". Recall comes before precision: when in doubt the numbers are shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from engine.nlu.text import fold
from engine.safety import patterns
from engine.safety.learned import SafetyModel

KINDS = ("medical", "self_harm", "violence", "child", "exploitation", "no_shelter", "detention")  # most urgent first
MOST = 3_000  # characters looked at: half a page of a person's own words
WINDOW, STEP = 16, 8  # words
_SENTENCE = re.compile(r"[.!?؟۔。\n;]+")


@dataclass(frozen=True)
class Alarm:
    """`dangers`: the kinds found, most urgent first. `immigration`: asks for advice on a case of their own."""

    dangers: tuple[str, ...]
    immigration: bool


SILENT = Alarm((), False)


class Listener:
    """Without a model only the patterns are heard."""

    def __init__(self, model: SafetyModel | None = None) -> None:
        self._model = model
        patterns.heard([""])  # the first person must not wait for hundreds of patterns to be read

    def listen(self, text: str, *, letter: bool = False) -> Alarm:
        """Never raises. `letter`: official words, full of danger in general; only what is sure counts."""
        sentences = [part for part in _SENTENCE.split(text[:MOST]) if fold(part)]
        found = patterns.heard([fold(sentence) for sentence in sentences])
        if self._model is not None:
            for part in _parts(text[:MOST], sentences):
                found |= self._model.heard(part, sure=letter)
        return Alarm(tuple(kind for kind in KINDS if kind in found), "immigration" in found)


def _parts(text: str, sentences: list[str]) -> Iterator[str]:
    yield text
    if len(sentences) > 1:
        yield from sentences
    for sentence in sentences:
        words = sentence.split()
        if len(words) > WINDOW + STEP // 2:
            yield from (" ".join(words[start : start + WINDOW]) for start in range(0, len(words) - STEP, STEP))
