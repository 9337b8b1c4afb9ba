"""An entry as places with values: what is compared, merged and approved piece by piece.

A place is a field of the entry ("phones"), a part of where it comes from ("fact.source"), a field of a pathway's step
("steps.apply.title"), or a translation ("ar:meaning", "ar:apply/title", "ar:names"). English stands in its own field. "steps"
is the order of the steps. A text that is not there and an empty one are the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec

from bot.knowledge import checks, consistency
from bot.knowledge.models import Entry

Document = dict[str, Any]
FACT, STEPS = "fact", "steps"


def of(entry: Entry) -> Document:
    """The entry as it is now."""
    texts = {(row.language, row.field): row.text for row in entry.texts if row.language != "en" and row.text}
    return made(entry.kind, entry.data, texts)


def made(kind: str, data: Mapping[str, Any], texts: Mapping[tuple[str, str], str]) -> Document:
    """Out of data in the entry's own shape and its translations by (language, field)."""
    document: Document = {}
    for name, value in _complete(kind, data).items():
        if name == "key":
            continue
        if name == FACT and isinstance(value, dict):
            document |= {f"{FACT}.{part}": inner for part, inner in value.items()}
        elif name == STEPS and kind == "pathways":
            document[STEPS] = [step["key"] for step in value]
            document |= {step_place(step["key"], part): inner for step in value for part, inner in step.items() if part != "key"}
        else:
            document[name] = value
    return document | {f"{language}:{field}": text for (language, field), text in texts.items() if text and language != "en"}


def data_of(key: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """The data of the entry that the document describes, in the shape of its kind; not checked."""
    data: dict[str, Any] = {"key": key}
    steps: dict[str, dict[str, Any]] = {}
    for place, value in document.items():
        if ":" in place:
            continue
        head, _, rest = place.partition(".")
        if head == FACT and rest:
            data.setdefault(FACT, {})[rest] = value
        elif head == STEPS and rest:
            step, _, name = rest.partition(".")
            steps.setdefault(step, {"key": step})[name] = value
        elif place != STEPS:
            data[place] = value
    if STEPS in document:
        data[STEPS] = [steps.get(step, {"key": step}) for step in document[STEPS]]
    return data


def texts_of(kind: str, document: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """Every text by (language, field), the English ones out of their fields. Texts of steps that are gone are left out."""
    data = data_of("x", document)
    found = {("en", field): text for field, text in consistency.english_of(kind, data).items()}
    for place, text in document.items():
        language, colon, field = place.partition(":")
        if colon and checks.field_exists(kind, data, field):
            found[language, field] = text
    return found


def english_place(kind: str, field: str) -> str | None:
    """Where the English of a translated field stands; None for names, which are no translation."""
    step, slash, name = field.rpartition("/")
    if slash:
        return step_place(step, "costs" if name == "cost" else name)
    return None if (kind, field) == ("terms", "names") else field


def step_place(step: str, field: str) -> str:
    return f"{STEPS}.{step}.{field}"


def changed(base: Mapping[str, Any], wanted: Mapping[str, Any]) -> Document:
    """What of `wanted` is not as in `base`."""
    return {place: value for place, value in wanted.items() if not same(base.get(place), value)}


def same(one: Any, other: Any) -> bool:
    """Whether two values say the same; nothing said and an empty text do."""
    empty = (None, "")
    return one == other or (one in empty and other in empty)


def content_hash(kind: str, key: str, wish: str, document: Mapping[str, Any]) -> str:
    """Of exactly what would be spoken: an approval names it."""
    said = {place: value for place, value in document.items() if value not in (None, "")}
    return hashlib.sha256(msgspec.json.encode([kind, key, wish, said], order="sorted")).hexdigest()[:24]


def _complete(kind: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
    """With the fields that the shape has by itself; as it is when it does not fit its shape (yet)."""
    try:
        whole: dict[str, Any] = msgspec.to_builtins(msgspec.convert(data, checks.SHAPES[kind]))
    except msgspec.ValidationError:
        return data
    return whole
