"""Our vectors for one message are scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest

from engine import compat

compat.install()

from engine.nlu.features import margins  # noqa: E402
from engine.nlu.intents import LinearIntentClassifier  # noqa: E402
from engine.nlu.text import fold  # noqa: E402

LINES = [
    "hello there",
    "what is DBS",
    "ما معنى council tax",
    "waan ku salaamayaa",
    "aaaa b",
    "thank you",
    "شكرا جزيلا",
    "menu please",
]
INTENTS = ["greet", "explain_term", "explain_term", "greet", "menu", "thanks", "thanks", "menu"]


@pytest.mark.parametrize("text", [*LINES, "x", "hello hello hello what", "ما هو DBS check?", "a b c d e f g", "never seen words"])
def test_the_margins_are_those_of_scikit_learn(text: str) -> None:
    classifier = LinearIntentClassifier.create({}, None, None, None)  # type: ignore[arg-type]  # the library is typed looser than it is used
    classifier._fit(LINES, INTENTS)
    assert classifier._blocks is not None
    ours = margins(fold(text), classifier._blocks, classifier._weights, classifier._bias)
    np.testing.assert_allclose(ours, classifier._margins([text])[0], atol=1e-5)
