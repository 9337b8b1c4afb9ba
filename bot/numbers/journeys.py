"""People and their plans in numbers: who came, who came back, and at which step plans begun in these days stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.cases.models import Message
from bot.knowledge.snapshot import Snapshot
from bot.numbers import suppression
from bot.numbers.gone import Gone
from bot.numbers.period import Scope
from bot.numbers.suppression import Cell
from bot.numbers.tables import Row, Table, one_column, open_list
from bot.people.models import Chat, Person, Plan, PlanStep, Reminder

FINISHED = "finished"
MOST_PATHWAYS = 6  # whose steps are shown
REMINDERS = ("waiting", "sent", "cancelled", "dropped")
GONE_ON = ("done", "not_for_me")  # such a step lies behind


def new(session: Session, scope: Scope, gone: Gone) -> int:
    """Who wrote for the first time."""
    query = select(func.count()).select_from(Person).where(_within(scope), *_speak(scope))
    return (session.scalar(query) or 0) + gone.number("person")


def returning(session: Session, scope: Scope) -> int:
    """Who was known before these days and wrote in them. Messages are kept for a while only: of long ago it is too few."""
    period = scope.period
    wrote = exists().where(
        Chat.person_id == Person.id, Message.chat_id == Chat.id, Message.sender == "person",
        Message.at >= period.start, Message.at < period.end,
    )  # fmt: skip
    seen = and_(Person.last_seen_at >= period.start, Person.last_seen_at < period.end)
    here = or_(seen, wrote)
    query = select(func.count()).select_from(Person)
    known = (Person.created_at < period.start, Person.last_seen_at >= period.start)  # who wrote in them was seen since they began
    return session.scalar(query.where(*known, here, *_speak(scope))) or 0


def languages(session: Session, scope: Scope, gone: Gone, offered: Sequence[str]) -> Table:
    query = select(Person.language, func.count()).where(_within(scope), *_speak(scope)).group_by(Person.language)
    counts = Counter({row[0]: row[1] for row in session.execute(query).all()}) + gone.languages("person")
    return one_column("people", "language", {code: counts[code] for code in [*offered, *sorted(counts.keys() - set(offered))]})


def sources(session: Session, scope: Scope) -> Table:
    """By which link they came; a link that few used is not named."""
    query = select(Person.source, func.count()).where(_within(scope), *_speak(scope)).group_by(Person.source)
    return open_list("sources", "source", {source or "none": count for source, count in session.execute(query).all()})


def reminders(session: Session, scope: Scope) -> Table:
    """That people asked for in these days."""
    asked = and_(Reminder.created_at >= scope.period.start, Reminder.created_at < scope.period.end)
    query = select(Reminder.state, func.count()).where(asked, _of_speakers(Reminder.person_id, scope)).group_by(Reminder.state)
    counts = {row[0]: row[1] for row in session.execute(query).all()}
    return one_column("reminders", "reminder", {state: counts.get(state, 0) for state in REMINDERS})


def pathways(session: Session, scope: Scope, known: Snapshot) -> tuple[Table, list[Table]]:
    """Plans begun by pathway, and for each of the largest how many came at least as far as each step.

    A plan stands at its first step that is neither done nor set aside. Steps at which few stand are put together with the next, so that
    no subtraction of two lines gives a small number.
    """
    behind = _standing(session, scope)
    begun = {pathway: sum(counts.values()) for pathway, counts in behind.items()}
    names = sorted({*known.pathways, *begun})
    total = one_column("plans", "pathway", {name: begun.get(name, 0) for name in names})
    steps = []
    largest = sorted(begun, key=lambda pathway: (-begun[pathway], pathway))[:MOST_PATHWAYS]
    for row in total.rows:
        if row.cells[0].value is not None and row.code in known.pathways and row.code in largest:
            order = [step.key for step in known.pathways[row.code].steps]
            steps.append(_reached(row.code, order, behind[row.code]))
    return total, steps


def _standing(session: Session, scope: Scope) -> dict[str, Counter[str]]:
    """pathway -> step -> how many plans stand there; FINISHED: no step is left."""
    plans = and_(Plan.created_at >= scope.period.start, Plan.created_at < scope.period.end, _of_speakers(Plan.person_id, scope))
    place = (
        select(PlanStep.plan_id, func.min(PlanStep.position).label("position"))
        .join(Plan, Plan.id == PlanStep.plan_id)
        .where(plans, PlanStep.state.not_in(GONE_ON))
        .group_by(PlanStep.plan_id)
        .subquery()
    )
    query = (
        select(Plan.pathway, PlanStep.step, func.count())
        .select_from(Plan)
        .outerjoin(place, place.c.plan_id == Plan.id)
        .outerjoin(PlanStep, and_(PlanStep.plan_id == Plan.id, PlanStep.position == place.c.position))
        .where(plans)
        .group_by(Plan.pathway, PlanStep.step)
    )
    found: dict[str, Counter[str]] = {}
    for pathway, step, count in session.execute(query).all():
        found.setdefault(pathway, Counter())[step or FINISHED] += count
    return found


def _reached(pathway: str, order: list[str], standing: Counter[str]) -> Table:
    """Steps that the pathway no longer has count as its first one."""
    places = [*order, FINISHED]
    counts = [standing[step] for step in places]
    counts[0] += sum(count for step, count in standing.items() if step not in places)
    rows, left = [], sum(counts)
    for first, last, count in suppression.runs(counts):
        rows.append(Row(places[first], (Cell(left), Cell(count)), places[last]))
        left -= count
    return Table("steps", "step", ("reached", "stands"), tuple(rows), (), pathway)


def _within(scope: Scope) -> ColumnElement[bool]:
    return and_(Person.created_at >= scope.period.start, Person.created_at < scope.period.end)


def _speak(scope: Scope) -> list[ColumnElement[bool]]:
    return [Person.language == scope.language] if scope.language else []


def _of_speakers(column: InstrumentedAttribute[int], scope: Scope) -> ColumnElement[bool]:
    return column.in_(select(Person.id).where(*_speak(scope))) if scope.language else true()
