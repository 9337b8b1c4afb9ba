"""Changing one of the program's own sentences for this installation, or saying that its translation is right; and taking it back.

What was said before is kept with who and why. What is written is said from the next message on, in every process (live.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import i18n
from bot.db.base import now
from bot.errors import RefusedError
from bot.knowledge.loading import touch
from bot.knowledge.models import WORDING
from bot.wording import sentences
from bot.wording.checks import LONGEST
from bot.wording.models import Wording, WordingVersion

REASONS = {"unknown": "field", "forms": "field", "empty": "text_required", "places": "places"}


def change(session: Session, language: str, key: str, forms: Sequence[str], *, who: str, why: str, state: str) -> bool:
    """Says these forms for the sentence from now on. `state`: draft, machine-drafted or reviewed. False when nothing changed.

    Forms that are the shipped ones are not kept as this installation's own: a better shipped text then comes with the next
    version. Raises RefusedError: field, text_required, text_long, places.
    """
    if key not in sentences.catalogue_of():
        raise RefusedError("there is no such sentence", "field")
    said = tuple(sentences.tidied(key, form) for form in forms)
    if reason := i18n.misfit(language, key, said):
        raise RefusedError(f"this cannot be said for {key}: {reason}", REASONS[reason])
    if any(len(form) > LONGEST for form in said):
        raise RefusedError(f"a text has {LONGEST} characters at most", "text_long")
    touch(session, WORDING)
    english, shipped = _english(session, language, key), i18n.shipped(language).get(key, ())
    own = list(said) if said != shipped else None
    row = sentences.row_of(session, language, key)
    if row and (row.forms, row.state, tuple(row.english), tuple(row.shipped)) == (own, state, english, shipped):
        return False
    was = row.forms if row else None
    if was != own:
        session.add(WordingVersion(language=language, key=key, forms=was, who=who, why=why))
    if row is None:
        row = Wording(language=language, key=key)
        session.add(row)
    row.forms, row.state, row.english, row.shipped = own, state, list(english), list(shipped)
    row.who, row.at = who, now()
    session.flush()
    return True


def reset(session: Session, language: str, key: str, *, who: str, why: str) -> bool:
    """Says the shipped sentence again. False when it is said already."""
    touch(session, WORDING)
    row = sentences.row_of(session, language, key)
    if row is None:
        return False
    if row.forms is not None:
        session.add(WordingVersion(language=language, key=key, forms=row.forms, who=who, why=why))
    session.delete(row)
    session.flush()
    return True


def versions(session: Session, language: str, key: str, limit: int = 20) -> list[WordingVersion]:
    """What it was before each change, newest first."""
    mine = select(WordingVersion).where(WordingVersion.language == language, WordingVersion.key == key)
    return list(session.scalars(mine.order_by(WordingVersion.id.desc()).limit(limit)))


def _english(session: Session, language: str, key: str) -> tuple[str, ...]:
    """What a translation is made from: the English that is said here; what the English is made from: the catalogue's."""
    found = sentences.find(session, "en", key)
    assert found is not None
    return i18n.shipped("en")[key] if language == "en" else found.english
