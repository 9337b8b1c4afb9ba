"""What a thing on somebody's list is called: their own words, the name in our list, or the label of ESCO."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.talents.catalogue import catalogue
from bot.talents.models import EscoConcept, EscoLabel, Talent

ESCO = "esco:"


def name(session: Session, talent: Talent, language: str) -> str:
    """In `language`; their own words as they are, in whatever language they wrote them."""
    return talent.words or in_list(session, talent.kind, talent.key, language)


def in_list(session: Session, kind: str, key: str, language: str) -> str:
    """The name of a key; the key itself when it left the list since."""
    if key.startswith(ESCO):
        return _label(session, key.removeprefix(ESCO), language) or key
    return catalogue().name(kind, key, language) if catalogue().has(kind, key) else key


def codes(session: Session, talent: Talent) -> dict[str, str]:
    """Classification -> code, as far as one is sure: ISCO-08, SOC 2020, ESCO."""
    if talent.key.startswith(ESCO):
        concept = session.scalar(select(EscoConcept).where(EscoConcept.key == talent.key.removeprefix(ESCO)))
        found = {"isco": concept.isco, "esco": concept.key} if concept else {}
    elif job := catalogue().jobs.get(talent.key) if talent.kind == "job" else None:
        found = {"isco": job.isco, "soc": job.soc, "esco": job.esco}
    else:
        skill = catalogue().skills.get(talent.key) if talent.kind == "skill" else None
        found = {"esco": skill.esco} if skill else {}
    return {classification: code for classification, code in found.items() if code}


def _label(session: Session, key: str, language: str) -> str | None:
    own = select(EscoLabel.name).join(EscoConcept, EscoConcept.id == EscoLabel.concept_id)
    own = own.where(EscoConcept.key == key, EscoLabel.language == language, EscoLabel.preferred)
    return session.scalar(own) or session.scalar(select(EscoConcept.name).where(EscoConcept.key == key))
