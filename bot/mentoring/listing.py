"""What caseworkers see of mentoring: offers by state, who waits, proposals, pairs; and how many there are."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from bot.mentoring import matching
from bot.mentoring.matching import Match
from bot.mentoring.models import Mentor, MentorMessage, MentorPair, MentorWish
from bot.mentoring.states import KNOWN_TO_BOTH, MENTOR, PAIR

MOST = 200
SHOWN_MATCHES = 3
STATES = tuple(state for state in MENTOR if state != "draft")  # a draft is nobody's to see


@dataclass(frozen=True)
class Waiting:
    """Somebody who waits, with the proposal that is to be looked at, and others who would fit."""

    wish: MentorWish
    proposal: MentorPair | None
    matches: list[Match]


def mentors(session: Session, state: str, profession: str = "", language: str = "") -> list[Mentor]:
    """Offers in one state, who waits longest first. `profession`, `language`: codes, "" for all."""
    where: list[ColumnElement[bool]] = [Mentor.state == state]
    if profession:
        where.append(Mentor.profession == profession)
    rows = session.scalars(select(Mentor).where(*where).order_by(Mentor.updated_at, Mentor.id).limit(MOST)).all()
    return [row for row in rows if not language or language in row.languages]


def mentor(session: Session, number: int, *, to_change: bool = False) -> Mentor | None:
    """An offer that caseworkers may see."""
    found = select(Mentor).where(Mentor.id == number, Mentor.state.in_(STATES))
    return session.scalar(found.with_for_update().execution_options(populate_existing=True) if to_change else found)


def counts(session: Session) -> dict[str, int]:
    """How many offers in each state."""
    found = session.execute(select(Mentor.state, func.count(Mentor.id)).group_by(Mentor.state)).all()
    return dict.fromkeys(STATES, 0) | {state: times for state, times in found if state in STATES}


def waiting(session: Session) -> list[Waiting]:
    """Who waits for a mentor, longest first."""
    wishes = session.scalars(
        select(MentorWish).where(MentorWish.state == "waiting").order_by(MentorWish.updated_at).limit(MOST)
    ).all()
    proposed = {pair.wish_id: pair for pair in pairs(session, ("proposed",))}
    found = []
    for wish in wishes:
        proposal = proposed.get(wish.id)
        others = [match for match in matching.find(session, wish) if proposal is None or match.mentor.id != proposal.mentor_id]
        found.append(Waiting(wish, proposal, others[:SHOWN_MATCHES]))
    return found


def pairs(session: Session, states: tuple[str, ...] = KNOWN_TO_BOTH) -> list[MentorPair]:
    """In these states: those with something to look at first, then the newest."""
    is_open = MentorPair.alarm_at.is_not(None) & MentorPair.handled_at.is_(None)
    found = select(MentorPair).where(MentorPair.state.in_(states) | (is_open if states == KNOWN_TO_BOTH else False))
    loaded = found.options(selectinload(MentorPair.mentor), selectinload(MentorPair.wish))
    return list(session.scalars(loaded.order_by(is_open.desc(), MentorPair.updated_at.desc()).limit(MOST)))


def figures(session: Session) -> dict[str, dict[str, int]]:
    """How many in all, by state: of mentors, wishes, pairs, and of what was written: passed on, or not."""
    words = select(MentorMessage.state, func.count(MentorMessage.id)).where(MentorMessage.kind == "words")
    return {
        "mentors": counts(session),
        "wishes": dict.fromkeys(("waiting", "met", "ended"), 0) | _by_state(session, MentorWish.state),
        "pairs": dict.fromkeys(PAIR, 0) | _by_state(session, MentorPair.state),
        "words": dict.fromkeys(("sent", "held"), 0)
        | {state: times for state, times in session.execute(words.group_by(MentorMessage.state)) if state in ("sent", "held")},
    }


def is_open(pair: MentorPair) -> bool:
    """Whether a caseworker has to look, and may therefore read the words."""
    return pair.alarm_at is not None and pair.handled_at is None


def words(session: Session, pair: MentorPair) -> list[MentorMessage]:
    """What the two wrote, oldest first; only while there is something to look at: else nothing."""
    if not is_open(pair):
        return []
    mine = (MentorMessage.pair_id == pair.id) & (MentorMessage.kind == "words")
    return list(session.scalars(select(MentorMessage).where(mine).order_by(MentorMessage.id)))


def _by_state(session: Session, column: InstrumentedAttribute[str]) -> dict[str, int]:
    return dict(session.execute(select(column, func.count()).group_by(column)).tuples().all())
