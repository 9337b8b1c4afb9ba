"""One linear model over the hashed features: fitted once, read as plain arrays, asked in a tenth of a millisecond."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, List, Optional

import numpy as np
from numpy.typing import NDArray
from sklearn.svm import LinearSVC

from engine.nlu.features import Lines, vector

TOLERANCE = 0.1  # a thousand times looser than the default: half the time, the same answers


class LinearModel:
    """`margins` gives one number a class; the class with the largest is the likeliest."""

    def __init__(self, classes: List[str], idf: NDArray[Any], weights: NDArray[Any], bias: NDArray[Any]) -> None:
        self.classes, self._idf, self._weights, self._bias = classes, idf, weights, bias

    @classmethod
    def fit(cls, rows: Any, labels: NDArray[Any], idf: NDArray[Any], c: float, weigh: Any = "balanced") -> "LinearModel":
        """`rows`: what `Lines.matrix(idf)` gave, with an encoder's columns behind where there is one. `weigh`: as LinearSVC's class_weight. Two classes or more."""
        model = LinearSVC(C=c, class_weight=weigh, random_state=0, tol=TOLERANCE)
        model.fit(rows, labels)
        # two classes have one margin, the second's; half precision changes no margin by more than a hundredth
        sides = model.coef_ if len(model.coef_) > 1 else np.vstack([-model.coef_, model.coef_])
        bias = model.intercept_ if len(model.intercept_) > 1 else np.array([-model.intercept_[0], model.intercept_[0]])
        weights = np.ascontiguousarray(sides.T, dtype=np.float16)  # columns x classes: a message picks the rows it needs
        return cls([str(name) for name in model.classes_], idf, weights, bias.astype(np.float32))

    def margins(self, found: List[Dict[int, int]], encoded: Optional[NDArray[Any]] = None) -> NDArray[Any]:
        """`found`: what `features.views` gave of one message; `encoded`: its row from an encoder, of a model fitted with one."""
        columns, values = vector(found, self._idf)
        margins = self._bias
        if columns:
            margins = margins + np.array(values, dtype=np.float32) @ self._weights[columns].astype(np.float32)
        if encoded is not None:
            margins = margins + encoded @ self._weights[len(self._idf) :].astype(np.float32)
        return np.asarray(margins)

    def all_margins(self, rows: Any) -> NDArray[Any]:
        return np.asarray(rows @ self._weights.astype(np.float32) + self._bias)

    def save(self, path: Path) -> None:
        with path.open("wb") as handle:
            np.savez(handle, classes=np.array(self.classes), idf=self._idf, weights=self._weights, bias=self._bias)

    @classmethod
    def load(cls, path: Path) -> "LinearModel":
        with np.load(path, allow_pickle=False) as arrays:
            return cls([str(name) for name in arrays["classes"]], arrays["idf"], arrays["weights"], arrays["bias"])


__all__ = ["LinearModel", "Lines"]
