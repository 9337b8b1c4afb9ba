"""Who could help whom, and why: the profession, a language both speak, whom the mentee wishes to speak with, times that fit.

Never oneself, never the same two twice, and no more mentees than a mentor has room for. The reason is made of codes; no name is in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.knowledge import snapshot
from bot.knowledge.snapshot import Snapshot
from bot.mentoring.models import Mentor, MentorPair, MentorWish
from bot.mentoring.states import PAIR_LIVE

SAME, RELATED = 4, 2  # points: the same profession, or one with the same route
LANGUAGE, TIME = 2, 1
MOST_LANGUAGES = 2  # languages that count


@dataclass(frozen=True)
class Match:
    """`languages`: both speak; `times`: suit both; `related`: not the same profession, but one with the same route."""

    mentor: Mentor
    languages: list[str]
    times: list[str]
    related: bool
    points: int

    def reason(self) -> dict[str, Any]:
        """As it is kept with the pair: codes for words in any language."""
        mentor = self.mentor
        return {
            "profession": mentor.profession,
            "languages": list(mentor.languages),
            "shared": self.languages,
            "times": self.times,
            "way": mentor.way,
            "related": self.related,
        }


def find(session: Session, wish: MentorWish, at: dt.datetime | None = None) -> list[Match]:
    """The mentors who fit, the best first; between equals who has waited longest."""
    today = (at or now()).date()
    met = select(MentorPair.mentor_id).where(MentorPair.wish_id == wish.id)
    free = select(Mentor).where(
        Mentor.state == "active", Mentor.recheck_on >= today, Mentor.person_id != wish.person_id, Mentor.id.not_in(met)
    )
    knowledge = snapshot.current(session)
    found = [match for mentor in session.scalars(free) if (match := fits(knowledge, mentor, wish)) and has_room(session, mentor)]
    return sorted(found, key=lambda match: (-match.points, match.mentor.updated_at, match.mentor.id))


def fits(knowledge: Snapshot, mentor: Mentor, wish: MentorWish) -> Match | None:
    """None without a language in common, with another gender than wished, or with a profession that has another route."""
    languages = [code for code in wish.languages if code in mentor.languages]
    if not languages or (wish.gender != "any" and wish.gender != mentor.gender):
        return None
    same = mentor.profession == wish.profession
    if not same and not _related(knowledge, mentor.profession, wish.profession):
        return None
    times = [code for code in wish.times if code in mentor.times]
    points = (SAME if same else RELATED) + LANGUAGE * min(MOST_LANGUAGES, len(languages)) + TIME * min(2, len(times))
    return Match(mentor, languages, times, not same, points)


def propose(session: Session, wish: MentorWish) -> MentorPair | None:
    """The best match, for a caseworker to approve; None when nobody fits now. Only for a wish that waits."""
    if wish.state != "waiting":
        return None
    return next((pair(session, match, wish) for match in find(session, wish)[:1]), None)


def propose_for(session: Session, mentor: Mentor) -> list[MentorPair]:
    """For a mentor who is active now: those who wait longest and whom they fit best."""
    waiting = session.scalars(select(MentorWish).where(MentorWish.state == "waiting").order_by(MentorWish.id)).all()
    made: list[MentorPair] = []
    for wish in _without_proposal(session, waiting):
        if not has_room(session, mentor):
            break
        best = next(iter(find(session, wish)), None)
        if best is not None and best.mentor.id == mentor.id:
            made.append(pair(session, best, wish))
    return made


def has_room(session: Session, mentor: Mentor) -> bool:
    """Whether they may have one more."""
    live = select(func.count(MentorPair.id)).where(MentorPair.mentor_id == mentor.id, MentorPair.state.in_(PAIR_LIVE))
    return (session.scalar(live) or 0) < mentor.most


def _without_proposal(session: Session, wishes: Sequence[MentorWish]) -> list[MentorWish]:
    has = select(MentorPair.wish_id).where(MentorPair.state.in_(PAIR_LIVE))
    busy = set(session.scalars(has))
    return [wish for wish in wishes if wish.id not in busy]


def pair(session: Session, match: Match, wish: MentorWish) -> MentorPair:
    """A proposal, which nobody but caseworkers sees."""
    made = MentorPair(mentor_id=match.mentor.id, wish_id=wish.id, reason=match.reason())
    session.add(made)
    session.flush()
    return made


def _related(knowledge: Snapshot, one: str, other: str) -> bool:
    """Whether the two professions have the same route: a children's nurse and a nurse."""
    return any({one, other} <= {path.key, *path.professions} for path in knowledge.pathways.values())
