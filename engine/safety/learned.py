"""The safety layer's own model: is this a danger, is this a question about a case, and which danger is it.

Three linear models over the features of the intent classifier. They learn from `data/safety/lines/<language>.tsv` (kind and
text; `none` are messages that only look like danger) and from all lines of `data/nlu`. How much it takes to raise an alarm is
worked out on lines the model did not see: as little as keeps false alarms on ordinary messages below FALSE_ALARMS.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

from engine.nlu.features import views
from engine.nlu.linear import LinearModel

FALSE_ALARMS = {"danger": 0.015, "immigration": 0.015}  # of the ordinary lines of data/nlu
MEANT, ORDINARY = {"urgent_danger": "danger", "immigration_question": "immigration"}, "ordinary"
SURE = 0.4  # added to the threshold where only what is sure counts
CLOSE = 0.25  # between the margins of two kinds
FOLDS, C = 3, 0.5


class SafetyModel:
    """`heard` gives kinds of danger and "immigration"."""

    def __init__(self, heads: dict[str, LinearModel], thresholds: dict[str, float]) -> None:
        self._heads, self._thresholds = heads, thresholds

    def heard(self, text: str, *, sure: bool = False) -> set[str]:
        """What `text` is taken for; nothing for an ordinary message."""
        found = views(text, ())
        kinds: set[str] = set()
        for head, threshold in self._thresholds.items():
            if self._heads[head].margins(found)[1] > threshold + SURE * sure:
                kinds |= {"immigration"} if head == "immigration" else self._kinds(found)
        return kinds

    def _kinds(self, found: Any) -> set[str]:
        """The likeliest kind, and any that is nearly as likely: better two numbers than the wrong one."""
        margins = self._heads["kind"].margins(found)
        return {
            name for name, margin in zip(self._heads["kind"].classes, margins, strict=True) if margin >= margins.max() - CLOSE
        }

    def save(self, folder: Path) -> None:
        for name, head in self._heads.items():
            head.save(folder / f"{name}.npz")
        np.savez(folder / "thresholds.npz", **{name: np.float64(value) for name, value in self._thresholds.items()})

    @classmethod
    def load(cls, folder: Path) -> SafetyModel:
        heads = {name: LinearModel.load(folder / f"{name}.npz") for name in (*FALSE_ALARMS, "kind")}
        with np.load(folder / "thresholds.npz") as values:
            return cls(heads, {name: float(values[name]) for name in values})

    @classmethod
    def train(cls, rows: Any, kinds: NDArray[Any], idf: NDArray[Any]) -> SafetyModel:
        """`rows`: the lines' features. `kinds`: KINDS, "none", "immigration", "danger" (of no named kind), or ORDINARY."""
        heads, thresholds = {}, {}
        for head, allowed in FALSE_ALARMS.items():
            truth = _truth(kinds, head)
            heads[head] = LinearModel.fit(rows, truth, idf, C)
            thresholds[head] = _threshold(rows, truth, kinds, idf, allowed)
        known = ~np.isin(kinds, ["none", "immigration", "danger", ORDINARY])
        heads["kind"] = LinearModel.fit(rows[known], kinds[known], idf, C)
        return cls(heads, thresholds)


def _truth(kinds: NDArray[Any], head: str) -> NDArray[Any]:
    if head == "immigration":
        return np.asarray(kinds == "immigration")
    return ~np.isin(kinds, ["none", "immigration", ORDINARY])


def _threshold(rows: Any, truth: NDArray[Any], kinds: NDArray[Any], idf: NDArray[Any], allowed: float) -> float:
    margins = np.zeros(len(truth))
    for seen, unseen in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(rows, truth):
        margins[unseen] = LinearModel.fit(rows[seen], truth[seen], idf, C).all_margins(rows[unseen])[:, 1]
    return float(np.quantile(margins[kinds == ORDINARY], 1 - allowed))
