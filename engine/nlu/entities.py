"""Entities from word lists: profession, country, need and area.

English terms of the glossary are not found here: they live in the knowledge base and change while the program runs.
"""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from engine.nlu.lookup import lookup

LANGUAGES = ["en", "ar", "so", "fa", "ps", "ur", "uk", "fr"]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LookupExtractor(GraphComponent, EntityExtractorMixin):
    """Adds what `Lookup.find` finds to the message's entities."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {"folder": "data/lookup", "languages": LANGUAGES}

    def __init__(self, config: Dict[str, Any]) -> None:
        self._lookup = lookup(config["folder"], tuple(config["languages"]))

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "LookupExtractor":
        return cls({**cls.get_default_config(), **config})

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            found = self.add_extractor_name([f._asdict() for f in self._lookup.find(message.get(TEXT) or "")])
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data
