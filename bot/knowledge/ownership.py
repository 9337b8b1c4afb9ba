"""Names that a term is given and another one has already: whoever asks would be answered from one of the two, and not know of the other.

Only what is new is looked at, so that an old clash stops nobody who corrects something else (bot/upkeep/duplicates.py lists those).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import String, cast, func, literal, or_, select
from sqlalchemy.orm import Session, selectinload

from bot.errors import RefusedError
from bot.knowledge.models import Entry, Text

REFERENCES = ("related", "confused_with")
_Name = tuple[str, str]  # place, folded
AT_ONCE = 40  # names asked for in one question


class Taken(NamedTuple):
    """`place`: where the name stands (bot/knowledge/document.py). `key`, `name`: of the other term; "" when a term is named that
    is not there. `reason`: name_taken; name_shared, where the other one has it among the short forms that mean several things;
    shared_taken, where it has as its own what is called shared here; no_such_term."""

    place: str
    word: str
    key: str
    name: str
    reason: str


def taken(session: Session, key: str, wanted: Mapping[str, Any], before: Mapping[str, Any]) -> list[Taken]:
    """Of a term, by place: what it would be called and is not called yet, where another has that name. Then references to nowhere."""
    known, names = _names(before), _names(wanted)
    new = {name: word for name, word in names.items() if name not in known and not (name[0] != "shared" and _is_own(known, name))}
    found = list[Taken]()
    ordered = sorted(new)
    for begin in range(0, len(ordered), AT_ONCE):
        part = ordered[begin : begin + AT_ONCE]
        for other in session.scalars(_having(key, part)):
            theirs = _names(_as_document(other.data, other.texts))
            for place, folded in part:
                if reason := _reason(place, folded, theirs):
                    found.append(Taken(place, new[place, folded], other.key, str(other.data.get("name") or other.key), reason))
    return sorted(found) + _nowhere(session, wanted, before)


def check(session: Session, key: str, data: Mapping[str, Any], own: Mapping[str, str], entry: Entry | None = None) -> None:
    """Raises RefusedError (`Taken.reason`) for a term whose new names are another's. `own`: language -> its names there, one a line."""
    before = _as_document(entry.data, entry.texts) if entry is not None else {}
    wanted = {**before, **data, **{f"{language}:names": text for language, text in own.items()}}
    for one in taken(session, key, wanted, before):
        raise RefusedError(f"terms: {one.place}: {one.key or one.word}", one.reason)


def _names(document: Mapping[str, Any]) -> dict[_Name, str]:
    """(place, folded) -> as it is written."""
    found: dict[_Name, str] = {}
    for place, value in document.items():
        if place in ("name", "aliases", "shared") or place.endswith(":names"):
            words = value.split("\n") if isinstance(value, str) else value if isinstance(value, list) else []
            found |= {(place, word.strip().casefold()): word.strip() for word in map(str, words) if word.strip()}
    return found


def _is_own(known: Iterable[_Name], name: _Name) -> bool:
    """Whether it is called so already: an alias may become the name."""
    return name[0] in ("name", "aliases") and any((place, name[1]) in known for place in ("name", "aliases"))


def _reason(place: str, folded: str, theirs: Mapping[_Name, str]) -> str:
    is_theirs = ("name", folded) in theirs or ("aliases", folded) in theirs
    if place.endswith(":names"):
        return "name_taken" if (place, folded) in theirs else ""
    if place == "shared":
        return "shared_taken" if is_theirs else ""
    return "name_taken" if is_theirs else "name_shared" if ("shared", folded) in theirs else ""


def _having(key: str, names: Iterable[_Name]) -> Any:
    """The other terms that may have one of the names: as a line of what they are found by, or somewhere among their facts."""
    lines = literal("\n") + Entry.search + "\n"
    data = func.lower(cast(Entry.data, String))
    possible = [
        condition
        for place, folded in names
        for condition in (
            lines.contains(f"\n{folded}\n", autoescape=True),
            *([] if place.endswith(":names") else [data.contains(json.dumps(folded).lower(), autoescape=True)]),
        )
    ]
    terms = select(Entry).where(Entry.kind == "terms", Entry.key != key, Entry.archived.is_(False), or_(*possible))
    return terms.options(selectinload(Entry.texts)).order_by(Entry.title).limit(AT_ONCE)


def _nowhere(session: Session, wanted: Mapping[str, Any], before: Mapping[str, Any]) -> list[Taken]:
    named = [
        (place, str(other)) for place in REFERENCES for other in wanted.get(place) or () if other not in (before.get(place) or ())
    ]
    if not named:
        return []
    there = set(session.scalars(select(Entry.key).where(Entry.kind == "terms", Entry.key.in_({other for _, other in named}))))
    return [Taken(place, other, "", "", "no_such_term") for place, other in named if other not in there]


def _as_document(data: Mapping[str, Any], texts: Iterable[Text]) -> dict[str, Any]:
    return {**data, **{f"{row.language}:names": row.text for row in texts if row.field == "names"}}
