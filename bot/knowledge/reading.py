"""Reading the files in `data/knowledge/`: a whole, consistent `Seed`, or every problem that there is."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from bot.knowledge.consistency import problems_of
from bot.knowledge.seed import (
    Canned,
    Contact,
    LetterKind,
    Opportunity,
    Pathway,
    SafetyNumber,
    Seed,
    SeedError,
    Service,
    Story,
    Term,
    TextFields,
)

T = TypeVar("T")


def read(folder: Path) -> Seed:
    """Reads every file below `folder`. Raises SeedError with all problems, each with its file and key; nothing is half-read."""
    problems: list[str] = []
    seed = read_loosely(folder, problems)
    problems += problems_of(seed)
    if problems:
        raise SeedError(problems)
    return seed


def fingerprint(folder: Path) -> str:
    """The same for the same files below `folder`, whenever they were written."""
    found = hashlib.sha256()
    for path in sorted(folder.rglob("*.yml")):
        body = path.read_bytes()
        found.update(f"{path.relative_to(folder)} {len(body)} ".encode())
        found.update(body)
    return found.hexdigest()


def read_loosely(folder: Path, problems: list[str] | None = None) -> Seed:
    """All that can be read, also when it does not fit together yet; for those who are at work on it."""
    problems = [] if problems is None else problems
    texts, names = _texts(folder / "texts", problems)
    return Seed(
        terms=_entries(folder / "terms", Term, problems),
        services=_entries(folder / "services", Service, problems),
        safety=_entries(folder / "safety", SafetyNumber, problems),
        pathways=_entries(folder / "pathways", Pathway, problems),
        letters=_entries(folder / "letters", LetterKind, problems),
        replies=_entries(folder / "replies", Canned, problems),
        stories=_entries(folder / "stories", Story, problems),
        opportunities=_entries(folder / "opportunities", Opportunity, problems),
        contacts=_entries(folder / "contacts", Contact, problems),
        texts=texts,
        names=names,
    )


def _yaml(path: Path, problems: list[str]) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        problems.append(f"{path.name}: {' '.join(str(error).split())}")
        return None


def _entries(folder: Path, kind: type[T], problems: list[str]) -> list[T]:
    found: list[T] = []
    for path in sorted(folder.glob("*.yml")):
        for number, raw in enumerate(_yaml(path, problems) or [], 1):
            try:
                found.append(msgspec.convert(raw, kind))
            except msgspec.ValidationError as error:
                key = raw.get("key", f"entry {number}") if isinstance(raw, dict) else f"entry {number}"
                problems.append(f"{folder.name}/{path.name}: {key}: {error}")
    return found


def _texts(
    folder: Path, problems: list[str]
) -> tuple[dict[str, dict[str, dict[str, dict[str, str]]]], dict[str, dict[str, list[str]]]]:
    texts: dict[str, dict[str, dict[str, dict[str, str]]]] = {}
    names: dict[str, dict[str, list[str]]] = {}
    for path in sorted(folder.glob("*/*.yml")):
        language, kind = path.parent.name, path.stem.split("-")[0]
        if kind not in TextFields:
            problems.append(f"texts/{language}/{path.name}: the file name must start with one of {list(TextFields)}")
            continue
        for key, fields in (_yaml(path, problems) or {}).items():
            fields = dict(fields)
            if "names" in fields:
                names.setdefault(language, {})[str(key)] = [str(name) for name in fields.pop("names") or []]
            texts.setdefault(language, {}).setdefault(kind, {})[str(key)] = {f: str(t) for f, t in fields.items()}
    return texts, names
