"""What changed in some days, in numbers: outcomes, faces then and now, who answered, and how far people came.

Tables of the same things share only their totals (bot/numbers/suppression.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from bot.cases.models import Handoff, Referral
from bot.journeys import outcomes
from bot.journeys.checkins import QUESTIONS
from bot.journeys.models import CheckIn, Outcome
from bot.numbers import suppression
from bot.numbers.gone import Gone
from bot.numbers.period import Scope
from bot.numbers.suppression import Cell
from bot.numbers.tables import Row, Table, one_column, side_by_side
from bot.people.models import Person, Plan, PlanStep, Reminder

HOWS = ("person", "caseworker", "service")
FACES = ("hard", "middle", "good")  # 1-2, 3, 4-5: five columns of few people would hide everything
STAGES = ("came", "asked", "step", "changed")
AT_ONCE = 500


@dataclass(frozen=True)
class Changed:
    """`number`: of things that changed, not of people."""

    number: int
    tables: list[Table]


def changed(session: Session, scope: Scope, lost: Gone, offered: Sequence[str]) -> Changed:
    """What happened in these days and was confirmed: by kind, by who says so, by the language of whom it happened to."""
    period = scope.period
    within = and_(Outcome.happened_on >= period.first, Outcome.happened_on <= period.last, Outcome.state == "confirmed")
    query = (
        select(Outcome.kind, Outcome.how, Person.language, func.count())
        .join(Person, Person.id == Outcome.person_id)
        .where(within)
        .group_by(Outcome.kind, Outcome.how, Person.language)
    )
    kinds, hows, languages = Counter[str](), Counter[str](), Counter[str]()
    for kind, how, language, count in session.execute(query).all():
        kinds[kind] += count
        hows[how] += count
        languages[language] += count
    kinds += lost.ended("outcome")
    gone = lost.number("outcome")
    languages += lost.languages("outcome")
    spoken = [*offered, *sorted(languages.keys() - set(offered))]
    tables = [
        one_column("changed", "changed", {kind: kinds[kind] for kind in outcomes.KINDS}),
        one_column("changed_how", "changed_how", {how: hows[how] for how in HOWS}, deleted=gone),
        one_column("changed_languages", "language", {code: languages[code] for code in spoken}),
    ]
    return Changed(sum(kinds.values()), tables)


def check_ins(session: Session, scope: Scope) -> Table:
    """Sent in these days, and whether anything came back by now."""
    sent = and_(CheckIn.sent_at >= scope.period.start, CheckIn.sent_at < scope.period.end)
    state = case((CheckIn.answered_at.is_not(None), "answered"), else_="unanswered")
    query = select(state, func.count()).where(sent).group_by(state)
    counts = {row[0]: row[1] for row in session.execute(query).all()}
    return one_column("check_ins", "check_in", {name: counts.get(name, 0) for name in ("answered", "unanswered")})


def faces(session: Session, scope: Scope) -> tuple[list[Table], int]:
    """The first face ever and the last of these days, of those only who have both; and how many they are for the first question."""
    tables, numbers = [], []
    for question in QUESTIONS:
        then, now = Counter[str](), Counter[str]()
        for first, last in _both(session, scope, question):
            then[_group(first)] += 1
            now[_group(last)] += 1
        columns = {"then": [then[name] for name in FACES], "now": [now[name] for name in FACES]}
        tables.append(side_by_side(f"faces_{question}", "face", FACES, columns))
        numbers.append(sum(then.values()))
    return tables, numbers[0]


def drop_off(session: Session, scope: Scope) -> Table:
    """Who came first in these days, and how far they have come: asked for something, did a step or were taken by a service, told of
    a change. Stages at which few stand are put together with the next."""

    def has(*where: object) -> object:
        return exists().where(*where)  # type: ignore[arg-type]  # conditions

    step = has(Plan.person_id == Person.id, PlanStep.plan_id == Plan.id, PlanStep.state == "done")
    taken = has(Referral.person_id == Person.id, Referral.state.in_(("accepted", "in_progress", "completed")))
    change = has(Outcome.person_id == Person.id, Outcome.state == "confirmed", Outcome.kind != outcomes.REFERRAL)
    asked = or_(*(has(table.person_id == Person.id) for table in (Handoff, Referral, Plan, Reminder)))  # type: ignore[arg-type]  # a wider type than the stub knows
    stage = case((change, "changed"), (or_(step, taken), "step"), (asked, "asked"), else_="came")  # type: ignore[arg-type]  # a wider type than the stub knows
    here = and_(Person.created_at >= scope.period.start, Person.created_at < scope.period.end)
    found = select(stage.label("stage")).where(here).subquery()
    counts = {row[0]: row[1] for row in session.execute(select(found.c.stage, func.count()).group_by(found.c.stage)).all()}
    rows, left = [], sum(counts.values())
    for first, last, count in suppression.runs([counts.get(name, 0) for name in STAGES]):
        rows.append(Row(STAGES[first], (Cell(left), Cell(count)), STAGES[last]))
        left -= count
    return Table("drop_off", "stage", ("reached", "stands"), tuple(rows))


def _both(session: Session, scope: Scope, question: str) -> list[tuple[int, int]]:
    """Sealed, so the database cannot compare them: read in the order of people, without keeping them in memory."""
    column = CheckIn.feeling if question == "feeling" else CheckIn.belonging
    query = (
        select(CheckIn.person_id, CheckIn.sent_at, column)
        .where(CheckIn.answered_at.is_not(None), CheckIn.sent_at < scope.period.end)
        .order_by(CheckIn.person_id, CheckIn.sent_at, CheckIn.id)
    )
    found: list[tuple[int, int]] = []
    person, first, last = None, 0, 0
    for number, at, face in session.execute(query.execution_options(yield_per=AT_ONCE)):
        if number != person:
            found += [(first, last)] if first and last else []
            person, first, last = number, 0, 0
        if isinstance(face, int):
            if first and at >= scope.period.start:
                last = face
            first = first or face
    return found + ([(first, last)] if first and last else [])


def _group(face: int) -> str:
    return FACES[0] if face <= 2 else FACES[1] if face == 3 else FACES[2]
