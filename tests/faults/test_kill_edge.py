"""`./useit up` itself is killed while people write: what the page was told is stored has an answer, once."""

from __future__ import annotations

import random
import socket
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from bot.conversation.models import Inbox, Outbox
from bot.house import House
from tests.faults.killing import CONVERSATIONS, IS_LONG, Program

AT_ONCE, KILLS = 8, 5 if IS_LONG else 2
SCRIPT = ("what is council tax", "DBS?", "can I talk to a person please")
PATIENCE = 180.0


@pytest.mark.timeout(600)
def test_what_the_page_was_told_is_stored_is_answered_once(stocked: House, environ: dict[str, str], archive: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = Program({**environ, "USEIT_PORT": str(port)}, archive, "up")
    program.start()
    done = threading.Event()
    killer = threading.Thread(target=_kill, args=(program, stocked, done))
    killer.start()
    try:
        with ThreadPoolExecutor(AT_ONCE) as people:
            list(people.map(lambda _: _converse(port), range(CONVERSATIONS)))
        done.set()
        killer.join()
        _wait_until_quiet(stocked)
    finally:
        done.set()
        killer.join()
        program.kill()
    with stocked.sessions() as session:
        assert Counter(session.scalars(select(Inbox.state))) == {"done": CONVERSATIONS * len(SCRIPT)}
        answered = Counter(session.scalars(select(Outbox.origin)))
        assert set(answered.values()) == {1}
        assert set(session.scalars(select(Inbox.id))) == set(session.scalars(select(Outbox.inbox_id)))


def _converse(port: int) -> None:
    """As the page does: the same id again until it hears that the message is stored."""
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers={"Sec-Fetch-Site": "same-origin"}) as page:
        _until_taken(page, "/chat/open", {}, (200,))
        for number, text in enumerate(SCRIPT):
            _until_taken(page, "/chat/messages", {"id": f"m-{number}", "kind": "text", "text": text}, (202,))


def _until_taken(page: httpx.Client, path: str, body: dict[str, str], good: tuple[int, ...]) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            answer = page.post(path, json=body)
        except httpx.TransportError:
            time.sleep(0.1)  # the program is down: the page waits as well
            continue
        if answer.status_code in good:
            return
        assert answer.status_code == 503, answer.text
    raise AssertionError("the program did not come back")


def _kill(program: Program, house: House, done: threading.Event) -> None:
    """Each time some more has come in, until KILLS times or the people are done."""
    chance = random.Random(3)
    marks = sorted(chance.sample(range(20, CONVERSATIONS * len(SCRIPT) - 20), KILLS))
    while marks and not done.wait(0.02):
        with house.sessions() as session:
            stored = session.scalar(select(func.count(Inbox.id))) or 0
        if stored >= marks[0]:
            marks.pop(0)
            program.kill()
            program.start()


def _wait_until_quiet(house: House) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with house.sessions() as session:
            if not session.scalar(select(func.count(Inbox.id)).where(Inbox.state == "open")):
                return
        house.inbox_bell.wait(0.2)
    raise AssertionError(f"messages are open after {PATIENCE} seconds")
