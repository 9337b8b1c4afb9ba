"""The team's own Telegram chat, against the tests' Bot API server: what is said there, and when Telegram refuses."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bot.cases import handoffs
from bot.cases.models import StaffAlert
from bot.channels.telegram import client
from bot.channels.telegram.staff_alerts import StaffAlerts
from bot.conversation import inbox
from bot.errors import SettingsError
from bot.house import House
from bot.settings import Settings
from bot.staff.models import Staff
from tests.telegram.peer import Peer, blocked, flood, migrated

CHAT = -1001234567890


@pytest.fixture
def environ(environ: dict[str, str]) -> dict[str, str]:
    return {**environ, "USEIT_STAFF_TELEGRAM_CHAT": str(CHAT), "USEIT_PUBLIC_URL": "https://bridge.example"}


@pytest.fixture
def reference(house: House) -> Iterator[str]:
    with house.sessions.begin() as session:
        session.add(Staff(login="amina", name="Amina", role="caseworker", password_hash="", totp_secret=""))
        chat = inbox.chat_for(session, "web", "someone")
        chat.person.language = "so"
        session.flush()
        row = handoffs.open_handoff(session, chat, kind="danger", urgency="danger", reason="Waan baqayaa", reach="0770")
        found = row.reference
    yield found


def tell(house: House, times: int = 1) -> StaffAlerts:
    sender = StaffAlerts(house, house.settings.staff_telegram_chat or 0)

    async def some() -> None:
        for _ in range(times):
            await sender.some()
        await client.close(house.settings)

    asyncio.run(some())
    return sender


def state(house: House) -> str:
    with house.sessions() as session:
        return session.scalars(select(StaffAlert.state)).one()


def test_the_chat_is_told_the_reference_urgency_language_and_a_link(house: House, peer: Peer, reference: str) -> None:
    tell(house, 2)
    (said,) = peer.called("sendMessage")
    assert int(said["chat_id"]) == CHAT and state(house) == "sent"
    assert said["text"].splitlines() == [
        f"Somebody may be in danger: {reference}, Danger, Somali",
        f"https://bridge.example/console/cases/{reference}",
    ]
    assert "baqayaa" not in said["text"] and "0770" not in said["text"]


def test_a_flood_is_waited_out_and_a_blocked_bot_gives_up(house: House, peer: Peer, reference: str) -> None:
    peer.fail("sendMessage", flood(1))
    tell(house)
    assert state(house) == "queued"
    with house.sessions.begin() as session:
        session.scalars(select(StaffAlert)).one().not_before = None
    peer.fail("sendMessage", blocked())
    tell(house)
    assert state(house) == "failed" and reference


def test_a_group_that_has_moved_is_followed(house: House, peer: Peer, reference: str) -> None:
    peer.fail("sendMessage", migrated(-100999))
    sender = StaffAlerts(house, CHAT)

    async def both() -> None:
        await sender.some()
        with house.sessions.begin() as session:
            session.scalars(select(StaffAlert)).one().not_before = None
        await sender.some()
        await client.close(house.settings)

    asyncio.run(both())
    assert [int(call["chat_id"]) for call in peer.called("sendMessage")] == [CHAT, -100999] and state(house) == "sent"
    assert reference in peer.called("sendMessage")[1]["text"]


@pytest.mark.parametrize("value", ["team", "12.5", "0", "-"])
def test_a_chat_that_is_none_is_refused_at_the_start(value: str, environ: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="USEIT_STAFF_TELEGRAM_CHAT"):
        Settings.read({**environ, "USEIT_STAFF_TELEGRAM_CHAT": value})


def test_a_chat_without_a_bot_is_refused_at_the_start(environ: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="USEIT_TELEGRAM_TOKEN"):
        Settings.read({**environ, "USEIT_TELEGRAM_TOKEN": ""})
