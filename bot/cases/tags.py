"""Words by which staff sort cases. Lower case, in the clear: a tag says what kind of case it is and nothing of who the person is."""

from __future__ import annotations

import re

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.cases.models import CaseTag, Handoff
from bot.db.session import has_one_writer
from bot.errors import RefusedError

MOST, LONGEST = 10, 30  # tags of a case; characters of a tag
SUGGESTED = 12
_APART = re.compile(r"[\s_,;/]+")
_OTHER = re.compile(r"[^\w-]")


def normal(tag: str) -> str:
    """As it is kept: "Council Tax " is council-tax. Raises RefusedError: tag (nothing left, or too long)."""
    found = _OTHER.sub("", _APART.sub("-", tag.strip().casefold())).strip("-")
    if not 0 < len(found) <= LONGEST:
        raise RefusedError(f"a tag has 1 to {LONGEST} letters, digits and hyphens", "tag")
    return found


def of(session: Session, handoff: Handoff) -> list[str]:
    return list(session.scalars(select(CaseTag.tag).where(CaseTag.handoff_id == handoff.id).order_by(CaseTag.tag)))


def add(session: Session, handoff: Handoff, tag: str) -> bool:
    """False when it is there already. Raises RefusedError: tag, tags_many."""
    tag = normal(tag)
    if not has_one_writer(session):  # two at once must not make eleven
        session.execute(select(Handoff.id).where(Handoff.id == handoff.id).with_for_update())
    known = of(session, handoff)
    if tag in known:
        return False
    if len(known) >= MOST:
        raise RefusedError(f"a case has at most {MOST} tags", "tags_many")
    session.add(CaseTag(handoff_id=handoff.id, tag=tag))
    session.flush()
    return True


def remove(session: Session, handoff: Handoff, tag: str) -> bool:
    """False when it is not there."""
    row = session.get(CaseTag, (handoff.id, tag))
    if row is None:
        return False
    session.delete(row)
    session.flush()
    return True


def suggested(session: Session, beginning: str = "") -> list[str]:
    """The tags in use that begin so, the most used first."""
    wanted = _OTHER.sub("", _APART.sub("-", beginning.strip().casefold()))
    query = select(CaseTag.tag).group_by(CaseTag.tag).order_by(func.count().desc(), CaseTag.tag).limit(SUGGESTED)
    return list(session.scalars(query.where(CaseTag.tag.startswith(wanted, autoescape=True)) if wanted else query))
