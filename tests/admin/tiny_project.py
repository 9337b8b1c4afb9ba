"""A whole project that trains in seconds: the shipped files as links, with a few lines of two languages."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from bot.house import House
from bot.settings import ROOT
from engine import model
from engine.nlu.examples import INTENTS, lines_of

LANGUAGES = ("en", "so")
LINES, SAFETY_EVERY = 25, 12  # lines of a meaning; of the safety layer's lines every so many


@pytest.fixture(scope="session")
def tiny_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("tiny")
    for name in ("domain.yml", "config.yml", "engine", "data/lookup", "data/rules"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).symlink_to(ROOT / name)
    for language in LANGUAGES:
        meanings: dict[str, list[str]] = {}
        for _, intent, text in lines_of(ROOT / "data/nlu" / language):
            meanings.setdefault(intent, []).append(text)
        blocks = [
            {"intent": intent, "examples": "".join(f"- {text}\n" for text in _some(meanings[intent], LINES))}
            for intent in INTENTS
        ]
        (root / "data/nlu" / language).mkdir(parents=True)
        written = yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True, width=10_000)
        (root / "data/nlu" / language / "lines.yml").write_text(written, encoding="utf-8")
    (root / "data/safety/lines").mkdir(parents=True)
    for path in (ROOT / "data/safety").glob("*.yml"):
        (root / "data/safety" / path.name).symlink_to(path)
    for language in LANGUAGES:
        lines = (ROOT / f"data/safety/lines/{language}.tsv").read_text(encoding="utf-8").splitlines()
        (root / f"data/safety/lines/{language}.tsv").write_text("\n".join(lines[::SAFETY_EVERY]) + "\n", encoding="utf-8")
    return root


def _some(texts: list[str], most: int) -> list[str]:
    return texts[:: max(1, len(texts) // most)][:most]


@pytest.fixture(scope="session")
def tiny_models(tiny_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the model of the tiny project as it is shipped."""
    models = tmp_path_factory.mktemp("models")
    command = [sys.executable, "-m", "engine.model", str(tiny_root), str(models)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"})
    assert done.returncode == 0, done.stderr[-2_000:]
    assert model.current(tiny_root, models) is not None
    return models


@pytest.fixture
def tiny(house: House, tiny_root: Path, tiny_models: Path, tmp_path: Path) -> Iterator[House]:
    """A house with the tiny project and its model."""
    models = tmp_path / "models"
    models.mkdir()
    for path in tiny_models.iterdir():
        (models / path.name).symlink_to(path)
    yield replace(house, settings=replace(house.settings, root=tiny_root, models=models, languages=LANGUAGES))
