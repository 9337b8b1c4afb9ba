"""Somebody goes: has everything deleted, was silent for a year, or turns out to be somebody whom we knew under another chat."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.cases.models import Notice
from bot.db.base import now
from bot.mentoring import pairs
from bot.mentoring.models import Mentor, MentorPair, MentorWish
from bot.mentoring.states import PAIR_LIVE


def goes(session: Session, person_id: int) -> None:
    """Before the person is deleted: their pairs end, what they wrote and has not been sent is taken back, and the others are to be told.

    The caller deletes the rows; who is left is told by the clock (bot/conversation/due_mentoring.py), neutrally.
    """
    for pair in _live(session, person_id):
        left = pair.wish if pair.mentor.person_id == person_id else pair.mentor
        if left.person_id != person_id:
            _leave(session, pair, left)
    _forget_notices(session, person_id)
    session.flush()


def joins(session: Session, into: int, other: int) -> None:
    """Two chats are of one person: before `other` becomes `into`. Nobody stays their own mentor; of two offers or wishes the newer stays."""
    for pair in _live(session, other):
        if {pair.mentor.person_id, pair.wish.person_id} == {into, other}:
            pairs.end(session, pair, "staff", "one_person")
    both = (
        select(MentorPair.id)
        .join(Mentor, Mentor.id == MentorPair.mentor_id)
        .join(MentorWish, MentorWish.id == MentorPair.wish_id)
    )
    own = both.where(Mentor.person_id.in_((into, other)), MentorWish.person_id.in_((into, other)))
    session.flush()
    session.execute(delete(MentorPair).where(MentorPair.id.in_(list(session.scalars(own)))))
    mine = Mentor.person_id.in_((into, other)), MentorWish.person_id.in_((into, other))
    _keep_newest(session, list(session.scalars(select(Mentor).where(mine[0]).order_by(Mentor.updated_at.desc()))))
    _keep_newest(session, list(session.scalars(select(MentorWish).where(mine[1]).order_by(MentorWish.updated_at.desc()))))
    session.expire_all()


def _keep_newest(session: Session, rows: Sequence[Mentor | MentorWish]) -> None:
    """The pairs of the others go with them, and with these their notices: who is left is to be told as of somebody who has gone."""
    for row in rows[1:]:
        for pair in _live(session, row.person_id):
            if row in (pair.mentor, pair.wish):
                _leave(session, pair, pair.wish if row is pair.mentor else pair.mentor)
        session.flush()
        session.delete(row)
        session.flush()


def _forget_notices(session: Session, person_id: int) -> None:
    """That staff should look at what is not there any more."""
    mine = session.scalars(select(Mentor.id).where(Mentor.person_id == person_id)).all()
    wished = session.scalars(select(MentorWish.id).where(MentorWish.person_id == person_id)).all()
    both = select(MentorPair.id).where(MentorPair.mentor_id.in_(mine) | MentorPair.wish_id.in_(wished))
    objects = [f"mentor:{number}" for number in mine] + [f"mentor_pair:{number}" for number in session.scalars(both)]
    session.execute(delete(Notice).where(Notice.object.in_(objects)))


def _leave(session: Session, pair: MentorPair, left: Mentor | MentorWish) -> None:
    """`left` is who stays."""
    pairs.take_back(session, pair)
    known = pair.state != "proposed"
    if known:
        left.left_at = now()
    if isinstance(left, MentorWish):
        left.state = "ended" if known else "waiting"


def _live(session: Session, person_id: int) -> list[MentorPair]:
    found = (
        select(MentorPair)
        .join(Mentor, Mentor.id == MentorPair.mentor_id)
        .join(MentorWish, MentorWish.id == MentorPair.wish_id)
        .where(MentorPair.state.in_(PAIR_LIVE), (Mentor.person_id == person_id) | (MentorWish.person_id == person_id))
        .order_by(MentorPair.id)
        .with_for_update(of=MentorPair)
    )
    return list(session.scalars(found.execution_options(populate_existing=True)))
