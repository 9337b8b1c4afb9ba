"""A simulated year of 2,000 people, and the report of it: `python -m benchmarks.numbers_year FOLDER [--people 2000] [--seed 26]`.

Makes people, hand-offs, referrals, plans, reminders and messages with a fixed seed in a temporary database, deletes as the rules of
keeping would (by the program's own code), and leaves the report as HTML and CSV in FOLDER. Shares are guesses, good for looking at
pages and for nothing else. `fill` is also what the tests and benchmarks/numbers.py ask.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import random
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot.cases import erasing
from bot.cases.counting import Gone
from bot.cases.follow_ups import ANSWERS
from bot.cases.models import Handoff, Message, Referral
from bot.cases.states import URGENCIES
from bot.commands.numbers import write_csv, write_html
from bot.console.numbers_words import Words
from bot.db import migrate
from bot.db.base import Base
from bot.house import House
from bot.knowledge import loading, reading, snapshot
from bot.numbers.period import Scope, preset
from bot.numbers.report import build
from bot.people.models import Chat, Person, Plan, PlanStep, Reminder
from bot.settings import ROOT, Settings
from bot.staff.models import Staff, Team, TeamMember

LANGUAGES = {"ar": 28, "so": 14, "fa": 14, "ps": 8, "ur": 12, "uk": 12, "fr": 4, "en": 8}
NEEDS = {
    "housing": 26,
    "legal": 18,
    "language": 15,
    "employment": 14,
    "money": 10,
    "health": 8,
    "education": 6,
    "family": 2,
    "community": 1,
}
AREAS = {"B16": 20, "B66": 16, "B21": 12, "B18": 9, "B19": 7, "B20": 6, "B67": 5, "B68": 2, "B12": 1, "B9": 1, "WS1": 1}
SOURCES = {None: 60, "library": 16, "gp-surgery": 10, "college": 8, "mosque": 1}
COLLEAGUES = ("Amina", "Bilal", "Carol", "Dara", "Elif", "Farah")
DAY = dt.timedelta(days=1)
AT_ONCE = 1_000


class Year:
    """Rows of a year that ends at `end`. With the same seed the same ones."""

    def __init__(self, house: House, people: int, end: dt.datetime, seed: int) -> None:
        self.house, self.people, self.end, self.chance = house, people, end, random.Random(seed)
        with house.sessions() as session:
            known = snapshot.current(session)
            self.pathways = {key: [step.key for step in it.steps] for key, it in sorted(known.pathways.items())}
            self.services = sorted(known.services)[:14] or ["hub"]
        self.rows: dict[type[Base], list[dict[str, Any]]] = {}

    def pick(self, weights: dict[Any, int]) -> Any:
        return self.chance.choices(list(weights), list(weights.values()))[0]

    def add(self, table: type[Base], **values: Any) -> int:
        rows = self.rows.setdefault(table, [])
        rows.append({"id": len(rows) + 1, **values})
        return len(rows)

    def make(self) -> None:
        for number in range(1, self.people + 1):
            came = self.end - DAY * 500 * self.chance.random() ** 1.4
            seen = min(self.end, came + DAY * self.chance.expovariate(1 / 40))
            language = self.pick(LANGUAGES)
            self.add(Person, language=language, source=self.pick(SOURCES), created_at=came, last_seen_at=seen)
            self.add(Chat, channel="web", address="x", address_hash=str(number), person_id=number)
            self.add(Message, chat_id=number, at=seen, sender="person", language=language, text="synthetic")
            for _ in range(self.chance.choices((0, 1, 2, 3), (45, 40, 11, 4))[0]):
                self._handoff(number, language, came + (seen - came) * self.chance.random())
            if self.chance.random() < 0.45:
                self._referral(number, came + (seen - came) * self.chance.random())
            if self.pathways and self.chance.random() < 0.4:
                self._plan(number, came)

    def _handoff(self, person: int, language: str, at: dt.datetime) -> None:
        urgency = self.pick(dict(zip(URGENCIES, (2, 18, 40, 40), strict=True)))
        answer = self.house.hours.after(
            at, dt.timedelta(minutes=self.chance.lognormvariate({"danger": 2.5, "today": 4.6}.get(urgency, 5.6), 1.1))
        )
        answered = answer < self.end and self.chance.random() < 0.96
        close = answer + DAY * self.chance.expovariate(1 / 6)
        closed = answered and close < self.end
        age = self.end - at
        taken = answered or age > 4 * DAY
        state = "closed" if closed else "answered" if answered else "claimed" if taken else "waiting"
        self.add(
            Handoff, reference=f"H-{len(self.rows.get(Handoff, [])):06}", person_id=person, chat_id=person,
            kind="danger" if urgency == "danger" else self.pick({"asked": 70, "immigration": 18, "not_understood": 11, "technical": 1}),
            urgency=urgency, rank=URGENCIES.index(urgency), reason="synthetic", reach="chat", state=state,
            claimed_by=self.chance.randrange(1, len(COLLEAGUES) + 1) if taken else None,
            outcome=self.pick({"helped": 62, "referred": 24, "could_not_reach": 9, "other": 4, "silent": 1}) if closed else None,
            team_id=self.pick({1: 70, 2: 30}), language=language, need=self.pick({**NEEDS, None: 12}), area=self.pick({**AREAS, None: 20}),
            waiting_since=at, created_at=at, claimed_at=answer if taken else None, first_answered_at=answer if answered else None,
            closed_at=close if closed else None, updated_at=close if closed else at,
        )  # fmt: skip

    def _referral(self, person: int, at: dt.datetime) -> None:
        old = self.end - at > 45 * DAY
        states = {
            "completed": 46,
            "declined_by_service": 12,
            "not_eligible": 5,
            "declined_by_person": 5,
            "could_not_reach": 8,
            "in_progress": 12,
            "accepted": 6,
            "withdrawn": 3,
        }
        state = self.pick(
            states if old else {"sent": 40, "accepted": 25, "waiting_list": 15, "consent_given": 8, "completed": 12}
        )
        said = next((said for said, becomes in ANSWERS.items() if becomes == state), None) if self.chance.random() < 0.6 else None
        number = len(self.rows.get(Referral, []))
        self.add(
            Referral, reference=f"R-{number:06}", made_from=f"{number}:0", person_id=person, chat_id=person,
            service=self.chance.choices(self.services, [2 ** -n for n in range(len(self.services))])[0],
            need=self.pick(NEEDS), state=state, shared={}, consent_until=at + 90 * DAY, outcome=said, created_at=at,
            updated_at=min(self.end, at + 30 * DAY), team_id=self.pick({1: 70, 2: 30}),
        )  # fmt: skip

    def _plan(self, person: int, at: dt.datetime) -> None:
        names = list(self.pathways)
        pathway = self.chance.choices(names, [1 / (place + 1) for place in range(len(names))])[0]
        plan = self.add(Plan, person_id=person, pathway=pathway, answers={}, created_at=at, updated_at=at)
        left = self.chance.random()
        steps = self.pathways[pathway]
        done = sum(1 for place in range(len(steps)) if left < 0.78 ** (place + 1))
        for place, step in enumerate(steps):
            state = "done" if place < done else "doing" if place == done and self.chance.random() < 0.5 else "todo"
            self.add(PlanStep, plan_id=plan, step=step, position=place, state=state, updated_at=at)
        if self.chance.random() < 0.35 and done < len(steps):
            asked = min(self.end, at + DAY)
            state = self.pick({"sent": 70, "cancelled": 8, "dropped": 10}) if self.end - asked > 7 * DAY else "waiting"
            self.add(
                Reminder, person_id=person, chat_id=person, pathway=pathway, step=steps[done], due_at=asked + 7 * DAY,
                state=state, created_at=asked,
            )  # fmt: skip


def fill(house: House, people: int, end: dt.datetime, seed: int = 26, *, delete: bool = True) -> None:
    """A year of `people` in an empty, migrated database. `delete`: what is older than the rules of keeping allow is gone."""
    with house.sessions.begin() as session:
        session.add_all(Team(id=number, name=name, closed=[]) for number, name in ((1, "Ladywood"), (2, "Smethwick")))
        for number, name in enumerate(COLLEAGUES, 1):
            session.add(
                Staff(id=100 + number, login=f"sim-{number}", name=name, role="caseworker", password_hash="", totp_secret="")
            )
        session.flush()
        session.add_all(TeamMember(team_id=1 + number % 2, staff_id=100 + number) for number in range(1, len(COLLEAGUES) + 1))
    year = Year(house, people, end, seed)
    year.make()
    for row in year.rows.get(Handoff, []):
        row["claimed_by"] = row["claimed_by"] and 100 + row["claimed_by"]
    for table in (Person, Chat, Message, Handoff, Referral, Plan, PlanStep, Reminder):
        for batch in itertools.batched(year.rows.get(table, []), AT_ONCE):
            with house.sessions.begin() as session:
                session.execute(insert(table), list(batch))
    if delete:
        _forget(house, end - DAY * house.settings.delete_after_days)


def _forget(house: House, before: dt.datetime) -> None:
    """As bot/cases/retention.py does, by the same code that deletes and counts."""
    ended = Referral.state.in_(["completed", "declined_by_service", "not_eligible", "declined_by_person", "withdrawn"])
    with house.sessions() as session:
        cases = list(session.scalars(select(Handoff.id).where(Handoff.closed_at < before)))
        passed_on = list(session.scalars(select(Referral.id).where(ended, Referral.updated_at < before)))
    for ids, erase in ((cases, erasing.handoffs), (passed_on, erasing.referrals)):
        for batch in itertools.batched(ids, AT_ONCE):
            with house.sessions.begin() as session:
                _erase(session, batch, erase)


def _erase(session: Session, ids: Iterable[int], erase: Any) -> None:
    gone = Gone()
    erase(session, list(ids), gone)
    gone.write(session)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--people", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=26)
    options = parser.parse_args()
    end = dt.datetime.now(dt.UTC)
    with tempfile.TemporaryDirectory() as var:
        house = House.open(Settings.read({"USEIT_VAR": var}))
        migrate.create(house.database)
        with house.sessions.begin() as session:
            loading.load(session, reading.read(ROOT / "data/knowledge"))
        fill(house, options.people, end, options.seed)
        with house.sessions() as session:
            words = Words(session, build(session, house, Scope(preset("year", end.date())), end))
            write_csv(words, options.folder)
            write_html(words, options.folder / "report.html", house)
            print("\n".join(f"{value:>14}  {title}" for title, value in words.heads()))
        house.database.dispose()


if __name__ == "__main__":
    main()
