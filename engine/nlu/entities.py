"""Entities from word lists: profession, country, need and area, in every language of `data/lookup`.

The lists are read when the model is loaded, not stored in it, so a corrected list counts after a restart without training.
English terms of the glossary are not found here: they live in the knowledge base and change while the program runs.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Dict, Iterator, List, Tuple

import yaml
from babel import Locale, UnknownLocaleError
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from engine.nlu.text import fold

LONGEST = 5  # words in the longest phrase looked up
POSTCODE = re.compile(r"\b(b\d{1,2}|wv\d{1,2}|ws\d{1,2}|dy\d{1,2}|cv\d{1,2})(?:\s?\d[a-z]{2})?\b")
FILES = {"profession": "professions.yml", "need": "needs.yml", "country": "demonyms.yml", "area": "areas.yml"}
# Words Arabic and Persian write together with the next one: "and", "in", "for", "the", and their pairs.
JOINED = ("وبال", "وال", "بال", "لل", "فال", "كال", "ال", "و", "ب", "ل", "ف")


class Lookup:
    """Phrase -> (entity, value) for one folder of lists."""

    def __init__(self, folder: Path, languages: List[str]) -> None:
        self._phrases: Dict[str, List[Tuple[str, str]]] = {}
        for entity, name in FILES.items():
            path = folder / name
            for value, forms in (yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}).items():
                for phrase in (phrase for phrases in forms.values() for phrase in phrases):
                    self._add(phrase, entity, str(value))
        for language in languages:
            for code, name in _territories(language):
                self._add(name, "country", code)

    def _add(self, phrase: str, entity: str, value: str) -> None:
        key = fold(str(phrase))
        if key and (entity, value) not in self._phrases.setdefault(key, []):
            self._phrases[key].append((entity, value))

    def find(self, text: str) -> Iterator[Dict[str, Any]]:
        """Every entity in `text`, longest phrase first at each place; offsets are into the folded text."""
        folded = fold(text)
        words = folded.split()
        starts, at = [], 0
        for word in words:
            starts.append(at)
            at += len(word) + 1
        position = 0
        while position < len(words):
            for length in range(min(LONGEST, len(words) - position), 0, -1):
                found = self._match(words[position : position + length])
                if found:
                    start, end = starts[position], starts[position + length - 1] + len(words[position + length - 1])
                    yield from ({"entity": e, "value": v, "start": start, "end": end} for e, v in found)
                    position += length - 1
                    break
            position += 1
        for code in POSTCODE.finditer(folded):
            yield {"entity": "area", "value": code[1].upper(), "start": code.start(), "end": code.end()}

    def _match(self, words: List[str]) -> List[Tuple[str, str]]:
        phrase = " ".join(words)
        if phrase in self._phrases:
            return self._phrases[phrase]
        for prefix in JOINED:
            if phrase.startswith(prefix) and len(phrase) > len(prefix) + 2 and phrase[len(prefix) :] in self._phrases:
                return self._phrases[phrase[len(prefix) :]]
        return self._phrases.get(phrase[:-1], []) if phrase.isascii() and phrase.endswith("s") else []


def _territories(language: str) -> Iterator[Tuple[str, str]]:
    try:
        names = Locale.parse(language).territories
    except UnknownLocaleError:
        return
    yield from ((code, name) for code, name in names.items() if len(code) == 2 and code.isalpha())


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LookupExtractor(GraphComponent, EntityExtractorMixin):
    """Adds what `Lookup.find` finds to the message's entities."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {"folder": "data/lookup", "languages": ["en", "ar", "so", "fa", "ps", "ur", "uk", "fr"]}

    def __init__(self, config: Dict[str, Any]) -> None:
        folder = Path(config["folder"])
        if not folder.is_absolute():
            folder = Path(__file__).resolve().parents[2] / folder
        self._lookup = Lookup(folder, list(config["languages"]))

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
            found = self.add_extractor_name(list(self._lookup.find(message.get(TEXT) or "")))
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data
