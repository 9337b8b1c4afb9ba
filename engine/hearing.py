"""Trains what works before Rasa: the safety layer's model and the language's. From the same lines, counted once.

    python -m engine.hearing DATA FOLDER

In a process of its own, so that its memory is given back before Rasa takes its own.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import yaml

from engine.nlu.examples import lines_of
from engine.nlu.features import Lines, views
from engine.nlu.spoken import LanguageModel
from engine.safety.learned import MEANT, ORDINARY, SafetyModel

Labelled = tuple[str, str, str]  # language, kind, text


def train(data: Path, folder: Path) -> None:
    """Writes both models into `folder`. Raises ValueError when a file has a line without kind and text."""
    ordinary = [line for path in sorted((data / "nlu").iterdir()) if path.is_dir() for line in _ordinary(path)]
    labelled = [line for path in sorted((data / "safety/lines").glob("*.tsv")) for line in _labelled(path)]
    lines = [*ordinary, *labelled, *_abilities(data)]
    counted = Lines(views(text, ()) for _, _, text in lines)
    idf = counted.inverse_frequencies()
    rows = counted.matrix(idf)
    languages = np.array([language for language, _, _ in ordinary])
    LanguageModel.train(rows[: len(ordinary)], languages, idf).save(folder / "language.npz")
    SafetyModel.train(rows, np.array([kind for _, kind, _ in lines]), idf).save(folder)


def _ordinary(folder: Path) -> list[Labelled]:
    return [(folder.name, MEANT.get(intent, ORDINARY), text) for _, intent, text in lines_of(folder)]


def _labelled(path: Path) -> list[Labelled]:
    lines = []
    with path.open(encoding="utf-8", newline="") as handle:
        for number, row in enumerate(csv.reader(handle, delimiter="\t", quoting=csv.QUOTE_NONE), 1):
            if len(row) != 2:
                raise ValueError(f"{path.name}:{number}: not a kind and a text")
            lines.append((path.stem, row[0], row[1]))
    return lines


def _abilities(data: Path) -> Iterator[Labelled]:
    """What people say that they can do: no danger. Every skill of data/skills once in every way of saying it."""
    ways: dict[str, list[str]] = yaml.safe_load((data / "safety/abilities.yml").read_text(encoding="utf-8"))
    names: dict[str, list[str]] = {language: [] for language in ways}
    for path in sorted((data / "skills/skills").glob("*.yml")):
        for skill in yaml.safe_load(path.read_text(encoding="utf-8")).values():
            for language in ways:
                names[language].append(skill[language][0])
    for language, found in names.items():
        for place, name in enumerate(found):
            for way in ways[language]:
                yield language, "none", way.format(name, found[(place * 7 + 3) % len(found)])


if __name__ == "__main__":
    train(Path(sys.argv[1]), Path(sys.argv[2]))
