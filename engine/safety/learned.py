"""The safety layer's own model: is this a danger, is this a question about a case, and which danger is it.

Three linear models over the features of the intent classifier. They learn from `data/safety/lines/<language>.tsv` (kind and
text; `none` are messages that only look like danger) and from all lines of `data/nlu`. How much it takes to raise an alarm is
worked out on lines the model did not see: as little as keeps false alarms on ordinary messages below FALSE_ALARMS.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

from engine.nlu.examples import lines_of
from engine.nlu.features import Lines, views
from engine.nlu.linear import LinearModel

FALSE_ALARMS = {"danger": 0.015, "immigration": 0.015}  # of the ordinary lines of data/nlu
INTENTS = {"danger": "urgent_danger", "immigration": "immigration_question"}
SURE = 0.4  # added to the threshold where only what is sure counts
FOLDS, C = 3, 0.5


class SafetyModel:
    """`heard` gives kinds of danger and "immigration"."""

    def __init__(self, heads: dict[str, LinearModel], thresholds: dict[str, float]) -> None:
        self._heads, self._thresholds = heads, thresholds

    def heard(self, text: str, *, sure: bool = False) -> set[str]:
        """What `text` is taken for; nothing for an ordinary message."""
        found = views(text, ())
        kinds = set()
        for head, threshold in self._thresholds.items():
            if self._heads[head].margins(found)[1] > threshold + SURE * sure:
                kinds.add("immigration" if head == "immigration" else self._kind(found))
        return kinds

    def margin(self, head: str, text: str) -> float:
        """How far `text` is on the side of "danger" or "immigration"."""
        return float(self._heads[head].margins(views(text, ()))[1])

    def _kind(self, found: Any) -> str:
        kinds = self._heads["kind"]
        return kinds.classes[int(np.argmax(kinds.margins(found)))]

    def save(self, folder: Path) -> None:
        for name, head in self._heads.items():
            head.save(folder / f"{name}.npz")
        np.savez(folder / "thresholds.npz", **{name: np.float64(value) for name, value in self._thresholds.items()})

    @classmethod
    def load(cls, folder: Path) -> SafetyModel:
        heads = {name: LinearModel.load(folder / f"{name}.npz") for name in (*INTENTS, "kind")}
        with np.load(folder / "thresholds.npz") as values:
            return cls(heads, {name: float(values[name]) for name in values})

    @classmethod
    def train(cls, data: Path) -> SafetyModel:
        """From the lines of a `data` folder. Raises ValueError when a file has a line without kind and text."""
        lines = [*_labelled(data / "safety/lines"), *_ordinary(data / "nlu")]
        kinds = np.array([kind for kind, _ in lines])
        counted = Lines(views(text, ()) for _, text in lines)
        idf = counted.inverse_frequencies()
        rows = counted.matrix(idf)
        heads, thresholds = {}, {}
        for head in INTENTS:
            truth = _truth(kinds, head)
            heads[head] = LinearModel.fit(rows, truth, idf, C)
            thresholds[head] = _threshold(rows, truth, kinds, idf, FALSE_ALARMS[head])
        known = ~np.isin(kinds, ["none", "immigration", "danger", "ordinary"])
        heads["kind"] = LinearModel.fit(rows[known], kinds[known], idf, C)
        return cls(heads, thresholds)


def _truth(kinds: NDArray[Any], head: str) -> NDArray[Any]:
    if head == "immigration":
        return np.asarray(kinds == "immigration")
    return ~np.isin(kinds, ["none", "immigration", "ordinary"])


def _threshold(rows: Any, truth: NDArray[Any], kinds: NDArray[Any], idf: NDArray[Any], allowed: float) -> float:
    margins = np.zeros(len(truth))
    for seen, unseen in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(rows, truth):
        margins[unseen] = LinearModel.fit(rows[seen], truth[seen], idf, C).all_margins(rows[unseen])[:, 1]
    return float(np.quantile(margins[kinds == "ordinary"], 1 - allowed))


def _labelled(folder: Path) -> list[tuple[str, str]]:
    lines = []
    for path in sorted(folder.glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as handle:
            for number, row in enumerate(csv.reader(handle, delimiter="\t", quoting=csv.QUOTE_NONE), 1):
                if len(row) != 2:
                    raise ValueError(f"{path.name}:{number}: not a kind and a text")
                lines.append((row[0], row[1]))
    return lines


def _ordinary(folder: Path) -> list[tuple[str, str]]:
    meaning = {intent: head for head, intent in INTENTS.items()}
    return [
        (meaning.get(intent, "ordinary"), text)
        for path in sorted(folder.iterdir())
        if path.is_dir()
        for _, intent, text in lines_of(path)
    ]
