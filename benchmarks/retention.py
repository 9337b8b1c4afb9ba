"""How long following the rules of keeping takes when very much is due, and how long somebody who writes meanwhile waits.

python -m benchmarks.retention [--cases 100000] [--postgresql URL]
"""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import statistics
import tempfile
import threading
import time

from sqlalchemy import func, insert, select, text

from bot.cases.models import CaseEvent, CaseNote, CaseWord, DeletedCount, Handoff, Message, RetentionRun
from bot.conversation import inbox
from bot.conversation.models import Outbox
from bot.conversation.sweeping import sweep
from bot.db import migrate
from bot.db.base import now
from bot.house import House
from bot.people.models import Chat, Person
from bot.settings import Settings
from bot.staff.models import Staff

OPEN_EVERY = 10  # of so many cases one is open and must stay
WORDS = 6  # by which a case is found
PIECE = 5_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--postgresql", help="the address of an empty database")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environ = {"USEIT_VAR": folder}
        if options.postgresql:
            environ["USEIT_DATABASE_URL"] = options.postgresql
        house = House.open(Settings.read(environ))
        migrate.create(house.database)
        began = time.perf_counter()
        fill(house, options.cases)
        print(f"{options.cases} cases of {options.cases} people made in {time.perf_counter() - began:.0f} s")
        waits: list[float] = []
        stop = threading.Event()
        writer = threading.Thread(target=write, args=(house, waits, stop))
        alone = quiet(house)
        writer.start()
        began, cpu = time.perf_counter(), time.process_time()
        done = sweep(house)
        seconds = time.perf_counter() - began
        stop.set()
        writer.join()
        print(
            f"swept in {seconds:.0f} s ({time.process_time() - cpu:.0f} s of them work): {', '.join(f'{k} {v}' for k, v in done.items() if v)}"
        )
        print(f"a second run, with nothing to do: {timed(house):.2f} s")
        print(f"somebody who writes: alone p50 {alone[0]:.1f} ms p95 {alone[1]:.1f}; meanwhile {figures(waits)}")
        check(house, options.cases)
        print(f"memory at its highest: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
        house.database.dispose()


def fill(house: House, number: int) -> None:
    at = now()
    old = at - dt.timedelta(days=200)
    with house.sessions.begin() as session:
        session.add(Staff(id=1, login="a", name="A", role="caseworker", password_hash="", totp_secret=""))
        session.merge(RetentionRun(id=1, ran_at=at, deletes_from=at))
    for first in range(1, number + 1, PIECE):
        ids = range(first, min(first + PIECE, number + 1))
        with house.sessions.begin() as session:
            session.execute(insert(Person), [{"id": n, "language": "ar", "last_seen_at": at} for n in ids])
            session.execute(
                insert(Chat),
                [{"id": n, "channel": "web", "address": f"a{n}", "address_hash": f"h{n}", "person_id": n} for n in ids],
            )
            session.execute(insert(Handoff), [case(n, old) for n in ids])
            events = [("waiting", old), ("claimed", old), ("closed", old), ("deleted_soon", at - dt.timedelta(days=8))]
            moves = [{"handoff_id": n, "at": when, "actor": "bot", "was": None, "becomes": b} for n in ids for b, when in events]
            session.execute(insert(CaseEvent), moves)
            session.execute(insert(CaseNote), [{"handoff_id": n, "staff_id": 1, "text": "rang", "at": old} for n in ids])
            session.execute(insert(CaseWord), [{"handoff_id": n, "word": f"{n % 977}-{w}"} for n in ids for w in range(WORDS)])
            out = [{"chat_id": n, "origin": f"o{n}", "body": {}, "state": "sent", "created_at": old} for n in ids]
            session.execute(insert(Outbox), out)
            said = [
                {"chat_id": n, "sender": s, "language": "ar", "text": "words", "at": old} for n in ids for s in ("person", "bot")
            ]
            session.execute(insert(Message), said)

    if house.database.dialect.name == "postgresql":  # the ids above were given, not drawn
        with house.sessions.begin() as session:
            for table in ("people", "chats"):
                session.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {number})"))


def case(n: int, old: dt.datetime) -> dict[str, object]:
    is_open = n % OPEN_EVERY == 0
    return {
        "id": n, "reference": f"H-{n}", "person_id": n, "chat_id": n, "kind": "asked", "urgency": "week", "reason": "words",
        "reach": "chat", "state": "waiting" if is_open else "closed", "outcome": None if is_open else "helped",
        "closed_at": None if is_open else old, "created_at": old, "updated_at": old, "language": "ar",
    }  # fmt: skip


def write(house: House, waits: list[float], stop: threading.Event) -> None:
    while not stop.wait(0.02):
        began = time.perf_counter()
        with house.sessions.begin() as session:
            inbox.receive(session, "web", "somebody", f"u{len(waits)}", {"text": "help"})
        waits.append(1_000 * (time.perf_counter() - began))


def quiet(house: House) -> tuple[float, float]:
    waits: list[float] = []
    for number in range(200):
        began = time.perf_counter()
        with house.sessions.begin() as session:
            inbox.receive(session, "web", "somebody", f"q{number}", {"text": "help"})
        waits.append(1_000 * (time.perf_counter() - began))
    return statistics.median(waits), statistics.quantiles(waits, n=20)[-1]


def figures(waits: list[float]) -> str:
    cuts = statistics.quantiles(waits, n=100)
    return f"p50 {cuts[49]:.1f} ms p95 {cuts[94]:.1f} p99 {cuts[98]:.1f} most {max(waits):.0f} ({len(waits)} messages)"


def timed(house: House) -> float:
    began = time.perf_counter()
    sweep(house)
    return time.perf_counter() - began


def check(house: House, number: int) -> None:
    """Everything that was due is gone and counted, everything open is there."""
    with house.sessions() as session:
        left = session.scalar(select(func.count(Handoff.id))) or 0
        gone = session.scalar(select(func.sum(DeletedCount.times)).where(DeletedCount.kind == "handoff.helped")) or 0
        assert left == number // OPEN_EVERY and gone == number - left, (left, gone)
        assert session.scalar(select(func.count(Message.id))) == 0


if __name__ == "__main__":
    main()
