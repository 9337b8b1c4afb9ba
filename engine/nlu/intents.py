"""The intent classifier: one linear model for all languages.

An ordinary Rasa graph component: `config.yml` names it, published Rasa trains and runs it too. Linear because that was the
more accurate and forty times the faster of what was measured (docs/understanding.md). Confidence is the softmax of the
margins, sharpened by a factor that is fitted on lines the model did not see.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Dict, List, Optional

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
from scipy.sparse import csr_matrix, hstack
from sklearn.model_selection import train_test_split

from engine.nlu.encoder import SentenceEncoder
from engine.nlu.entities import LANGUAGES
from engine.nlu.features import Lines, views
from engine.nlu.linear import LinearModel
from engine.nlu.lookup import clues, lookup
from engine.nlu.text import fold

SHARPNESS = np.linspace(1.0, 12.0, 45)  # factors tried on the held-out lines


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(GraphComponent, IntentClassifier):
    """Ranks every intent for a message; gives none to a message without a letter or digit."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {"c": 1.0, "ranking_length": 10, "encoder": None, "folder": "data/lookup", "languages": LANGUAGES}

    def __init__(self, config: Dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self.config = {**self.get_default_config(), **config}
        self._storage, self._resource = storage, resource
        self._lists = lookup(self.config["folder"], tuple(self.config["languages"]))
        encoder = self.config["encoder"]
        self._encoder = SentenceEncoder(Path(encoder)) if encoder else None
        self._model: Optional[LinearModel] = None
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
        self._fit([m.get(TEXT) for m in lines], np.array([m.get(INTENT) for m in lines]))
        self._persist()
        return self._resource

    def _fit(self, texts: List[str], intents: NDArray[Any]) -> None:
        lines = Lines(self._seen(text) for text in texts)
        idf = lines.inverse_frequencies()
        rows = lines.matrix(idf)
        if self._encoder is not None:
            rows = hstack([rows, csr_matrix(self._encoder.encode(texts))], format="csr")
        self._sharpness = self._fit_sharpness(rows, intents, idf)
        self._model = LinearModel.fit(rows, intents, idf, self.config["c"])

    def _fit_sharpness(self, rows: Any, intents: NDArray[Any], idf: NDArray[Any]) -> float:
        """The factor with the least log loss on a fifth of the lines, the model fitted on the others."""
        seen, unseen = train_test_split(np.arange(len(intents)), test_size=0.2, random_state=0, stratify=intents)
        model = LinearModel.fit(rows[seen], intents[seen], idf, self.config["c"])
        margins = model.all_margins(rows[unseen])
        truth = np.array([model.classes.index(name) for name in intents[unseen]])
        losses = [-np.log(_softmax(margins * s)[np.arange(len(truth)), truth] + 1e-9).mean() for s in SHARPNESS]
        return float(SHARPNESS[int(np.argmin(losses))])

    def _seen(self, text: str) -> List[Dict[int, int]]:
        return views(text, sorted(clues(text, self._lists)))

    def _margins(self, text: str) -> NDArray[Any]:
        assert self._model is not None
        return self._model.margins(self._seen(text), self._encoder.encode([text])[0] if self._encoder else None)

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            ranking = self._ranking(message.get(TEXT) or "")
            message.set(INTENT, ranking[0] if ranking else _NONE, add_to_output=True)
            message.set("intent_ranking", ranking[: self.config["ranking_length"]], add_to_output=True)
        return messages

    def _ranking(self, text: str) -> List[Dict[str, Any]]:
        if not fold(text) or self._model is None:
            return []
        confidences = _softmax(self._margins(text)[None, :] * self._sharpness)[0]
        return [
            {INTENT_NAME_KEY: self._model.classes[i], PREDICTED_CONFIDENCE_KEY: float(confidences[i])}
            for i in np.argsort(-confidences)
        ]

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def _persist(self) -> None:
        assert self._model is not None
        with self._storage.write_to(self._resource) as folder:
            (folder / "model.json").write_text(json.dumps({"sharpness": self._sharpness}), encoding="utf-8")
            self._model.save(folder / "model.npz")

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
            component._sharpness = json.loads((folder / "model.json").read_text(encoding="utf-8"))["sharpness"]
            component._model = LinearModel.load(folder / "model.npz")
        return component


_NONE: Dict[str, Any] = {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0}


def _softmax(margins: NDArray[Any]) -> NDArray[Any]:
    powers = np.exp(margins - margins.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
