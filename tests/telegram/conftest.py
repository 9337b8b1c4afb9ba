"""A house that talks to the tests' own Bot API server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.channels.telegram.channel import TelegramChannel
from bot.settings import Settings
from tests.telegram.peer import Peer


@pytest.fixture
def peer() -> Iterator[Peer]:
    """Fails the test when one of our calls was not as the Bot API wants it."""
    with Peer() as running:
        yield running
        assert running.faults == []


@pytest.fixture
def environ(environ: dict[str, str], peer: Peer) -> dict[str, str]:
    return {**environ, "USEIT_TELEGRAM_TOKEN": peer.token, "USEIT_TELEGRAM_API": peer.url}


@pytest.fixture
def channel(settings: Settings) -> TelegramChannel:
    return TelegramChannel(settings)
