"""The published knowledge with one entry as a draft has it: what the bot would say, before it says it to anybody."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from bot.errors import RefusedError
from bot.knowledge import checks, document
from bot.knowledge.snapshot import Said, Snapshot


def laid_over(base: Snapshot, kind: str, key: str, wanted: Mapping[str, Any], checked: Collection[str] = ()) -> Snapshot:
    """`wanted`: the entry as the draft has it; `checked`: places of translations that somebody has read.

    Raises RefusedError (shape) when it is not yet anything that could be said.
    """
    try:
        entry = msgspec.convert(document.data_of(key, wanted), checks.SHAPES[kind])
    except msgspec.ValidationError as error:
        raise RefusedError(f"this is not right: {error}", "shape") from error
    made = copy.copy(base)
    setattr(made, kind, {**getattr(base, kind, {}), key: entry})
    rows = {place: row for place, row in base._texts.items() if place[:2] != (kind, key)}
    texts = document.texts_of(kind, wanted)
    for (language, field), text in texts.items():
        if text:
            state = _state(base, (kind, key, field, language), text, texts.get(("en", field), ""), checked)
            rows[kind, key, field, language] = Said(language, text, state)
    made._texts, made._naming = rows, {}
    if kind == "terms":  # its names are new; what is found by other entries stays
        vars(made).pop("term_index", None)
        vars(made).pop("all_names", None)
    return made


def _state(base: Snapshot, place: tuple[str, str, str, str], text: str, english: str, checked: Collection[str]) -> str:
    """What would be written beside the text when it is published."""
    kind, key, field, language = place
    if language == "en" or f"{language}:{field}" in checked:
        return "reviewed"
    row = base._texts.get(place)
    if row is None or row.text != text:
        return "draft"
    same_english = base.words(kind, key, field, "en").text == english
    return row.state if same_english else "outdated"
