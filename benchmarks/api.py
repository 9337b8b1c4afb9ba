"""What the public API costs with 5,000 services, half of them ours and half imported from a council.

    python -m benchmarks.api

Prints: making the directory after a change of the knowledge; then, over real HTTP on this machine, the median and the 95th of a
hundred answers for each kind of request; and what importing the records and reading them again took.
"""

from __future__ import annotations

import copy
import datetime as dt
import statistics
import tempfile
import threading
import time
import uuid
from pathlib import Path
from typing import Any

import httpx
import msgspec
import uvicorn
from starlette.applications import Starlette

from bot.channels.api.routes import routes
from bot.db import migrate
from bot.house import House
from bot.knowledge import editing, loading
from bot.knowledge.hsds import importing
from bot.knowledge.hsds.source import Feed, Found
from bot.knowledge.seed import Seed
from bot.settings import Settings
from tests.openreferral.samples import HUB, record

SERVICES = 5_000
TIMES = 100
REQUESTS = (
    "/services?page={page}",
    "/services?page={page}&per_page=100&full=true",
    "/services?search=food+parcels&page={page}",
    "/services?postcode=B16&proximity=2000&day=MO",
    "/service_at_locations?postcode=B16&proximity=2000",
    "/services?minimal=true&per_page=100&page={page}",
    "/taxonomy_terms",
)


def main() -> None:
    house = House.open(Settings.read({"USEIT_VAR": tempfile.mkdtemp(prefix="useit-bench-")}))
    migrate.create(house.database)
    fill(house)
    app = Starlette(routes=routes(house))
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}/api", timeout=60) as http:
        start = time.perf_counter()
        total = http.get("/services").json()["total_items"]
        print(f"first answer after a change, with {total} services: {time.perf_counter() - start:.2f} s")
        edit(house)
        start = time.perf_counter()
        http.get("/services")
        print(f"first answer after one edit: {time.perf_counter() - start:.2f} s")
        for request in REQUESTS:
            measure(http, request)
        known = http.get("/services").headers["etag"]
        measure(http, "/services", {"If-None-Match": known})
        measure(http, f"/services/{http.get('/services').json()['contents'][0]['id']}")
    server.should_exit = True
    thread.join(10)
    memory = int(next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS")).split()[1])
    print(f"memory of this process: {memory // 1024} MB")


def fill(house: House) -> None:
    ours = [msgspec.structs.replace(HUB, key=f"hub-{n}", name=f"Advice hub {n}") for n in range(SERVICES // 2)]
    with house.sessions.begin() as session:
        loading.load(session, Seed(terms=[], services=ours, safety=[], pathways=[], letters=[], texts={}, names={}))
    feed = Feed("https://council.example", [Found(f"{n}#", theirs(n)) for n in range(SERVICES // 2)], True)
    for what in ("importing", "the same again"):
        start = time.perf_counter()
        with house.sessions.begin() as session:
            plan = importing.apply(session, feed, today=dt.date.today())
        counts = {name: count for name, count in plan.counts.items() if count}
        print(f"{what} {len(feed.records)} records: {time.perf_counter() - start:.2f} s {counts}")


def edit(house: House) -> None:
    with house.sessions.begin() as session:
        entry = editing.find(session, "services", "hub-7")
        assert entry is not None
        editing.edit_data(session, entry, {"name": "Edited"}, "staff:1", "")


def theirs(number: int) -> dict[str, Any]:
    made = copy.deepcopy(record(number + 1))
    made["id"], made["name"] = str(uuid.UUID(int=number + 1)), f"Food parcels {number}"
    return made


def measure(http: httpx.Client, request: str, headers: dict[str, str] | None = None) -> None:
    times, size = [], 0
    for number in range(TIMES):
        start = time.perf_counter()
        answer = http.get(request.format(page=number % 40 + 1), headers=headers)
        times.append((time.perf_counter() - start) * 1000)
        assert answer.status_code in (200, 304), answer.text
        size = len(answer.content)
    note = " (304)" if headers else ""
    print(
        f"{request.partition('?page')[0]:<60}{note} p50 {statistics.median(times):6.1f} ms  p95 {sorted(times)[94]:6.1f} ms  {size:>7} bytes"
    )


if __name__ == "__main__":
    main()
