"""The folder a model is trained from: the shipped files as links, and the installation's own lines beside them."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path

import yaml

from bot.training.models import Example
from engine.model import SOURCES

OWN = "own_examples.yml"  # sorts beside the shipped files of a language


@contextmanager
def made(root: Path, folder: Path, examples: Iterable[Example]) -> Iterator[Path]:
    """Gone when the block ends: the lines stand in it unencrypted. What a killed run left there goes first."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    try:
        _link(root, folder)
        _write(folder / "data/nlu", examples)
        (folder / "tmp").mkdir()
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _link(root: Path, folder: Path) -> None:
    """Every source a model is made from; the folders of lines are real, because a file is added to them."""
    for source in SOURCES:
        there, here = root / source, folder / source
        if not there.exists():
            continue
        here.parent.mkdir(parents=True, exist_ok=True)
        if source != "data/nlu":
            here.symlink_to(there)
            continue
        for file in sorted(path for path in there.rglob("*") if path.is_file()):
            link = here / file.relative_to(there)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(file)


def _write(folder: Path, examples: Iterable[Example]) -> None:
    def place(example: Example) -> tuple[str, str]:
        return example.language, example.intent

    for language, mine in groupby(sorted(examples, key=place), key=lambda example: example.language):
        blocks = [
            {"intent": intent, "examples": "".join(f"- {one.text}\n" for one in group)}
            for intent, group in groupby(mine, key=lambda example: example.intent)
        ]
        path = folder / language / OWN
        path.parent.mkdir(parents=True, exist_ok=True)
        content = {"version": "3.1", "nlu": blocks}
        path.write_text(yaml.safe_dump(content, allow_unicode=True, width=10_000), encoding="utf-8")
