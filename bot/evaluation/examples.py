"""Reading a file of messages whose meaning is known."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import RefusedError
from bot.settings import KNOWN_LANGUAGES

SLOTS = ("term", "profession", "country", "need")


@dataclass(frozen=True)
class Example:
    language: str
    intent: str
    text: str
    slots: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Read:
    """`problems`: one line for each row that is left out, with its number in the file."""

    examples: list[Example]
    problems: list[str]


def read(path: Path, intents: tuple[str, ...]) -> Read:
    """Tab-separated with a header: lang, intent, text, and where they apply term, profession, country, need.

    Raises RefusedError when the file cannot be read, has no such header, or names an intent that is not one of `intents`.
    """
    try:
        content = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RefusedError(f"{path}: cannot be read as UTF-8 ({type(error).__name__})") from error
    rows = csv.reader(content.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    header = next(rows, [])
    missing = {"lang", "intent", "text"} - set(header)
    if missing:
        raise RefusedError(
            f"{path.name}: line 1 must be a header with lang, intent and text; it lacks {', '.join(sorted(missing))}"
        )
    found, problems = [], []
    for number, row in enumerate(rows, 2):
        if not any(cell.strip() for cell in row):
            continue
        given = dict(zip(header, row, strict=False))
        if len(row) > len(header) or not all(given.get(name, "").strip() for name in ("lang", "intent", "text")):
            problems.append(f"line {number}: {len(row)} columns, or lang, intent or text is empty")
        elif given["lang"] not in KNOWN_LANGUAGES:
            problems.append(f"line {number}: lang {given['lang'][:20]!r} is none of {', '.join(KNOWN_LANGUAGES)}")
        elif given["intent"] not in intents:
            raise RefusedError(f"{path.name}: line {number}: intent {given['intent'][:40]!r} is none of {', '.join(intents)}")
        else:
            slots = {name: given[name].strip() for name in SLOTS if given.get(name, "").strip()}
            found.append(Example(given["lang"], given["intent"], given["text"], slots))
    if not found:
        raise RefusedError(f"{path.name}: no line could be used ({len(problems)} malformed)")
    return Read(found, problems)
