"""What staff make of a suggestion. Each decision names the version it was made of, so that of two at once one is refused."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.errors import RefusedError
from bot.suggestions.kinds import DECLINED, MOVES, WAITING
from bot.suggestions.models import Suggestion

PAGE = 50


def find(session: Session, number: int, *, to_change: bool = False) -> Suggestion | None:
    """`to_change`: nobody else changes it until this transaction ends."""
    query = select(Suggestion).where(Suggestion.id == number)
    return session.scalar(query.with_for_update() if to_change else query)


def listed(session: Session, *, waiting: bool = True, before: int | None = None) -> list[Suggestion]:
    """A page of them: of those that wait the oldest first, of the others the newest."""
    ends = Suggestion.state.in_(WAITING) if waiting else Suggestion.state.not_in(WAITING)
    query = select(Suggestion).where(ends)
    if before is not None:
        query = query.where(Suggestion.id > before if waiting else Suggestion.id < before)
    return list(session.scalars(query.order_by(Suggestion.id if waiting else Suggestion.id.desc()).limit(PAGE)))


def alike(session: Session, suggestion: Suggestion) -> list[Suggestion]:
    """Others that wait and are about the same entry; of a new place, other new places."""
    same = (Suggestion.about_kind == suggestion.about_kind) & (Suggestion.about_key == suggestion.about_key)
    query = select(Suggestion).where(same, Suggestion.id != suggestion.id, Suggestion.state.in_(WAITING))
    return list(session.scalars(query.order_by(Suggestion.id).limit(20)))


def take(session: Session, suggestion: Suggestion, seen: int) -> None:
    """Somebody works on it. Raises RefusedError: stale, suggestion_move."""
    _move(suggestion, "taken", seen)


def use(session: Session, suggestion: Suggestion, seen: int) -> None:
    """What it says is in the knowledge now. Raises RefusedError: stale, suggestion_move."""
    _move(suggestion, "used", seen)
    _end(session, suggestion)


def decline(session: Session, suggestion: Suggestion, why: str, seen: int) -> None:
    """`why`: of DECLINED; the person hears it in their language. Raises RefusedError: stale, suggestion_move, suggestion_why."""
    if why not in DECLINED:
        raise RefusedError("choose why it is not used", "suggestion_why")
    _move(suggestion, "declined", seen)
    suggestion.why = why
    _end(session, suggestion)


def merge(session: Session, suggestion: Suggestion, into: Suggestion, seen: int) -> None:
    """Says the same as another one that waits; it ends as that one does. Raises RefusedError: stale, suggestion_move, suggestion_merge."""
    if into.id == suggestion.id or into.state not in WAITING:
        raise RefusedError("the other one must be another, and still wait", "suggestion_merge")
    _move(suggestion, "merged", seen)
    suggestion.merged_into = into.id
    for row in session.scalars(select(Suggestion).where(Suggestion.merged_into == suggestion.id)):
        row.merged_into = into.id  # no chains: what was merged into this one goes along


def open_again(session: Session, suggestion: Suggestion, seen: int) -> None:
    """As long as the person was not told of its end. Raises RefusedError: stale, suggestion_move, suggestion_told."""
    if suggestion.told_at is not None:
        raise RefusedError("the person has been told", "suggestion_told")
    _move(suggestion, "open", seen)
    suggestion.why, suggestion.decided_at, suggestion.merged_into = "", None, None


def ends_as(session: Session, suggestion: Suggestion) -> Suggestion:
    """The one whose end is told: itself, or the one it was merged into."""
    if suggestion.state != "merged" or suggestion.merged_into is None:
        return suggestion
    return session.get(Suggestion, suggestion.merged_into) or suggestion


def _move(suggestion: Suggestion, becomes: str, seen: int) -> None:
    if seen != suggestion.version:
        raise RefusedError("somebody else has decided about this meanwhile", "stale")
    if becomes not in MOVES[suggestion.state]:
        raise RefusedError(f"a suggestion that is {suggestion.state} cannot become {becomes}", "suggestion_move")
    suggestion.state, suggestion.version = becomes, suggestion.version + 1


def _end(session: Session, suggestion: Suggestion) -> None:
    at = suggestion.decided_at = now()
    for row in session.scalars(select(Suggestion).where(Suggestion.merged_into == suggestion.id)):
        row.decided_at = at
