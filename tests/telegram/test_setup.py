"""What Telegram is told at the start, and what the logs never tell."""

from __future__ import annotations

import asyncio
import io
import logging
import sys

import pytest

from bot import i18n
from bot.channels.telegram import client, redaction, setup
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.reading import COMMANDS
from bot.conversation.incoming import Outgoing
from bot.errors import SettingsError, TransientError
from bot.house import House
from bot.replies import Reply
from bot.settings import KNOWN_LANGUAGES, Settings
from tests.telegram import peer as other
from tests.telegram.events import message, rows
from tests.telegram.peer import Peer
from tests.telegram.running import happens, polled, run

SECRET = "s" * 40


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "BACKOFF_SECONDS", (0.01,))


def prepare(house: House) -> None:
    run(house.settings, lambda: setup.prepare(house, TelegramChannel(house.settings)))


def test_the_commands_are_listed_in_each_language_and_by_default(house: House, peer: Peer) -> None:
    prepare(house)
    told = {fields.get("language_code", ""): fields["commands"] for fields in peer.called("setMyCommands")}
    assert set(told) == {"", *KNOWN_LANGUAGES}
    for language, commands in told.items():
        assert [one["command"] for one in commands] == list(COMMANDS)
        assert [one["description"] for one in commands] == [i18n.t(language or "en", f"telegram.command.{n}") for n in COMMANDS]


def test_polling_takes_a_webhook_away_and_drops_nothing(house: House, peer: Peer) -> None:
    peer.webhook = "https://an.old/one"
    prepare(house)
    assert peer.webhook == ""
    assert peer.called("deleteWebhook")[0].get("drop_pending_updates", False) is False
    assert peer.called("setWebhook") == []


def test_webhook_mode_sets_it_with_its_secret_and_drops_nothing(environ: dict[str, str], peer: Peer) -> None:
    hook = {
        "USEIT_TELEGRAM_MODE": "webhook",
        "USEIT_TELEGRAM_WEBHOOK_SECRET": SECRET,
        "USEIT_PUBLIC_URL": "https://bridge.example",
    }
    prepare(House.open(Settings.read({**environ, **hook})))
    [fields] = peer.called("setWebhook")
    assert fields["url"] == "https://bridge.example/telegram/webhook"
    assert fields["secret_token"] == SECRET
    assert fields["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]
    assert fields.get("drop_pending_updates", False) is False


def test_it_tries_again_until_telegram_answers(house: House, peer: Peer) -> None:
    peer.fail("deleteWebhook", other.DROP, other.Failure(502, "Bad Gateway"))
    peer.fail("setMyCommands", other.Failure(500, "Internal Server Error"))
    prepare(house)
    assert {f.get("language_code", "") for f in peer.called("setMyCommands")} == {"", *KNOWN_LANGUAGES}


def test_stopping_does_not_wait_for_a_telegram_that_is_away(house: House, peer: Peer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "BACKOFF_SECONDS", (600,))
    peer.fail("deleteWebhook", other.DROP)

    async def work() -> None:
        stop = asyncio.Event()
        task = asyncio.create_task(setup.prepare(house, TelegramChannel(house.settings), stop))
        await happens(lambda: peer.called("deleteWebhook"))
        stop.set()
        await asyncio.wait_for(task, 5)

    run(house.settings, work)


@pytest.mark.parametrize(
    ("failure", "setting"),
    [(other.Failure(401, "Unauthorized"), "USEIT_TELEGRAM_TOKEN"), (other.refused("bad webhook"), "USEIT_PUBLIC_URL")],
)
def test_a_wrong_setting_is_named(
    house: House, peer: Peer, caplog: pytest.LogCaptureFixture, failure: other.Failure, setting: str
) -> None:
    peer.fail("deleteWebhook", failure)
    prepare(house)
    assert setting in caplog.text


def test_without_a_token_there_is_no_line(environ: dict[str, str]) -> None:
    settings = Settings.read({**environ, "USEIT_TELEGRAM_TOKEN": ""})

    async def ask() -> None:
        with pytest.raises(SettingsError, match="USEIT_TELEGRAM_TOKEN"):
            client.line(settings)

    run(settings, ask)


def test_no_log_holds_the_token(house: House, peer: Peer) -> None:
    """Every logger at its most talkative, a whole round of calls and failures, and then a search."""
    heard = io.StringIO()
    handler = logging.StreamHandler(heard)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    channel = TelegramChannel(house.settings)
    peer.fail("sendMessage", other.DROP, other.flood(1), other.blocked(), other.Failure(200, body="no json"))

    async def work() -> None:
        client.line(house.settings)
        for name in redaction.QUIET:
            logging.getLogger(name).setLevel(logging.DEBUG)  # even if somebody turns them on
        await setup.prepare(house, channel)
        async with polled(house):
            peer.queue("message", message("x"))
            await happens(lambda: rows(house))
        for number in range(4):
            with pytest.raises(Exception):  # noqa: B017  # whichever: the log is what counts
                await channel.send("1", Outgoing(id=number, reply=Reply(text="hello", language="en")))
        try:
            raise RuntimeError(f"{peer.url}/bot{peer.token}/getMe")
        except RuntimeError:
            logging.getLogger("some.library").exception("asked %s", f"bot{peer.token}")
        logging.getLogger("httpx").warning("%(url)s", {"url": f"bot{peer.token.replace(':', '%3A')}"})

    try:
        run(house.settings, work)
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        for name in redaction.QUIET:
            logging.getLogger(name).setLevel(logging.WARNING)
    written = heard.getvalue()
    assert "sendMessage" in written  # httpx did speak
    assert redaction.HIDDEN in written
    assert peer.token not in written
    assert peer.token.partition(":")[2] not in written


def test_httpx_and_telegram_are_quiet_from_the_first_call_on(settings: Settings) -> None:
    for name in redaction.QUIET:
        logging.getLogger(name).setLevel(logging.NOTSET)

    async def ask() -> None:
        client.line(settings)

    run(settings, ask)
    assert {logging.getLogger(name).level for name in redaction.QUIET} == {logging.WARNING}


def test_a_record_that_does_not_fit_its_arguments_still_does_not_raise(settings: Settings) -> None:
    redaction.guard(settings.telegram_token)
    record = logging.getLogger("x").makeRecord("x", logging.INFO, "f", 1, "%d %d", ("a",), None)
    assert settings.telegram_token not in str(record.msg)


def test_no_error_of_ours_holds_the_token(settings: Settings, channel: TelegramChannel, peer: Peer) -> None:
    peer.fail("sendMessage", other.DROP)
    with pytest.raises(TransientError) as caught:
        run(settings, lambda: channel.send("1", Outgoing(id=1, reply=Reply(text="x", language="en"))))
    import traceback

    assert peer.token not in "".join(traceback.format_exception(caught.value))
    assert peer.token not in repr(settings)
    assert sys.exc_info() == (None, None, None)
