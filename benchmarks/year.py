"""A simulated year of 2,000 people with check-ins and what changed, and the report of a trial of 100 days in it:
`python -m benchmarks.year FOLDER [--people 2000] [--seed 26]`.

On top of benchmarks/numbers_year.py: who chose to be asked, what came back, what changed. Shares are guesses, good for looking at pages
and for nothing else. The report is the program's own (`./useit report trial`); its time and the sizes of its files are printed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import random
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from benchmarks.numbers_year import AT_ONCE, DAY, fill
from bot.commands.report import write
from bot.console.trials import words_of
from bot.db import migrate
from bot.db.base import Base
from bot.house import House
from bot.journeys import outcomes, trials
from bot.journeys.models import CheckIn, CheckInRhythm, Outcome
from bot.knowledge import loading, reading
from bot.numbers.period import Period, Scope
from bot.people.models import Person
from bot.settings import ROOT, Settings

RHYTHMS = {"two_weeks": 20, "month": 50, "day_100": 15, "never": 15}
KINDS = {
    "course": 30,
    "test": 18,
    "interview": 14,
    "bridge_job": 12,
    "volunteering": 12,
    "job": 5,
    "registered": 4,
    "other": 9,
    "confidence": 2,
}
HOWS = {"person": 80, "caseworker": 20}
TRIAL_DAYS = 100
GOALS = (
    "60 new people, half of them in another language than English",
    "30 courses or tests",
    "We know how people are after 100 days",
)


def journeys(house: House, end: dt.datetime, seed: int = 26) -> None:
    """Check-ins and outcomes for everybody in the database. With the same seed the same ones."""
    chance = random.Random(seed)
    rows: dict[type[Base], list[dict[str, Any]]] = {CheckInRhythm: [], CheckIn: [], Outcome: []}
    with house.sessions() as session:
        people = session.execute(select(Person.id, Person.created_at, Person.last_seen_at).order_by(Person.id)).all()
    for number, came, seen in people:
        _outcomes(chance, rows[Outcome], number, came, seen)
        if chance.random() < 0.35:
            _check_ins(chance, rows, number, came, end)
    for table, made in rows.items():
        for batch in itertools.batched(made, AT_ONCE):
            with house.sessions.begin() as session:
                session.execute(insert(table), list(batch))


def _outcomes(chance: random.Random, rows: list[dict[str, Any]], number: int, came: dt.datetime, seen: dt.datetime) -> None:
    for place in range(chance.choices((0, 1, 2, 3), (72, 19, 6, 3))[0]):
        kind = _pick(chance, KINDS)
        on = (came + (seen - came) * chance.random()).date()
        rows.append(
            {
                "person_id": number, "kind": kind, "how": "caseworker" if kind == outcomes.CONFIDENCE else _pick(chance, HOWS),
                "state": "confirmed", "source": f"sim:{place}", "detail": "", "words": "synthetic" if kind == "other" else None,
                "language": "en", "faces": [2, 4] if kind == outcomes.CONFIDENCE else None, "happened_on": on, "noted_at": seen,
            }
        )  # fmt: skip


def _check_ins(
    chance: random.Random, rows: dict[type[Base], list[dict[str, Any]]], number: int, came: dt.datetime, end: dt.datetime
) -> None:
    rhythm = _pick(chance, RHYTHMS)
    rows[CheckInRhythm].append({"person_id": number, "chat_id": number, "rhythm": rhythm, "next_at": None, "unanswered": 0})
    every = {"two_weeks": 14, "month": 30, "day_100": 100}.get(rhythm)
    at, silent, feeling = came, 0, chance.randint(1, 4)
    while every and (at := at + every * DAY) < end and silent < 3:
        answers = chance.random() < 0.55
        silent = 0 if answers else silent + 1
        feeling = min(5, max(1, feeling + chance.choices((-1, 0, 1), (20, 50, 30))[0]))
        rows[CheckIn].append(
            {
                "person_id": number, "chat_id": number, "rhythm": rhythm, "sent_at": at, "answered_at": at + DAY / 4 if answers else None,
                "feeling": feeling if answers else None, "belonging": min(5, feeling + 1) if answers and chance.random() < 0.9 else None,
            }
        )  # fmt: skip
        if rhythm == "day_100":
            break


def _pick(chance: random.Random, weights: dict[str, int]) -> str:
    return chance.choices(list(weights), list(weights.values()))[0]


def trial(house: House, last: dt.date) -> Scope:
    """A trial of 100 days that ended then, with goals written before and what people said afterwards."""
    first = last - (TRIAL_DAYS - 1) * DAY
    with house.sessions.begin() as session:
        row = trials.make(session, "Simulated: the first hundred days in Ladywood", first, last)
        goals = [trials.add_goal(session, row, goal, first - 10 * DAY) for goal in GOALS]
        late = trials.add_goal(session, row, "Ten mentors", first + 30 * DAY)
        came = {goals[0].id: "Simulated: reached.", late.id: "Simulated: six."}
        trials.conclude(
            session, row, came, "Simulated: people come by the library's poster.", "go_on", "Simulated: it is asked for."
        )
    return Scope(Period(first, last))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=26)
    options = parser.parse_args()
    end = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
    with tempfile.TemporaryDirectory() as var:
        house = House.open(Settings.read({"USEIT_VAR": var}))
        migrate.create(house.database)
        with house.sessions.begin() as session:
            loading.load(session, reading.read(ROOT / "data/knowledge"))
        fill(house, options.people, end, options.seed)
        journeys(house, end, options.seed)
        scope = trial(house, end.date())
        with house.sessions() as session:
            row = trials.of_days(session, scope.period.first, scope.period.last)
            begun = time.perf_counter()
            words = words_of(session, house, scope, row)
            built = time.perf_counter()
            write(words, options.folder)
            written = time.perf_counter()
        print(f"simulated: {options.people} people; numbers {built - begun:.2f} s, files {written - built:.2f} s")
        for file in sorted(options.folder.iterdir()):
            print(f"{file.stat().st_size:>9,} bytes  {file.name}")
        house.database.dispose()


if __name__ == "__main__":
    main()
