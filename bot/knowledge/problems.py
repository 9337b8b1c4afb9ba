"""What is wrong with an entry that somebody is at work on: all of it, each beside the place where it is put right."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from bot.errors import RefusedError
from bot.knowledge import branches, checks, document
from bot.knowledge.seed import Pathway

PLACES = {
    "link": "url",
    "no_contact": "phones",
    "hours": "openings",
    "email": "referral_email",
    "follow_up_days": "follow_up_days",
    "dates": "fact.review_by",
    "text_required": "name",
}
_PATH = re.compile(r" - at `\$\.?(.*?)`$")
_STEP = re.compile(r"pathways: [^:]+: (?:step ([a-z0-9-]+): )?(.*)", re.DOTALL)


class Problem(NamedTuple):
    """`place`: where, "" for the whole. `reason`: as RefusedError has it. `detail`: what exactly, where the reason does not say it."""

    place: str
    reason: str
    detail: str = ""


def of(kind: str, key: str, wanted: Mapping[str, Any]) -> list[Problem]:
    """Everything for which it could not be published now."""
    data = document.data_of(key, wanted)
    found = _shape(kind, data)
    for (language, field), text in document.texts_of(kind, wanted).items():
        try:
            checks.check_text(kind, language, field, text)
        except RefusedError as error:
            place = document.english_place(kind, field) if language == "en" else f"{language}:{field}"
            found.append(Problem(place or "", error.reason))
    return list(dict.fromkeys(found))


def _shape(kind: str, data: dict[str, Any]) -> list[Problem]:
    try:
        entry = msgspec.convert(data, checks.SHAPES[kind])
    except msgspec.ValidationError as error:
        said = str(error)
        path = _PATH.search(said)
        missing = re.search(r"missing required field `(\w+)`", said)
        place = _place(data, ".".join(part for part in (path[1] if path else "", missing[1] if missing else "") if part))
        reason = "text_required" if missing else "hours" if place == "openings" else "shape"
        return [Problem(place, reason, "" if missing or reason == "hours" else _PATH.sub("", said))]
    if isinstance(entry, Pathway) and (wrong := branches.problems_of(entry)):
        matches = [match for line in wrong if (match := _STEP.fullmatch(line))]
        return [Problem(f"steps.{match[1]}" if match[1] else "", "pathway", match[2]) for match in matches]
    try:
        checks.check_data(kind, data)
    except RefusedError as error:
        return [Problem(PLACES.get(error.reason, ""), error.reason)]
    return []


def _place(data: dict[str, Any], path: str) -> str:
    """Of a path as msgspec writes it: "steps[2].do" is the third step's."""
    match = re.fullmatch(r"steps\[(\d+)\]\.?(\w*).*", path)
    if match and "steps" in data:
        return f"steps.{data['steps'][int(match[1])]['key']}.{match[2]}".rstrip(".")
    head, dot, rest = path.partition(".")
    return f"fact.{rest.partition('.')[0]}" if head == "fact" and dot else head.partition("[")[0]
