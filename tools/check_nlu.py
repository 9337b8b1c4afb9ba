"""Checks training lines for one language: form, duplicates, and distance from the devset.

Usage: python tools/check_nlu.py data/nlu/en [path/to/devset.tsv]
Prints counts per intent and every problem; exit 1 when there is one.
"""

from __future__ import annotations

import csv
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from engine.nlu.examples import INTENTS, lines_of  # noqa: E402  # imports come after the path or the stand-ins are set

SIMILAR = 0.75  # Dice of character trigrams at and above which a line counts as a rewording
SHORT = 3  # words; shorter lines ("yes", "thank you") are everyone's and are not compared


def folded(text: str) -> str:
    text = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[^\w]+", " ", text).strip()


def trigrams(text: str) -> set[str]:
    padded = f"  {folded(text)} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


def devset_lines(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as handle:
        return [row["text"] for row in csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)]


class Measuring:
    """The measuring lines by their trigrams, so that a line is compared only with those that share some."""

    def __init__(self, lines: list[str]) -> None:
        self._lines = [(line, trigrams(line)) for line in lines if len(folded(line).split()) >= SHORT]
        self._with: dict[str, list[int]] = {}
        for number, (_, grams) in enumerate(self._lines):
            for gram in grams:
                self._with.setdefault(gram, []).append(number)

    def near(self, line: str) -> str | None:
        """The measuring line that this one rewords; None when there is none, and for a line of few words."""
        if len(folded(line).split()) < SHORT:
            return None
        own = trigrams(line)
        shared = Counter(number for gram in own for number in self._with.get(gram, ()))
        for number, same in shared.items():
            other, grams = self._lines[number]
            if 2 * same >= SIMILAR * (len(own) + len(grams)):
                return other
        return None


def main(folder: str, devset_path: str | None = None) -> int:
    rows = lines_of(Path(folder))
    problems: list[str] = []
    owner: dict[str, str] = {}
    for name, intent, line in rows:
        if intent not in INTENTS:
            problems.append(f"{name}: unknown intent {intent}")
        if re.search(r"\]\s*[({]", line):
            problems.append(f"{name}: looks like an entity annotation: {line}")
        key = folded(line)
        if owner.setdefault(key, intent) != intent:
            problems.append(f"{name}: in two intents ({owner[key]}, {intent}): {line}")
    repeated = [line for line, times in Counter((i, folded(t)) for _, i, t in rows).items() if times > 1]
    problems += [f"repeated: {line}" for line in repeated]
    if devset_path:
        # the words of the devset line are not printed: who writes training lines must not read it
        measuring = Measuring(devset_lines(Path(devset_path)))
        problems += [f"{n}: too near a measuring line, drop it: {t}" for n, _, t in rows if measuring.near(t)]
    for intent in INTENTS:
        print(f"{sum(1 for _, i, _ in rows if i == intent):5d} {intent}")
    print(f"{len(rows):5d} lines, {len(problems)} problems")
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
