"""Killed at any moment, nothing is lost, nothing is done twice, and order is kept."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from bot.cases.models import Handoff, Message, Referral
from bot.conversation import inbox
from bot.conversation.models import Inbox, Outbox
from bot.db.session import read_only
from bot.house import House
from bot.knowledge import loading, seed
from bot.people.models import Chat
from bot.settings import Settings
from tests.faults.killing import CONVERSATIONS, IS_LONG, Program

SCRIPT = (
    "what is council tax",
    "can I talk to a person please",
    "I cannot read the letter about my rent",
    "Here in this chat",
    "It can wait",
    "what does DWP mean",
)
KILLS = 8 if IS_LONG else 3
PATIENCE = 280.0


@pytest.fixture(params=["sqlite", "postgresql"])
def kept(request: pytest.FixtureRequest, environ: dict[str, str], content: seed.Seed, stocked_database: Path) -> Iterator[House]:
    """A house that knows what a new installation knows, on each database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("stocked")
        return
    environ["USEIT_DATABASE_URL"] = request.getfixturevalue("postgresql")
    opened = House.open(Settings.read(environ))
    with opened.sessions.begin() as session:
        loading.load(session, content)
    yield opened
    opened.database.dispose()


@pytest.mark.timeout(600)
def test_killed_again_and_again_every_message_is_answered_once_and_in_order(
    kept: House, environ: dict[str, str], archive: Path
) -> None:
    """On PostgreSQL a second worker shares the work, and is killed as often."""
    programs = [Program(environ, archive)]
    if not environ.get("USEIT_DATABASE_URL", "sqlite").startswith("sqlite"):
        programs.append(Program(environ, archive, "worker"))
    for program in programs:
        program.start()
    chance = random.Random(7)
    turns = [(n, place) for place in range(len(SCRIPT)) for n in range(CONVERSATIONS)]
    kill_at = set(chance.sample(range(50, len(turns)), KILLS))
    try:
        for number, (conversation, place) in enumerate(turns):
            _deliver(kept, f"person {conversation}", f"{conversation}/{place}", {"text": SCRIPT[place]})
            if number in kill_at:
                program = chance.choice(programs)
                program.kill()
                program.start()
        _wait_until_quiet(kept, programs, chance)
    finally:
        for program in programs:
            program.kill()
    _every_message_is_answered_once(kept)
    _order_is_kept(kept)
    _nothing_is_doubled(kept)
    _what_was_delivered_is_what_was_written(kept)


def _deliver(house: House, address: str, key: str, raw: dict[str, str]) -> None:
    """As every edge does: a database that takes no writes now is tried again, for the sender still has the message."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with house.sessions.begin() as session:
                assert inbox.receive(session, "record", address, key, raw)
            return
        except DBAPIError:
            if time.monotonic() > deadline:
                raise


def _wait_until_quiet(house: House, programs: list[Program], chance: random.Random) -> None:
    """Kills one a few more times while they work off what is open."""
    deadline = time.monotonic() + PATIENCE
    thresholds = [900, 500, 150] if IS_LONG else [40]
    while time.monotonic() < deadline:
        with read_only(house.sessions) as session:
            waiting = session.scalar(select(func.count(Inbox.id)).where(Inbox.state == "open")) or 0
            unsent = session.scalar(select(func.count(Outbox.id)).where(Outbox.state.in_(("queued", "sending")))) or 0
        if thresholds and waiting < thresholds[0]:
            thresholds.pop(0)
            program = chance.choice(programs)
            program.kill()
            program.start()
        if not waiting and not unsent:
            return
        house.inbox_bell.wait(0.2)
    raise AssertionError(f"{waiting} messages open and {unsent} unsent after {PATIENCE} seconds")


def _every_message_is_answered_once(house: House) -> None:
    with house.sessions() as session:
        states = Counter(session.scalars(select(Inbox.state)))
        assert states == {"done": CONVERSATIONS * len(SCRIPT)}
        answered = set(session.scalars(select(Outbox.inbox_id).distinct()))
        assert answered >= set(session.scalars(select(Inbox.id)))
        origins = list(session.scalars(select(Outbox.origin)))
        assert len(origins) == len(set(origins))
        heard = session.scalar(select(func.count(Message.id)).where(Message.sender == "person"))
        assert heard == CONVERSATIONS * len(SCRIPT)


def _order_is_kept(house: House) -> None:
    with house.sessions() as session:
        for chat in session.scalars(select(Chat)):
            rows = list(session.scalars(select(Outbox.inbox_id).where(Outbox.chat_id == chat.id).order_by(Outbox.id)))
            assert rows == sorted(rows)


def _nothing_is_doubled(house: House) -> None:
    with house.sessions() as session:
        per_chat = Counter(session.scalars(select(Handoff.chat_id)))
        assert len(per_chat) == CONVERSATIONS and set(per_chat.values()) == {1}
        assert session.scalar(select(func.count(Referral.id))) == 0
        asked = session.scalars(select(Handoff).limit(1)).one()
        assert asked.reason == SCRIPT[2]


def _what_was_delivered_is_what_was_written(house: House) -> None:
    """At least once each; more than once only where we say that it may have been."""
    lines = (house.settings.var / "delivered.log").read_text(encoding="utf-8").splitlines()
    delivered = Counter(json.loads(line)["id"] for line in lines)
    with house.sessions() as session:
        rows = {row.id: row for row in session.scalars(select(Outbox))}
    assert set(delivered) == set(rows)
    repeated = {number for number, times in delivered.items() if times > 1}
    assert repeated <= {number for number, row in rows.items() if row.possible_repeat}
    order: dict[str, list[int]] = {}
    for line in map(json.loads, lines):
        seen = order.setdefault(line["to"], [])
        if line["id"] not in seen:
            seen.append(line["id"])
    assert all(seen == sorted(seen) for seen in order.values())
