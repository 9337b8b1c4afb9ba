"""What a turn costs, and that it stays what it is.

    python benchmarks/turns.py            our program
    python benchmarks/turns.py --engine   only inside the engine

Prints: latency at turns 5, 100 and 400 of one chat; turns a second and p95 at 16 chats in the engine, and through the whole way
(inbox, engine, outbox, each durable on disk); start-up; memory of all processes. benchmarks/published.py prints the same of stock Rasa.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import warnings
from pathlib import Path

warnings.simplefilter("ignore")
ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sqlalchemy import func, select  # noqa: E402  # imports come after the path or the stand-ins are set

from bot import app, prepare  # noqa: E402  # imports come after the path or the stand-ins are set
from bot.cases.hours import Hours  # noqa: E402  # imports come after the path or the stand-ins are set
from bot.conversation import inbox, turn  # noqa: E402  # imports come after the path or the stand-ins are set
from bot.conversation.models import Outbox  # noqa: E402  # imports come after the path or the stand-ins are set
from bot.conversation.sender import Sender  # noqa: E402  # imports come after the path or the stand-ins are set
from bot.conversation.worker import Worker  # noqa: E402  # imports come after the path or the stand-ins are set
from bot.db.base import now  # noqa: E402  # imports come after the path or the stand-ins are set
from bot.house import House  # noqa: E402  # imports come after the path or the stand-ins are set
from bot.knowledge import snapshot  # noqa: E402  # imports come after the path or the stand-ins are set
from bot.settings import Settings  # noqa: E402  # imports come after the path or the stand-ins are set
from engine.agent import Engine  # noqa: E402  # imports come after the path or the stand-ins are set
from engine.dialogue import DialogueState  # noqa: E402  # imports come after the path or the stand-ins are set
from tests.faults.recording import RecordingChannel  # noqa: E402  # imports come after the path or the stand-ins are set

SCRIPT = json.loads((Path(__file__).parent / "script.json").read_text(encoding="utf-8"))  # messages, sent in a circle
CHATS = 16
WHOLE_TURNS = 800


def main() -> None:
    home = tempfile.mkdtemp(prefix="useit-bench-")
    settings = Settings.read({**os.environ, "USEIT_VAR": home, "USEIT_HOURS": "mon-sun 00:00-23:59"})
    house = House.open(settings)
    archive = prepare.everything(house, lambda line: None)
    engine = app.load_engine(house, archive)
    one_chat(house, engine)
    sixteen_in_the_engine(house, engine)
    if "--engine" not in sys.argv:
        whole_way(house, engine)
        start_up(home)


def one_chat(house: House, engine: Engine) -> None:
    times: list[float] = []

    async def talk() -> None:
        state = DialogueState()
        with house.sessions() as session:
            chat = inbox.chat_for(session, "bench", "one")
            for text in itertools.islice(itertools.cycle(SCRIPT), 420):
                begin(house, session, chat, text)
                start = time.perf_counter()
                _, state = await engine.turn("one", text, state)
                times.append((time.perf_counter() - start) * 1000)

    asyncio.run(talk())
    width = len(SCRIPT)  # the same messages in each window
    at = {5: times[:width], 100: times[100 : 100 + width], 400: times[400 - width : 400]}
    row = "  ".join(f"turn {n}: {statistics.median(window):.1f} ms" for n, window in at.items())
    print(f"one chat, in the engine, p50 at   {row}   p50 of all: {statistics.median(times):.1f} ms")


def begin(house: House, session: object, chat: object, text: str) -> None:
    turn.begin(
        turn.Turn(
            session=session,  # type: ignore[arg-type]  # the library is typed looser than it is used
            chat=chat,  # type: ignore[arg-type]  # the library is typed looser than it is used
            knowledge=snapshot.current(session),  # type: ignore[arg-type]  # the library is typed looser than it is used
            language="en",
            text=text,
            origin="bench",
            hours=Hours.parse(house.settings.hours),
            at=now(),
            languages=house.settings.languages,
        )
    )


def sixteen_in_the_engine(house: House, engine: Engine) -> None:
    times: list[float] = []

    async def talk(number: int) -> None:
        state = DialogueState()
        with house.sessions() as session:
            chat = inbox.chat_for(session, "bench", f"chat {number}")
            for text in itertools.islice(itertools.cycle(SCRIPT[number % len(SCRIPT) :] + SCRIPT[: number % len(SCRIPT)]), 50):
                begin(house, session, chat, text)
                start = time.perf_counter()
                _, state = await engine.turn(str(number), text, state)
                times.append((time.perf_counter() - start) * 1000)
            session.rollback()

    start = time.perf_counter()
    for number in range(CHATS):  # one thread: chats take turns, as the worker takes them
        asyncio.run(talk(number))
    seconds = time.perf_counter() - start
    print(f"16 chats, in the engine: {len(times) / seconds:.0f} turns/s  p95 {sorted(times)[int(len(times) * 0.95)]:.1f} ms")


def whole_way(house: House, engine: Engine) -> None:
    channel = RecordingChannel(house.settings.var / "delivered.log")
    channels = {"record": channel}
    worker = Worker(house, engine, channels)
    threading.Thread(target=worker.run, daemon=True).start()
    stop = asyncio.Event()
    loop = asyncio.new_event_loop()
    threading.Thread(target=lambda: loop.run_until_complete(Sender(house, channels).run(stop)), daemon=True).start()
    sent: dict[str, float] = {}
    start = time.perf_counter()
    for number, text in enumerate(itertools.islice(itertools.cycle(SCRIPT), WHOLE_TURNS)):
        update = str(number)
        with house.sessions.begin() as session:
            inbox.receive(session, "record", f"person {number % CHATS}", update, {"text": text})
        sent[update] = time.perf_counter()
        house.inbox_bell.ring()
    waiting = 1
    while waiting:
        with house.sessions() as session:
            waiting = session.scalar(select(func.count(Outbox.id)).where(Outbox.state != "sent")) or 0
            waiting += session.scalar(select(func.count(inbox.Inbox.id)).where(inbox.Inbox.state == "open")) or 0
        house.outbox_bell.wait(0.05)
    seconds = time.perf_counter() - start
    with house.sessions() as session:
        messages = session.scalar(select(func.count(Outbox.id)))
    print(f"16 chats, the whole way, durable: {WHOLE_TURNS / seconds:.0f} turns/s  ({messages} messages delivered)")
    worker.stop()
    loop.call_soon_threadsafe(stop.set)


def start_up(home: str) -> None:
    environ = {**os.environ, "USEIT_VAR": home, "USEIT_PORT": "18765", "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "ignore"}
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "bot.cli", "up"], env=environ, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if "Ctrl-C" in line:
            break
    seconds = time.perf_counter() - start
    urllib.request.urlopen("http://127.0.0.1:18765/").read()
    status = Path(f"/proc/{process.pid}/status").read_text()
    memory = int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) // 1024
    process.terminate()
    process.wait()
    print(f"start-up until it answers: {seconds:.1f} s   memory of all processes: {memory} MB")


if __name__ == "__main__":
    main()
