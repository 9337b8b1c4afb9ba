"""The web chat on a real port, and a conversation of the tests' own behind it that answers by echo."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import httpx
import uvicorn
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import undefer
from starlette.applications import Starlette

from bot.cases.models import Message
from bot.channels.web.channel import WebChannel
from bot.channels.web.routes import routes
from bot.conversation import inbox, outbox
from bot.conversation.incoming import Incoming
from bot.conversation.models import Inbox
from bot.house import House
from bot.people.models import Chat
from bot.replies import Button, Reply

Answer = Callable[[Incoming, Chat], list[Reply]]
T = TypeVar("T")
PATIENCE = 90.0  # seconds; a busy machine is slow, and only what fails waits so long


def until(found: Callable[[], T], what: str = "") -> T:
    """Waits for a condition and returns what it gives."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if result := found():
            return result
        time.sleep(0.01)
    raise AssertionError(f"did not happen in {PATIENCE} s: {what}")


def app(house: House) -> Starlette:
    return Starlette(routes=routes(house))


@contextmanager
def served(house: House, port: int = 0) -> Iterator[str]:
    """The site's address while it runs in a thread."""
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("127.0.0.1", port))
        port = free.getsockname()[1]
    config = uvicorn.Config(app(house), host="127.0.0.1", port=port, log_level="error", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started, "the server starts")
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


class Echo:
    """Answers open inbox rows in a thread, in the way of the real worker, with what `answer` says. `hold` stops it."""

    def __init__(self, house: House, answer: Answer) -> None:
        self._house, self._answer = house, answer
        self._stop = threading.Event()
        self.free = threading.Event()
        self.free.set()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Echo:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self.free.set()
        self._thread.join(10)

    def _run(self) -> None:
        while not self._stop.is_set():
            self.free.wait()
            try:
                answered = self._one()
            except SQLAlchemyError:  # a test has taken the database away
                answered = False
            if not answered:
                self._house.inbox_bell.wait(0.05)

    def _one(self) -> bool:
        with self._house.sessions.begin() as session:
            found = inbox.next_open(session, ["web"])
            if found is None:
                return False
            row, chat = found
            incoming = WebChannel().read(row.raw)
            row.button = incoming.button or None
            if incoming.kind == "text":
                session.add(Message(chat_id=chat.id, sender="person", language="en", text=incoming.text))
                session.flush()
            outbox.enqueue(session, chat.id, self._answer(incoming, chat), origin=f"in:{row.id}", inbox_id=row.id)
            inbox.finish(row)
        self._house.outbox_bell.ring()
        return True


def echo(incoming: Incoming, chat: Chat) -> list[Reply]:
    """What came in, with two buttons."""
    buttons = [Button(label="Yes", payload="/affirm"), Button(label="No", payload="/deny")]
    said = incoming.text or incoming.command or f"tapped {incoming.button.partition(':')[2]}"
    return [Reply(text=f"You said: {said}", language="en", rows=[buttons])]


def say(house: House, chat_id: int, text: str, *, sender: str = "bot", language: str = "en", origin: str = "") -> None:
    """Something goes out without being asked for: a caseworker, a reminder."""
    reply = Reply(text=text, language=language, sender=sender)  # type: ignore[arg-type]  # bot or staff
    with house.sessions.begin() as session:
        outbox.enqueue(session, chat_id, [reply], origin=origin or f"test:{text}")
    house.outbox_bell.ring()


def rows_of(house: House) -> list[Inbox]:
    with house.sessions() as session:
        return list(session.scalars(select(Inbox).options(undefer(Inbox.raw)).order_by(Inbox.id)))


class Events:
    """An open event stream that is read event by event; comments are kept apart."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self.comments: list[str] = []
        self.place = ""
        self._lines = response.iter_lines()

    def next(self, *names: str) -> dict[str, Any]:
        """The next event with one of these names ("message" when it has none); others are passed over."""
        name, data = "message", ""
        for line in self._lines:
            if line.startswith(":"):
                self.comments.append(line[1:].strip())
            elif line.startswith("id: "):
                self.place = line[4:]
            elif line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                data = line[6:]
            elif not line:
                if data and (name in names or not names):
                    return {"event": name, **json.loads(data)}
                name, data = "message", ""
        raise AssertionError("the stream has ended")

    def comment(self) -> str:
        """The next comment."""
        for line in self._lines:
            if line.startswith(":"):
                return line[1:].strip()
        raise AssertionError("the stream has ended")


class Visitor:
    """A page's own requests, without a browser."""

    def __init__(self, base: str, language: str = "en") -> None:
        self.http = httpx.Client(base_url=base, timeout=15, headers={"Origin": base, "Accept-Language": language})

    def open(self, *, new: bool = False) -> httpx.Response:
        return self.http.post("/chat/open", json={"new": new})

    def post(self, update_id: str, text: str = "", **fields: Any) -> httpx.Response:
        return self.http.post("/chat/messages", json={"id": update_id, "kind": "text", "text": text, **fields})

    @contextmanager
    def events(self, after: str = "", last_event_id: str = "") -> Iterator[Events]:
        headers = {"Last-Event-ID": last_event_id} if last_event_id else {}
        with self.http.stream("GET", "/chat/events", params={"after": after}, headers=headers) as response:
            assert response.status_code == 200
            yield Events(response)
