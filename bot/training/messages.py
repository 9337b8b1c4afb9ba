"""The messages two models are compared on: the installation's test messages, and a fixed part of the shipped lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.training.comparing import SHIPPED_LINES, SHIPPED_WATCHED, WATCHED, Message
from bot.training.models import Probe
from engine.nlu.examples import lines_of


def asked(root: Path, languages: tuple[str, ...], probes: list[Probe]) -> list[Message]:
    """The test messages first."""
    own = [Message(probe.language, probe.intent, probe.text, own=True, must=probe.must) for probe in probes]
    return [*own, *shipped(root, languages)]


def shipped(root: Path, languages: tuple[str, ...]) -> Iterator[Message]:
    """The same lines each time: of every language and meaning some, evenly taken; more of danger and of own cases.

    Both models were taught them, so they say nothing of how good a model is: only whether it has forgotten something.
    """
    for language in languages:
        folder = root / "data/nlu" / language
        if not folder.is_dir():
            continue
        meanings: dict[str, list[str]] = {}
        for _, intent, text in lines_of(folder):
            meanings.setdefault(intent, []).append(text)
        for intent, texts in sorted(meanings.items()):
            most = SHIPPED_WATCHED if intent in WATCHED else SHIPPED_LINES
            for text in texts[:: max(1, len(texts) // most)][:most]:
                yield Message(language, intent, text, own=False)
