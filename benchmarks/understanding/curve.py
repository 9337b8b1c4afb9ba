"""How understanding grows with the lines, and what each view of a message brings.

    python -m benchmarks.understanding.curve MESSAGES.tsv

MESSAGES.tsv: as `./useit evaluate` reads it. The classifier alone, without the safety layer.
"""

from __future__ import annotations

import csv
import random
import sys
from pathlib import Path
from statistics import mean
from typing import Any

import numpy as np

from engine import compat

compat.install()

from engine.nlu import features  # noqa: E402  # imports come after the path or the stand-ins are set
from engine.nlu.entities import LANGUAGES  # noqa: E402  # imports come after the path or the stand-ins are set
from engine.nlu.examples import lines_of  # noqa: E402  # imports come after the path or the stand-ins are set
from engine.nlu.features import Lines, views  # noqa: E402  # imports come after the path or the stand-ins are set
from engine.nlu.linear import LinearModel  # noqa: E402  # imports come after the path or the stand-ins are set
from engine.nlu.lookup import clues, lookup  # noqa: E402  # imports come after the path or the stand-ins are set

ROOT = Path(__file__).resolve().parents[2]
SIZES = (250, 500, 1000, 2000, 4000, 100_000)
VIEWS = ("letters", "words", "consonants", "clues")


def main(messages: str) -> None:
    with Path(messages).open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))
    lists = lookup("data/lookup", tuple(LANGUAGES))
    lines = {code: [(intent, text) for _, intent, text in lines_of(ROOT / "data/nlu" / code)] for code in LANGUAGES}
    seen = {code: [views(text, sorted(clues(text, lists))) for _, text in some] for code, some in lines.items()}
    asked = [views(row["text"], sorted(clues(row["text"], lists))) for row in rows]
    for size in SIZES:
        chosen: list[tuple[str, int]] = []
        for code, some in lines.items():
            chosen += [(code, n) for n in random.Random(size).sample(range(len(some)), min(size, len(some)))]
        report(f"{size if size < SIZES[-1] else 'all'} lines a language ({len(chosen)})", fit(lines, seen, chosen), asked, rows)
    everything = [(code, n) for code, some in lines.items() for n in range(len(some))]
    weights = features.WEIGHTS
    for place, name in enumerate(VIEWS):
        features.WEIGHTS = tuple(0.0 if n == place else weight for n, weight in enumerate(weights))  # type: ignore[assignment]  # four floats
        report(f"all lines, without {name}", fit(lines, seen, everything), asked, rows)
    features.WEIGHTS = weights


def fit(lines: Any, seen: Any, chosen: list[tuple[str, int]]) -> LinearModel:
    counted = Lines(seen[code][n] for code, n in chosen)
    idf = counted.inverse_frequencies()
    return LinearModel.fit(counted.matrix(idf), np.array([lines[code][n][0] for code, n in chosen]), idf, 1.0)


def report(name: str, model: LinearModel, asked: Any, rows: list[dict[str, str]]) -> None:
    first: dict[str, list[bool]] = {}
    three: dict[str, list[bool]] = {}
    for row, found in zip(rows, asked, strict=True):
        ranking = [model.classes[n] for n in np.argsort(-model.margins(found))[:3]]
        first.setdefault(row["lang"], []).append(ranking[0] == row["intent"])
        three.setdefault(row["lang"], []).append(row["intent"] in ranking)
    cells = "  ".join(f"{code} {mean(first[code]):.3f}" for code in sorted(first))
    print(f"{name:40} {mean(map(mean, first.values())):.3f}/{mean(map(mean, three.values())):.3f}   {cells}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
