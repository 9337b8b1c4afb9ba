"""Takes out what has no translation yet, and puts translations back, for whoever translates outside the program.

    python tools/translating.py out ar FOLDER [--since COMMIT]   writes FOLDER/todo-*.jsonl
    python tools/translating.py in ar FOLDER                     reads FOLDER/done-*.jsonl into data/ and locales/

A line of todo: {"id", "en", "for"}; `forms` with a plural text, `ask: "names"` for how people call a term. A line of done: the id with `text`, or
`forms`, or `names`. The same English is asked for once. With --since, a text whose English changed since that commit is asked for again.
Exit 1 with a line for each answer that does not fit; the rest is taken.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.i18n import plural_forms  # noqa: E402  # imports come after the path or the stand-ins are set
from bot.knowledge import reading  # noqa: E402  # imports come after the path or the stand-ins are set
from bot.knowledge.consistency import differences, sources  # noqa: E402  # imports come after the path or the stand-ins are set
from bot.knowledge.seed import Seed  # noqa: E402  # imports come after the path or the stand-ins are set

TEXTS = ROOT / "data/knowledge/texts"
CATALOGUES = ("bot.po", "cases.po", "telegram.po", "web.po")
CHUNK = 60
Place = tuple[str, str, str]  # kind, key, field


def ident(english: str, ask: str = "") -> str:
    return hashlib.sha256(f"{ask}|{english}".encode()).hexdigest()[:10]


def places(seed: Seed) -> Iterator[tuple[Place, str]]:
    for kind, entries in sources(seed).items():
        for key, fields in entries.items():
            for field, text in fields.items():
                yield (kind, key, field), text


def seed_at(commit: str) -> Seed:
    """The knowledge as it was; only its shape at that commit has to be one that can still be read."""
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(["git", "archive", commit, "data/knowledge"], cwd=ROOT, check=True, capture_output=True).stdout
        subprocess.run(["tar", "x", "-C", folder], input=archive, check=True)
        return reading.read_loosely(Path(folder) / "data/knowledge")


def existing(language: str) -> dict[Place, str]:
    found: dict[Place, str] = {}
    seed = reading.read_loosely(ROOT / "data/knowledge")
    for kind, entries in seed.texts.get(language, {}).items():
        for key, fields in entries.items():
            found.update({(kind, key, field): text for field, text in fields.items()})
    return found


def out(language: str, folder: Path, since: str | None) -> int:
    seed = reading.read_loosely(ROOT / "data/knowledge")
    before = dict(places(seed_at(since))) if since else dict(places(seed))
    have = existing(language)
    memory = {before[place]: text for place, text in have.items() if place in before}
    todo: dict[str, dict[str, Any]] = {}
    for (kind, key, field), english in places(seed):
        place = (kind, key, field)
        if (place in have and before.get(place, english) == english) or english in memory:
            continue
        todo.setdefault(ident(english), {"id": ident(english), "en": english, "for": f"{kind} {field} {key}"})
    named = seed.names.get(language, {})
    for term in seed.terms:
        if not named.get(term.key):
            english = f"{term.name} ({term.expansion})" if term.expansion else term.name
            one = {"id": ident(term.key, "names"), "en": english, "ask": "names", "for": term.meaning}
            todo[one["id"]] = one
    for name, message in _messages(language):
        if not all(_strings(message.string)):
            english, plural = (message.id[0], message.id[1]) if message.pluralizable else (message.id, None)
            one = {"id": ident(str(message.context), name), "en": english, "for": f"{name} {message.context}"}
            todo[one["id"]] = one | ({"plural": plural, "forms": plural_forms(language)} if plural else {})
    folder.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps(one, ensure_ascii=False) for one in todo.values()]
    for number in range(0, len(lines), CHUNK):
        (folder / f"todo-{number // CHUNK:03}.jsonl").write_text(
            "\n".join(lines[number : number + CHUNK]) + "\n", encoding="utf-8"
        )
    print(f"{language}: {len(lines)} texts in {-(-len(lines) // CHUNK)} files")
    return 0


def _messages(language: str) -> Iterator[tuple[str, Any]]:
    for name in CATALOGUES:
        for message in _catalogue(language, name):
            if message.id:
                yield name, message


def _catalogue(language: str, name: str) -> Catalog:
    with (ROOT / "locales" / language / "LC_MESSAGES" / name).open("rb") as handle:
        return read_po(handle, locale=language)


def _strings(value: object) -> list[str]:
    return [str(v or "") for v in value] if isinstance(value, tuple | list) else [str(value or "")]


def take(language: str, folder: Path, since: str | None) -> int:
    seed = reading.read_loosely(ROOT / "data/knowledge")
    done: dict[str, dict[str, Any]] = {}
    wrong: list[str] = []
    for path in sorted(folder.glob("done-*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                try:
                    one = json.loads(line)
                    done[one["id"]] = one
                except (ValueError, KeyError, TypeError) as error:
                    wrong.append(f"{path.name}:{number}: {error}")
    before = dict(places(seed_at(since))) if since else dict(places(seed))
    have = existing(language)
    memory = {before[place]: text for place, text in have.items() if place in before}
    texts: dict[Place, Any] = {}
    for place, english in places(seed):
        answer = done.get(ident(english), {}).get("text")
        if answer and (found := list(differences(english, answer))):
            wrong += [f"{ident(english)}: {problem}" for problem in found]
            answer = None
        same = have.get(place) if before.get(place, english) == english else None
        if text := answer or same or memory.get(english):
            texts[place] = text
    names = dict(seed.names.get(language, {}))
    for term in seed.terms:
        if given := done.get(ident(term.key, "names"), {}).get("names"):
            names[term.key] = [str(name) for name in given]
    _write(language, seed, texts, names)
    _fill(language, done)
    print("\n".join(wrong[:200]), file=sys.stderr)
    print(f"{language}: {len(texts)} texts, {len(names)} terms with names, {len(wrong)} answers that do not fit")
    return bool(wrong)


def _write(language: str, seed: Seed, texts: dict[Place, Any], names: dict[str, list[str]]) -> None:
    """One file for each file of the English, in its order."""
    folder = TEXTS / language
    files: dict[str, dict[str, dict[str, Any]]] = {}
    for kind in ("terms", "services", "safety", "letters", "replies", "opportunities", "contacts", "stories"):
        for path in sorted((ROOT / "data/knowledge" / kind).glob("*.yml")):
            for entry in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or []:
                fields = {f: t for (k, key, f), t in texts.items() if k == kind and key == entry["key"]}
                if kind == "terms" and names.get(entry["key"]):
                    fields["names"] = names[entry["key"]]
                if fields:
                    files.setdefault(f"{kind}-{path.stem}.yml", {})[entry["key"]] = fields
    for pathway in seed.pathways:
        own = {f: t for (k, key, f), t in texts.items() if k == "pathways" and key == pathway.key}
        files.setdefault("pathways.yml", {})[pathway.key] = own
        for step in pathway.steps:
            key = f"{pathway.key}/{step.key}"
            files.setdefault(f"steps-{pathway.key}.yml", {})[key] = {
                f: t for (k, s, f), t in texts.items() if k == "steps" and s == key
            }
    for path in folder.glob("*.yml"):
        path.unlink()
    for name, content in files.items():
        body = yaml.dump(
            {k: v for k, v in content.items() if v}, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=1000
        )
        (folder / name).write_text(
            f"# Drafted by a machine; not yet reviewed by a speaker of the language ({language}).\n\n{body}", encoding="utf-8"
        )


def _fill(language: str, done: dict[str, dict[str, Any]]) -> None:
    for name in CATALOGUES:
        catalogue, changed = _catalogue(language, name), False
        for message in catalogue:
            answer = done.get(ident(str(message.context), name)) if message.id else None
            given = answer and (tuple(answer.get("forms", ())) if message.pluralizable else answer.get("text"))
            if given and given != message.string:
                message.string, changed = given, True
        if changed:
            with (ROOT / "locales" / language / "LC_MESSAGES" / name).open("wb") as handle:
                write_po(handle, catalogue, width=120, include_previous=False)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("way", choices=["out", "in"])
    parser.add_argument("language")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--since")
    options = parser.parse_args()
    sys.exit((out if options.way == "out" else take)(options.language, options.folder, options.since))
