"""The intent classifier: TF-IDF of character and word n-grams, one linear model for all languages.

An ordinary Rasa graph component: `config.yml` names it, published Rasa trains and runs it too. Sparse and linear because
that was the more accurate and forty times the faster of what was measured (docs/understanding.md). Confidence is the
softmax of the margins, sharpened by a factor that is fitted on lines the model did not see.
"""

from __future__ import annotations

import json
from typing import Any, Dict, List, Optional, Tuple

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import train_test_split
from sklearn.pipeline import FeatureUnion
from sklearn.svm import LinearSVC

from engine.nlu.features import CHARACTERS, WORDS, Block, margins
from engine.nlu.text import fold

SHARPNESS = np.linspace(1.0, 12.0, 45)  # factors tried on the held-out lines
SPECS = (("char_wb", *CHARACTERS), ("word", *WORDS))


def _vectorizer(analyzer: str, low: int, high: int) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer=analyzer,
        ngram_range=(low, high),
        sublinear_tf=True,
        preprocessor=fold,
        token_pattern=r"(?u)\S+",
        dtype=np.float32,
    )


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(GraphComponent, IntentClassifier):
    """Ranks every intent for a message; gives none to a message without a letter or digit."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {"c": 1.0, "ranking_length": 10}

    def __init__(self, config: Dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self.config = {**self.get_default_config(), **config}
        self._storage, self._resource = storage, resource
        self._features: Optional[FeatureUnion] = None
        self._blocks: Optional[Tuple[Block, Block]] = None
        self._weights = np.zeros((0, 0), dtype=np.float32)
        self._bias = np.zeros(0, dtype=np.float32)
        self._intents: List[str] = []
        self._sharpness = 1.0

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "LinearIntentClassifier":
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fits the model on every example with a text. Raises ValueError when there is none."""
        lines = [m for m in training_data.intent_examples if m.get(TEXT) and m.get(INTENT)]
        texts, intents = [m.get(TEXT) for m in lines], [m.get(INTENT) for m in lines]
        self._sharpness = self._fit_sharpness(texts, intents)
        self._fit(texts, intents)
        self._persist()
        return self._resource

    def _fit(self, texts: List[str], intents: List[str]) -> None:
        self._features = FeatureUnion([(a, _vectorizer(a, low, high)) for a, low, high in SPECS])
        model = LinearSVC(C=self.config["c"], class_weight="balanced", random_state=0)
        model.fit(self._features.fit_transform(texts), intents)
        # features x intents: one row of a sparse message then picks the rows it needs
        self._weights = np.ascontiguousarray(model.coef_.T, dtype=np.float32)
        self._bias = model.intercept_.astype(np.float32)
        self._intents = [str(name) for name in model.classes_]
        characters, words = (part for _, part in self._features.transformer_list)
        self._blocks = (
            Block(characters.vocabulary_, characters.idf_, 0),
            Block(words.vocabulary_, words.idf_, len(characters.vocabulary_)),
        )

    def _fit_sharpness(self, texts: List[str], intents: List[str]) -> float:
        """The factor with the least log loss on a fifth of the lines, the model fitted on the others."""
        seen, unseen, seen_intents, unseen_intents = train_test_split(
            texts, intents, test_size=0.2, random_state=0, stratify=intents
        )
        self._fit(seen, seen_intents)
        margins = self._margins(unseen)
        truth = np.array([self._intents.index(name) for name in unseen_intents])
        losses = [-np.log(_softmax(margins * s)[np.arange(len(truth)), truth] + 1e-9).mean() for s in SHARPNESS]
        return float(SHARPNESS[int(np.argmin(losses))])

    def _margins(self, texts: List[str]) -> NDArray[Any]:
        assert self._features is not None
        return np.asarray(self._features.transform(texts) @ self._weights + self._bias)

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            ranking = self._ranking(message.get(TEXT) or "")
            message.set(INTENT, ranking[0] if ranking else _NONE, add_to_output=True)
            message.set("intent_ranking", ranking[: self.config["ranking_length"]], add_to_output=True)
        return messages

    def _ranking(self, text: str) -> List[Dict[str, Any]]:
        if not fold(text) or self._blocks is None:
            return []
        found = margins(fold(text), self._blocks, self._weights, self._bias)
        confidences = _softmax(found[None, :] * self._sharpness)[0]
        return [
            {INTENT_NAME_KEY: self._intents[i], PREDICTED_CONFIDENCE_KEY: float(confidences[i])} for i in np.argsort(-confidences)
        ]

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def _persist(self) -> None:
        assert self._features is not None
        parts = [vectorizer for _, vectorizer in self._features.transformer_list]
        with self._storage.write_to(self._resource) as folder:
            vocabularies = [sorted(p.vocabulary_, key=p.vocabulary_.__getitem__) for p in parts]
            meta = {"intents": self._intents, "sharpness": self._sharpness, "vocabularies": vocabularies}
            (folder / "model.json").write_text(json.dumps(meta, ensure_ascii=False), encoding="utf-8")
            idf = {f"idf{n}": p.idf_.astype(np.float32) for n, p in enumerate(parts)}
            np.savez(folder / "model.npz", weights=self._weights, bias=self._bias, **idf)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "LinearIntentClassifier":
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            meta = json.loads((folder / "model.json").read_text(encoding="utf-8"))
            with np.load(folder / "model.npz", allow_pickle=False) as arrays:
                component._weights, component._bias = arrays["weights"], arrays["bias"]
                idf = [arrays[f"idf{n}"] for n in range(len(SPECS))]
        component._intents, component._sharpness = meta["intents"], meta["sharpness"]
        blocks, offset = [], 0
        for words, weights in zip(meta["vocabularies"], idf):
            blocks.append(Block({word: n for n, word in enumerate(words)}, weights, offset))
            offset += len(words)
        component._blocks = (blocks[0], blocks[1])
        return component


_NONE: Dict[str, Any] = {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}


def _softmax(margins: NDArray[Any]) -> NDArray[Any]:
    powers = np.exp(margins - margins.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
