"""What the model sees of one message is what it was trained on."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer

from engine.nlu import features
from engine.nlu.features import SIZE, Lines, consonants, vector, views
from engine.nlu.text import fold

LINES = [
    "hello there",
    "what is DBS",
    "ما معنى council tax",
    "waan ku salaamayaa",
    "aaaa b",
    "thank you thank you",
    "شكرا جزيلا",
    "",
    "мені треба menu please",
]


@pytest.mark.parametrize("clues", [(), ("has need", "need money")])
def test_one_message_has_the_values_of_its_row_in_training(clues: tuple[str, ...]) -> None:
    lines = Lines(views(text, clues) for text in LINES)
    idf = lines.inverse_frequencies()
    rows = lines.matrix(idf)
    for number, text in enumerate(LINES):
        columns, values = vector(views(text, clues), idf)
        alone = np.zeros(SIZE)
        np.add.at(alone, np.array(columns, dtype=int), values)
        np.testing.assert_allclose(alone, rows[number].toarray()[0], atol=1e-6)


def test_the_letters_are_weighted_as_scikit_learn_weighs_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "WEIGHTS", (1.0, 0.0, 0.0, 0.0))
    lines = Lines([views(text, ())[0], {}, {}, {}] for text in LINES)
    ours = lines.matrix(lines.inverse_frequencies())
    hashing = HashingVectorizer(
        analyzer="char_wb", ngram_range=features.CHARACTERS, preprocessor=fold, n_features=SIZE, norm=None, alternate_sign=False
    )
    counts = hashing.transform(LINES)
    theirs = TfidfTransformer(sublinear_tf=True).fit_transform(counts)
    np.testing.assert_allclose(np.sort(ours.toarray(), axis=1), np.sort(theirs.toarray(), axis=1), atol=1e-6)


@pytest.mark.parametrize(
    ("one", "other"), [("mikham", "mkham"), ("chahiye", "chahye"), ("waxaan", "waxan"), ("مدرسه", "مدارس"), ("nahiin", "nahin")]
)
def test_spellings_that_differ_in_vowels_have_the_same_consonants(one: str, other: str) -> None:
    assert consonants(fold(one)) == consonants(fold(other))
