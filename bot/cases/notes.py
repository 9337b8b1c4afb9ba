"""What staff write for each other. The person never sees it, but may ask to: so nothing that could not be said to their face."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.cases import cleaning, crew, notices, searching
from bot.cases.models import CaseNote, Handoff, Referral
from bot.errors import RefusedError
from bot.staff.models import Staff

LONGEST = 3_000  # characters
_MENTION = re.compile(r"(?<![\w@.])@([\w.-]{1,64})")


def add(session: Session, staff_id: int, owner: Handoff | Referral, text: str, *, once: str) -> CaseNote | None:
    """A note on a case or on a referral; everybody named by @login is told. None for the same form sent twice.

    Raises RefusedError: text_empty, text_long, mention (somebody is named who may not see the case).
    """
    if session.scalar(select(CaseNote.id).where(CaseNote.once == once)) is not None:
        return None
    text = cleaning.words(text, LONGEST)
    named = _named(session, text)
    if set(named) - set(crew.ids(session, owner.team_id)):
        raise RefusedError("somebody is named who does not work on this team's cases", "mention")
    kind = "handoff" if isinstance(owner, Handoff) else "referral"
    note = CaseNote(staff_id=staff_id, text=text, mentions=named, once=once, **{f"{kind}_id": owner.id})
    session.add(note)
    session.flush()
    if isinstance(owner, Handoff):
        searching.index(session, owner.id, text)
    notices.tell(session, set(named) - {staff_id}, "mention", f"{kind}:{owner.reference}")
    return note


def of(session: Session, owner: Handoff | Referral) -> list[CaseNote]:
    """Oldest first."""
    belongs = CaseNote.handoff_id if isinstance(owner, Handoff) else CaseNote.referral_id
    return list(session.scalars(select(CaseNote).where(belongs == owner.id).order_by(CaseNote.id)))


def _named(session: Session, text: str) -> list[int]:
    logins = {name.rstrip(".-").casefold() for name in _MENTION.findall(text)}
    query = select(Staff.id).where(Staff.login.in_(logins), Staff.disabled_at.is_(None)).order_by(Staff.id)
    return list(session.scalars(query)) if logins else []
