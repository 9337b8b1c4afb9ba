"""Referrals in numbers: what became of those made in these days, and which of them led to help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.cases.follow_ups import ANSWERS
from bot.cases.handoffs import NEEDS
from bot.cases.models import Referral
from bot.cases.states import REFERRAL, REFERRAL_ENDED
from bot.numbers import suppression
from bot.numbers.gone import Gone
from bot.numbers.period import Scope
from bot.numbers.tables import DELETED, Table, cross, fold_rows, one_column
from bot.people.models import Person

HELP = ("helped", "not_helped", "not_known")
LEAST_OF_A_SERVICE = 15  # referrals, below which a service is counted among the others


def made(session: Session, scope: Scope, gone: Gone) -> int:
    return (session.scalar(select(func.count()).select_from(Referral).where(_these(scope))) or 0) + gone.number("referral")


def states(session: Session, scope: Scope, gone: Gone) -> Table:
    """How they stand today."""
    query = select(Referral.state, func.count()).where(_these(scope)).group_by(Referral.state)
    counts = Counter({row[0]: row[1] for row in session.execute(query).all()}) + gone.ended("referral")
    return one_column("referral_states", "referral", {state: counts[state] for state in REFERRAL})


def answers(session: Session, scope: Scope, gone: Gone) -> Table:
    """What people said themselves when they were asked how it went."""
    query = select(Referral.outcome, func.count()).where(_these(scope), Referral.outcome.is_not(None)).group_by(Referral.outcome)
    counts = Counter({said or "": count for said, count in session.execute(query).all()}) + gone.ended("said")
    return one_column("answers", "said", {said: counts[said] for said in ANSWERS})


def help_of_all(session: Session, scope: Scope, gone: Gone) -> Table:
    """Led to help: completed, or the person said so. Not: it ended otherwise, or they said it did not. Else it is not known."""
    every = [*_helped(session, scope, Referral.need).values(), _deleted(gone)]
    return one_column("help", "help", dict(zip(HELP, map(sum, zip(*every, strict=True)), strict=True)))


def help_by_need(session: Session, scope: Scope, gone: Gone) -> Table:
    """Of those that were deleted the need is not known: they are a row of their own."""
    found, deleted = _helped(session, scope, Referral.need), _deleted(gone)
    rows: dict[str, Sequence[int]] = {need: found.get(need, (0, 0, 0)) for need in sorted(NEEDS)}
    made = suppression.crossed(list(rows.values()), deleted if sum(deleted) else None)
    return cross("help_by_need", "need", HELP, rows | ({DELETED: deleted} if sum(deleted) else {}), made)


def help_by_service(session: Session, scope: Scope, gone: Gone) -> Table | None:
    """Of those that are still kept; None when there is none."""
    rows = fold_rows(_helped(session, scope, Referral.service), LEAST_OF_A_SERVICE)
    counts = list(rows.values())
    # with deleted ones the sums of the kept would give the difference to the sums of all
    made = suppression.lines(counts) if gone.number("referral") else suppression.crossed(counts)
    return cross("help_by_service", "service", HELP, rows, made) if rows else None


def _helped(session: Session, scope: Scope, column: InstrumentedAttribute[str]) -> dict[str, tuple[int, int, int]]:
    helped = or_(Referral.state == "completed", Referral.outcome == "got_help")
    said_not = Referral.outcome.in_([said for said in ANSWERS if said != "got_help"])
    ended = Referral.state.in_([*REFERRAL_ENDED, "could_not_reach"])
    kind = case((helped, HELP[0]), (or_(ended, said_not), HELP[1]), else_=HELP[2])
    found: dict[str, dict[str, int]] = {}
    query = select(column, kind, func.count()).where(_these(scope)).group_by(column, kind)
    for code, came_of_it, count in session.execute(query).all():
        found.setdefault(code, {})[came_of_it] = count
    return {code: (counts.get(HELP[0], 0), counts.get(HELP[1], 0), counts.get(HELP[2], 0)) for code, counts in found.items()}


def _deleted(gone: Gone) -> tuple[int, int, int]:
    """How those ended that were deleted, as HELP has it."""
    ended = gone.ended("referral")
    failed = sum(ended[state] for state in (*REFERRAL_ENDED, "could_not_reach") if state != "completed")
    return ended["completed"], failed, sum(ended.values()) - ended["completed"] - failed


def _these(scope: Scope) -> ColumnElement[bool]:
    given = ((Referral.need, scope.need), (Referral.team_id, scope.team_id))
    found: list[ColumnElement[bool]] = [column == value for column, value in given if value not in ("", None)]
    if scope.language:
        found.append(Referral.person_id.in_(select(Person.id).where(Person.language == scope.language)))
    return and_(Referral.created_at >= scope.period.start, Referral.created_at < scope.period.end, *found)
