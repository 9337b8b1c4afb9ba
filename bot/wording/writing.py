"""Writing a text in a language, wherever it stands, after it was looked at: what is broken is refused, what is odd must be confirmed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from bot.errors import RefusedError
from bot.knowledge import editing
from bot.knowledge.checks import cleaned
from bot.knowledge.models import Text
from bot.knowledge.snapshot import Snapshot
from bot.wording import changing, checks, sentences
from bot.wording.checks import Concern
from bot.wording.units import SENTENCES, Unit

STOPS = {"places": "places", "empty": "text_required", "long": "text_long"}
# what the program says in danger: a wrong number here is nobody's to confirm alone
DANGER = ("sentences/danger.", "safety/")


def concerns(unit: Unit, forms: Sequence[str], knowledge: Snapshot) -> list[Concern]:
    """What is to be said of these forms of the text."""
    names = checks.official_names(knowledge)
    found = checks.concerns(unit.english, forms, unit.language, names, counted=unit.counted, places=unit.has_places)
    if unit.place.startswith(DANGER):
        return [replace(one, stops=one.stops or one.what in ("numbers", "links")) for one in found]
    return found


def seal(forms: Sequence[str]) -> str:
    """Names exactly these forms: who says that they are right says it of no others."""
    return hashlib.sha256(json.dumps(list(map(cleaned, forms)), ensure_ascii=False).encode()).hexdigest()[:20]


def tidied(unit: Unit, forms: Sequence[str]) -> tuple[str, ...]:
    """The forms as they are kept."""
    return tuple(sentences.tidied(unit.name, form) if unit.kind == SENTENCES else cleaned(form) for form in forms)


def checked(unit: Unit, forms: Sequence[str], knowledge: Snapshot, *, sure: str) -> tuple[str, ...]:
    """The forms as they can be kept. `sure`: the seal of the forms that somebody has looked at once more.

    Raises RefusedError: field (not as many as there must be), places, text_required, text_long, numbers (of what is said in
    danger), look_again (something is odd, and nobody has said that it is right).
    """
    if len(forms) != len(unit.text):
        raise RefusedError("this text has another number of forms", "field")
    said = tidied(unit, forms)
    found = concerns(unit, said, knowledge)
    for one in found:
        if one.stops:
            raise RefusedError(f"{unit.place}: {one.what}", STOPS.get(one.what, "numbers"))
    if found and sure != seal(said):
        raise RefusedError(f"{unit.place}: look at this once more", "look_again")
    return said


def write(session: Session, unit: Unit, forms: Sequence[str], *, who: str, why: str, state: str) -> None:
    """`state`: draft, machine-drafted or reviewed. Raises RefusedError as bot/knowledge/editing.py and changing.py do."""
    if unit.kind == SENTENCES:
        changing.change(session, unit.language, unit.name, forms, who=who, why=why, state=state)
        return
    kind, key, field = unit.place.split("/", 2)
    entry = editing.find(session, kind, key, to_change=True)
    if entry is None:
        raise RefusedError("there is no such text", "field")
    place = (unit.language, field)
    editing.change(session, entry, who=who, why=why, texts={place: forms[0]}, checked=state == "reviewed")
    if state == "machine-drafted":
        row = session.query(Text).filter_by(entry_id=entry.id, language=unit.language, field=field).one()
        row.state = state
        session.flush()
