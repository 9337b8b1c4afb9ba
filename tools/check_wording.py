"""Whether one English word is always called the same in a language: `python tools/check_wording.py [language ...] [--list]`.

data/wording/<language>.tsv: the English word, the beginnings by which its translation is known (between |), a note. A sentence may
say it another way now and then; a word that often is something else confuses the reader. Exit 1 when a word keeps its name in
less than LEAST of the texts.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.knowledge import reading  # noqa: E402  # imports come after the path or the stand-ins are set
from bot.knowledge.consistency import sources  # noqa: E402  # imports come after the path or the stand-ins are set
from bot.knowledge.seed import Seed  # noqa: E402  # imports come after the path or the stand-ins are set
from engine.nlu.text import fold  # noqa: E402  # imports come after the path or the stand-ins are set
from tools.check_catalogues import ENGLISH_ONLY, LOCALES, messages, strings  # noqa: E402  # imports come after the path or the stand-ins are set

WORDING = ROOT / "data/wording"
LEAST = 0.8
FEW = 5  # texts; below, one text that says it another way would decide


def wording(language: str) -> dict[str, list[str]]:
    with (WORDING / f"{language}.tsv").open(encoding="utf-8", newline="") as handle:
        rows = csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["english"].strip(): [fold(stem) for stem in row["accepted"].split("|") if fold(stem)] for row in rows}


@cache
def _seed() -> Seed:
    return reading.read_loosely(ROOT / "data/knowledge")


def pairs(language: str) -> Iterator[tuple[str, str]]:
    """Every English text with its translation: knowledge and catalogues."""
    seed = _seed()
    translated = seed.texts.get(language, {})
    for kind, entries in sources(seed).items():
        for key, fields in entries.items():
            for field, english in fields.items():
                if text := translated.get(kind, {}).get(key, {}).get(field):
                    yield english, text
    for path in sorted((LOCALES / language / "LC_MESSAGES").glob("*.po")):
        if path.name not in ENGLISH_ONLY:
            for message in messages(path).values():
                if text := " ".join(strings(message.string)).strip():
                    yield strings(message.id)[0], text


def kept(language: str) -> dict[str, tuple[int, int, list[str]]]:
    """English word -> (texts that have it, texts whose translation keeps the word, the others)."""
    texts = [(english, fold(text)) for english, text in pairs(language)]
    found = {}
    for word, stems in wording(language).items():
        has = re.compile(rf"\b{re.escape(word)}(?:s|es)?\b", re.IGNORECASE)
        own = [(english, text) for english, text in texts if has.search(english)]
        others = [english for english, text in own if not any(stem in text for stem in stems)]
        found[word] = (len(own), len(own) - len(others), others)
    return found


def problems(language: str) -> list[str]:
    return [
        f"{language}: {word}: kept in {same} of {count} texts"
        for word, (count, same, _) in kept(language).items()
        if count >= FEW and same < LEAST * count
    ]


if __name__ == "__main__":
    asked = [word for word in sys.argv[1:] if not word.startswith("--")] or sorted(path.stem for path in WORDING.glob("*.tsv"))
    wrong = [line for language in asked for line in problems(language)]
    print("\n".join(wrong) or "wording: no problems")
    if "--list" in sys.argv:
        for language in asked:
            for word, (_, _, others) in kept(language).items():
                print(*(f"{language}\t{word}\t{english[:120]}" for english in others), sep="\n")
    sys.exit(bool(wrong))
