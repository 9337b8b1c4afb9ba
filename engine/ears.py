"""What is understood before Rasa, and without it: the language of a message, and danger in it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine import model
from engine.nlu.spoken import LanguageModel
from engine.safety import Alarm, Listener
from engine.safety.learned import SafetyModel


class Ears:
    """Loaded without Rasa: commands that only look something up use it too."""

    def __init__(self, listener: Listener, languages: LanguageModel) -> None:
        self._listener, self._languages = listener, languages

    @classmethod
    def load(cls, archive: Path) -> Ears:
        """Those that were trained with `archive`. Raises ModelError when they are missing or not ours."""
        model.check(archive)
        folder = model.hearing_of(archive)
        return cls(Listener(SafetyModel.load(folder)), LanguageModel.load(folder / "language.npz"))

    def listen(self, text: str, *, letter: bool = False) -> Alarm:
        """What must be answered before everything else. `letter`: official words; only what is sure counts. Never raises."""
        return self._listener.listen(text, letter=letter)

    def language(self, text: str, prior: str | None, languages: Sequence[str]) -> str:
        """One of `languages`; `prior` is the chat's, None when nothing is known of it. Never raises."""
        return self._languages.detect(text, prior, languages)
