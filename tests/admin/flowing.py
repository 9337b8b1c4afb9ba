"""Messages that flow while models are switched: sending them, waiting, and that each was answered once."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import func, select

from bot.conversation import inbox
from bot.conversation.models import Inbox, Outbox
from bot.house import House
from bot.training.models import Listening

CHATS, EACH, MOST = 3, 12, 150  # people; messages that each of them sends, and at most
LAST = 2**31 - 1  # number of a message


def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def say(house: House, who: str, text: str) -> int:
    """The number of the message."""
    with house.sessions.begin() as session:
        number = inbox.receive(session, "cli", who, uuid.uuid4().hex, {"text": text})
    house.inbox_bell.ring()
    assert number is not None
    return number


@contextmanager
def people_who_send(house: House) -> Iterator[None]:
    """CHATS people send one message after the other as long as the block lasts; when it has ended all are answered."""
    stop = threading.Event()

    def keep_sending(who: str) -> None:
        sent = 0
        while sent < EACH or not stop.is_set() and sent < MOST:
            say(house, who, "hello")
            sent += 1
            stop.wait(0.2)

    people = [threading.Thread(target=keep_sending, args=(f"person {n}",), daemon=True) for n in range(CHATS)]
    for person in people:
        person.start()
    try:
        yield
    finally:
        stop.set()
        for person in people:
            person.join()
    until(lambda: open_messages(house) == 0)


def open_messages(house: House, to: int = LAST) -> int:
    """How many wait, of those up to this number."""
    with house.sessions() as session:
        return session.scalar(select(func.count()).select_from(Inbox).where(Inbox.state == "open", Inbox.id <= to)) or 0


def newest_message(house: House) -> int:
    with house.sessions() as session:
        return session.scalar(select(func.max(Inbox.id))) or 0


def listening(house: House) -> list[tuple[str, str | None]]:
    """The model of each process that answers, and why it could not take the one it should."""
    with house.sessions() as session:
        return [(row.name, row.failure) for row in session.scalars(select(Listening))]


def each_is_answered_once_and_in_order(house: House) -> None:
    with house.sessions() as session:
        rows = session.execute(select(Inbox.id, Inbox.chat_id, Inbox.state).order_by(Inbox.id)).all()
        assert len(rows) >= CHATS * EACH and {row.state for row in rows} == {"done"}
        answered = session.execute(select(Outbox.chat_id, Outbox.inbox_id, Outbox.origin).order_by(Outbox.id)).all()
    assert len({row.origin for row in answered}) == len(answered)
    for chat in {row.chat_id for row in rows}:
        mine = [row.id for row in rows if row.chat_id == chat]
        theirs = [row.inbox_id for row in answered if row.chat_id == chat]
        assert list(dict.fromkeys(theirs)) == mine
