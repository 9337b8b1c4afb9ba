"""Turns a second, latency and memory of `rasa run` with its action server over REST. See README.md in this folder.

python -m benchmarks.published ENV FOLDER_WITH_MODEL [TURNS]
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import httpx
import psutil

HERE = Path(__file__).parent
SCRIPT = json.loads((HERE.parent / "script.json").read_text(encoding="utf-8"))
URL = "http://127.0.0.1:5005/webhooks/rest/webhook"
CHATS, TURNS_EACH = 16, 8
TURNS = int(sys.argv[3]) if len(sys.argv) > 3 else 400  # of the one chat


async def main(environment: str, models: str) -> None:
    environ = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": str(HERE)}
    bin_ = Path(environment) / "bin"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": environ, "cwd": HERE}
    actions = subprocess.Popen([bin_ / "python", "-m", "rasa_sdk", "--actions", "actions_stub.actions", "-p", "5055"], **quiet)
    start = time.perf_counter()
    server = subprocess.Popen([bin_ / "rasa", "run", "-m", models, "--endpoints", "endpoints.yml", "-i", "127.0.0.1"], **quiet)
    try:
        async with httpx.AsyncClient(timeout=120) as client:
            await until_it_answers(client)
            print(f"published Rasa: start-up until it answers: {time.perf_counter() - start:.1f} s")
            await one_chat(client)
            await sixteen(client)
        print(f"memory of both processes: {sum(memory(p.pid) for p in (actions, server))} MB")
    finally:
        for process in (server, actions):
            process.terminate()
            process.wait()


async def until_it_answers(client: httpx.AsyncClient) -> None:
    while True:
        try:
            if (await client.post(URL, json={"sender": "warm", "message": "hello"})).json():
                return
        except httpx.TransportError:
            pass
        await asyncio.sleep(0.5)


async def one_chat(client: httpx.AsyncClient) -> None:
    times = []
    for text in itertools.islice(itertools.cycle(SCRIPT), TURNS):
        start = time.perf_counter()
        await client.post(URL, json={"sender": "one", "message": text})
        times.append((time.perf_counter() - start) * 1000)
    width = len(SCRIPT)
    at = {5: times[:width], 100: times[100 : 100 + width], 400: times[-width:]}
    print("one chat, REST, p50 at   " + "  ".join(f"turn {n}: {statistics.median(w):.1f} ms" for n, w in at.items() if w))


async def sixteen(client: httpx.AsyncClient) -> None:
    times: list[float] = []

    async def talk(number: int) -> None:
        for text in itertools.islice(itertools.cycle(SCRIPT), TURNS_EACH):
            start = time.perf_counter()
            await client.post(URL, json={"sender": f"chat {number}", "message": text})
            times.append((time.perf_counter() - start) * 1000)

    start = time.perf_counter()
    await asyncio.gather(*(talk(number) for number in range(CHATS)))
    seconds = time.perf_counter() - start
    print(f"16 chats, REST: {len(times) / seconds:.0f} turns/s  p95 {sorted(times)[int(len(times) * 0.95)]:.0f} ms")


def memory(pid: int) -> int:
    process = psutil.Process(pid)
    return sum(p.memory_info().rss for p in (process, *process.children(recursive=True))) // 2**20


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
