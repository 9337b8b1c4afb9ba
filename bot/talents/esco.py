"""The public ESCO classification: its CSV files into our tables, row by row, and its labels found in what people write.

Columns as the European Commission publishes them (skills, occupations: conceptUri, preferredLabel, altLabels, hiddenLabels,
status, iscoGroup; occupationSkillRelations: occupationUri, relationType, skillUri); more columns do not matter. A label is looked up
in the database, so that 14,000 skills in eight languages cost no memory.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.talents.forms import LONGEST
from bot.talents.models import EscoConcept, EscoLabel, EscoLink
from bot.talents.naming import ESCO
from engine.nlu.language import small_words

SHORTEST = 4  # letters of a label that is one word: shorter ones ("go", "R") are words of every language
MOST = 4  # of one message


def find(session: Session, words: Sequence[str], languages: Sequence[str]) -> list[tuple[str, str, int, int]]:
    """(kind, "esco:<key>", first word, last word), the longest label at each place, from left to right."""
    places = list(_places(words))
    if not places:
        return []
    query = select(EscoLabel.compact, EscoConcept.kind, EscoConcept.key).join(EscoConcept, EscoConcept.id == EscoLabel.concept_id)
    query = query.where(EscoLabel.compact.in_({compact for compact, _, _ in places}), EscoLabel.language.in_(languages))
    known = {
        compact: (kind, key) for compact, kind, key in session.execute(query.order_by(EscoLabel.preferred, EscoLabel.id.desc()))
    }
    found: list[tuple[str, str, int, int]] = []
    for compact, start, end in places:
        if compact in known and not any(first <= end and start <= last for _, _, first, last in found):
            kind, key = known[compact]
            found.append((kind, ESCO + key, start, end))
    return sorted(found, key=lambda one: one[2])[:MOST]


def needed_by(session: Session, key: str, most: int) -> list[str]:
    """The keys ("esco:...") of skills that an occupation essentially needs, in the order of the files."""
    job = session.scalar(select(EscoConcept.id).where(EscoConcept.key == key.removeprefix(ESCO)))
    query = select(EscoConcept.key).join(EscoLink, EscoLink.skill_id == EscoConcept.id).where(EscoLink.job_id == job)
    return [ESCO + found for found in session.scalars(query.order_by(EscoConcept.id).limit(most))]


def _places(words: Sequence[str]) -> list[tuple[str, int, int]]:
    """Every run of words that may be a label, the longest first."""
    found = []
    for length in range(min(LONGEST, len(words)), 0, -1):
        for at in range(len(words) - length + 1):
            window = words[at : at + length]
            joined = "".join(window).replace("'", "")
            if len(joined) >= SHORTEST and not (length == 1 and window[0] in small_words()):
                found.append((joined, at, at + length - 1))
    return found
