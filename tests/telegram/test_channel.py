"""Sending, against a server that checks every call."""

from __future__ import annotations

import asyncio
import time

import pytest

from bot.channels.telegram.channel import TelegramChannel
from bot.conversation.incoming import Outgoing
from bot.errors import MovedError, PermanentError, TransientError, UnreachableError
from bot.replies import Button, Reply
from bot.settings import Settings
from tests.telegram import peer as other
from tests.telegram.events import PERSON
from tests.telegram.peer import Failure, Peer
from tests.telegram.running import run

HELLO = Outgoing(id=9, reply=Reply(text="Hello <b>& *you*", language="en", rows=[[Button(label="Menu", payload="/menu")]]))
LONG = Outgoing(id=10, reply=Reply(text="One more sentence. " * 500, language="en", rows=[[Button(label="M", payload="/menu")]]))


def send(channel: TelegramChannel, settings: Settings, message: Outgoing = HELLO, address: str = str(PERSON)) -> str:
    return run(settings, lambda: channel.send(address, message))


def test_a_message_goes_out_as_plain_text_without_preview_and_its_id_comes_back(
    peer: Peer, channel: TelegramChannel, settings: Settings
) -> None:
    assert send(channel, settings) == "1"
    [sent] = peer.called("sendMessage")
    assert sent == {
        "chat_id": PERSON,
        "text": "Hello <b>& *you*",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": [[{"text": "☰ Menu", "callback_data": "9:0"}]]},
    }


def test_the_buttons_of_a_long_message_stand_under_its_last_part(
    peer: Peer, channel: TelegramChannel, settings: Settings
) -> None:
    assert send(channel, settings, LONG) == "3"
    sent = peer.called("sendMessage")
    assert ["reply_markup" in fields for fields in sent] == [False, False, True]
    assert " ".join(peer.texts).split() == LONG.reply.text.split()


def test_a_long_message_that_failed_in_the_middle_goes_on_from_there(
    peer: Peer, channel: TelegramChannel, settings: Settings
) -> None:
    async def twice() -> None:
        await other_part_fails()
        await channel.send(str(PERSON), LONG)

    async def other_part_fails() -> None:
        wait = channel._pace.wait

        async def second_drops(address: str) -> None:
            await wait(address)
            if len(peer.calls) == 1:
                peer.fail("sendMessage", other.DROP)

        channel._pace.wait = second_drops  # type: ignore[method-assign]  # put back at the end of the test
        with pytest.raises(TransientError):
            await channel.send(str(PERSON), LONG)
        channel._pace.wait = wait  # type: ignore[method-assign]  # put back at the end of the test

    run(settings, twice)
    arrived = [peer.texts[0], *peer.texts[2:]]  # the dropped one is there twice, as a call
    assert " ".join(arrived).split() == LONG.reply.text.split()
    assert len(peer.texts) == 4


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (other.blocked(), UnreachableError),
        (Failure(403, "Forbidden: user is deactivated"), UnreachableError),
        (other.refused("chat not found"), UnreachableError),
        (other.refused("message to be replied not found"), PermanentError),
        (Failure(502, "Bad Gateway"), TransientError),
        (Failure(500, body="<html>nginx</html>"), TransientError),
        (Failure(409, "Conflict: terminated by other getUpdates request"), TransientError),
        (Failure(401, "Unauthorized"), TransientError),
        (Failure(200, body="not json"), TransientError),
        (other.DROP, TransientError),
    ],
    ids=str,
)
def test_what_telegram_answers_says_what_to_do(
    peer: Peer, channel: TelegramChannel, settings: Settings, failure: Failure, error: type[Exception]
) -> None:
    peer.fail("sendMessage", failure)
    with pytest.raises(error) as caught:
        send(channel, settings)
    assert type(caught.value) is error
    assert caught.value.__suppress_context__


def test_flood_control_says_how_long_to_wait(peer: Peer, channel: TelegramChannel, settings: Settings) -> None:
    peer.fail("sendMessage", other.flood(17))
    with pytest.raises(TransientError) as caught:
        send(channel, settings)
    assert caught.value.retry_after == 17.0


def test_a_migrated_chat_tells_its_new_address(peer: Peer, channel: TelegramChannel, settings: Settings) -> None:
    peer.fail("sendMessage", other.migrated(-100_123_456_789_0))
    with pytest.raises(MovedError) as caught:
        send(channel, settings)
    assert caught.value.address == "-1001234567890"


def test_a_server_that_is_away_is_transient(environ: dict[str, str]) -> None:
    settings = Settings.read({**environ, "USEIT_TELEGRAM_API": "http://127.0.0.1:9"})
    with pytest.raises(TransientError):
        send(TelegramChannel(settings), settings)


@pytest.mark.parametrize(("text", "address"), [("", str(PERSON)), ("\n", str(PERSON)), ("hi", "someone")])
def test_a_message_without_words_or_address_is_not_tried(
    peer: Peer, channel: TelegramChannel, settings: Settings, text: str, address: str
) -> None:
    with pytest.raises(PermanentError):
        send(channel, settings, Outgoing(id=1, reply=Reply(text=text, language="en")), address)
    assert peer.calls == []


def test_typing_is_shown_and_never_raises(peer: Peer, channel: TelegramChannel, settings: Settings) -> None:
    peer.fail("sendChatAction", other.blocked(), other.DROP)

    async def three() -> None:
        for _ in range(3):
            await channel.typing(str(PERSON))
        await channel.typing("no number")

    run(settings, three)
    assert peer.called("sendChatAction") == [{"chat_id": PERSON, "action": "typing"}] * 3


def test_the_fourth_message_to_a_chat_waits_and_another_chat_does_not(
    peer: Peer, channel: TelegramChannel, settings: Settings
) -> None:
    def said(number: int) -> Outgoing:
        return Outgoing(id=number, reply=Reply(text=str(number), language="en"))

    async def five() -> None:
        await asyncio.gather(*(channel.send("1", said(n)) for n in range(4)), channel.send("2", said(99)))

    began = time.monotonic()
    run(settings, five)
    assert sorted(peer.texts[:4]) == sorted(["0", "1", "2", "99"])
    assert peer.times("sendMessage")[-1] - began >= 0.95
