"""What somebody of the team has been told of and has not looked at yet (bot/cases/notices.py writes it)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.cases import queues
from bot.cases.models import Handoff, Notice, Referral
from bot.cases.states import WAITING
from bot.db.base import now
from bot.staff.permissions import may

MOST = 100
# of a case that waits for whoever takes it: once somebody has, there is nothing to look at
FOR_ALL = ("waiting", "danger")
# the last by name, not by number: who waits for one
MENTOR_PAGES = {"mentor": "/mentors/", "mentor_pair": "/mentors/pairs/", "mentors": "/mentors/"}
PAGES = {"handoff": "/cases/", "referral": "/referrals/", "service": "/knowledge/services/", "story": "/stories/", **MENTOR_PAGES}


@dataclass(frozen=True)
class About:
    """What a notice is about: `kind` handoff, referral or service, and its reference or key; "gone" when the person had it deleted.

    `urgency`, `language`: of a hand-off.
    """

    kind: str
    name: str
    urgency: str = ""
    language: str = ""

    @property
    def path(self) -> str:
        """Its page in the console, "" when there is none."""
        return f"{PAGES[self.kind]}{self.name}" if self.kind in PAGES else ""


@dataclass(frozen=True)
class Shown:
    notice: Notice
    about: About


def count(session: Session, staff_id: int) -> int:
    """How many they have not looked at."""
    return session.scalar(select(func.count(Notice.id)).where(Notice.staff_id == staff_id, Notice.seen_at.is_(None))) or 0


def listed(session: Session, staff_id: int, role: str) -> list[Shown]:
    """Those not looked at, the newest first; of cases that they may still know of."""
    query = select(Notice).where(Notice.staff_id == staff_id, Notice.seen_at.is_(None)).order_by(Notice.id.desc()).limit(MOST)
    rows = list(session.scalars(query))
    known = about(session, rows, staff_id, role)
    return [Shown(row, known[row.object]) for row in rows if row.object in known]


def about(session: Session, notices: Sequence[Notice], staff_id: int, role: str) -> dict[str, About]:
    """object -> what it is; one that they may not know of (any more) is left out."""
    parts = [(kind, name) for kind, _, name in (text.partition(":") for text in {row.object for row in notices})]
    found = {f"service:{name}": About("service", name) for kind, name in parts if kind == "service"}
    found |= {row.object: About("gone", row.object.partition(":")[2]) for row in notices if row.kind == "deleted"}
    if may(role, "stories.read"):
        found |= {f"story:{name}": About("story", name) for kind, name in parts if kind == "story"}
    if may(role, "mentors.vet"):
        found |= {f"{kind}:{name}": About(kind, name) for kind, name in parts if kind in MENTOR_PAGES}
    references = [name for kind, name in parts if kind in ("handoff", "referral")]
    if references:
        cases = select(Handoff).where(Handoff.reference.in_(references), queues.visible_to(session, staff_id, role))
        for case in session.scalars(cases):
            found[f"handoff:{case.reference}"] = About("handoff", case.reference, case.urgency, case.language)
        theirs = queues.visible_to(session, staff_id, role, Referral)
        for name in session.scalars(select(Referral.reference).where(Referral.reference.in_(references), theirs)):
            found[f"referral:{name}"] = About("referral", name)
    return found


def see(session: Session, staff_id: int, object: str = "") -> None:
    """They have looked at it; without `object`, at everything."""
    mine = update(Notice).where(Notice.staff_id == staff_id, Notice.seen_at.is_(None))
    session.execute((mine.where(Notice.object == object) if object else mine).values(seen_at=now()))


def taken(session: Session, handoff: Handoff) -> None:
    """Nobody waits in this case for whoever takes it: nobody else needs to look."""
    if handoff.state not in WAITING:
        for_all = update(Notice).where(Notice.object == f"handoff:{handoff.reference}", Notice.kind.in_(FOR_ALL))
        session.execute(for_all.where(Notice.seen_at.is_(None)).values(seen_at=now()))
