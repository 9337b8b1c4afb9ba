"""`useit say`: a text goes in as from a person's phone, and what they would see comes out."""

from __future__ import annotations

import argparse
import asyncio
import json
import time
import uuid

from sqlalchemy import select

from bot.conversation import inbox, outbox
from bot.conversation.incoming import Outgoing
from bot.conversation.models import Inbox
from bot.errors import TransientError
from bot.house import House
from bot.settings import Settings

PATIENCE = 60.0  # seconds to wait for a running program


def say(options: argparse.Namespace) -> int:
    """Uses the running program, or starts what it needs."""
    from bot import prepare
    from bot.cli import tell

    house = House.open(Settings.read())
    running = prepare.is_running(house)
    archive = None if running else prepare.everything(house, tell)
    inbox_id, last_seen = _put(house, options)
    if archive is not None:
        _answer_here(house, archive, inbox_id)
    _print(_wait(house, inbox_id, last_seen), options.json)
    return 0


def _put(house: House, options: argparse.Namespace) -> tuple[int, int]:
    with house.sessions.begin() as session:
        chat = inbox.chat_for(session, "cli", options.chat)
        seen = outbox.since(session, chat.id, 0)
        if options.lang:
            if options.lang not in house.settings.languages:
                raise TransientError(f"--lang: must be one of {', '.join(house.settings.languages)}")
            chat.person.language, chat.person.language_confirmed, chat.person.welcomed = options.lang, True, True
        raw = {"text": options.text, "language": options.lang or ""}
        inbox_id = inbox.receive(session, "cli", options.chat, uuid.uuid4().hex, raw)
    assert inbox_id is not None
    return inbox_id, seen[-1].id if seen else 0


def _answer_here(house: House, archive: object, inbox_id: int) -> None:
    from pathlib import Path

    from bot import app
    from bot.conversation.worker import Worker

    worker = Worker(house, app.engine_in_use(house, Path(str(archive))), app.channels(house))

    async def work() -> None:
        while await worker.one():
            pass

    asyncio.run(work())


def _wait(house: House, inbox_id: int, last_seen: int) -> list[Outgoing]:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with house.sessions.begin() as session:
            row = session.scalars(select(Inbox).where(Inbox.id == inbox_id)).one_or_none()
            if row is None or row.state != "open" or row.attempts:
                chat_id = row.chat_id if row else 0
                return [outbox.outgoing(r) for r in outbox.since(session, chat_id, last_seen)]
        house.outbox_bell.wait()
    raise TransientError("no answer yet; the message is kept and will be answered")


def _print(messages: list[Outgoing], as_json: bool) -> None:
    if as_json:
        shown = []
        for message in messages:
            buttons = [button for row in message.reply.rows for button in row]
            shown.append(
                {
                    "text": message.reply.text,
                    "language": message.reply.language,
                    "buttons": [
                        {"label": b.label, "url": b.url} if b.url else {"label": b.label, "token": f"{message.id}:{n}"}
                        for n, b in enumerate(buttons)
                    ],
                    "attachments": _papers(message),
                }
            )
        print(json.dumps({"replies": shown}, ensure_ascii=False))
        return
    for message in messages:
        print(message.reply.text)
        for name in _papers(message):
            print(f"[{name}]")
        for buttons in message.reply.rows:
            print("  " + "  ".join(f"[{b.label}]" for b in buttons))
        print()


def _papers(message: Outgoing) -> list[str]:
    paper = message.reply.paper
    return [f"{paper.name}.{paper.form}"] if paper else []
