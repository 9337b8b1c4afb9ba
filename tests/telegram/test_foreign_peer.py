"""Conversations with a peer that we did not write: tg-auto-test, a Telethon-like person in front of a real
python-telegram-bot Application. The updates are its own, and so is what it makes of our calls.
"""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from telegram import Update
from telegram.ext import Application, ApplicationBuilder, ContextTypes, TypeHandler

from bot import i18n
from bot.channels.telegram import client as line
from bot.channels.telegram import updates
from bot.channels.telegram.channel import TelegramChannel
from bot.conversation.sender import Sender
from bot.conversation.worker import Worker
from bot.house import House
from tests.telegram.running import run

serverless = pytest.importorskip("tg_auto_test.test_utils.serverless_telegram_client", reason="tg-auto-test is not installed")


def talk(house: House, engine: Any, conversation: Callable[[Any], Awaitable[None]]) -> None:
    """Runs `conversation` with a person whose every update goes our whole way: door, inbox, Rasa, outbox, sender."""

    async def whole() -> None:
        channel = TelegramChannel(house.settings)
        worker, sender = Worker(house, engine, {"telegram": channel}), Sender(house, {"telegram": channel})

        async def take(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
            await updates.accept(house, update.to_dict())
            while await worker.one():
                pass
            while await sender.some():
                pass

        def build(builder: ApplicationBuilder[Any, Any, Any, Any, Any, Any]) -> Application[Any, Any, Any, Any, Any, Any]:
            application = builder.build()
            line.attach(house.settings, application.bot)
            application.add_handler(TypeHandler(Update, take))
            return application

        person = serverless.ServerlessTelegramClient(build_application=build, user_id=9001)
        await person.connect()
        try:
            async with person.conversation("bridge", timeout=30) as conversing:
                await conversation(conversing)
        finally:
            await person.disconnect()

    run(house.settings, whole)


def labels(answer: Any) -> list[str]:
    return [button.text for row in answer.buttons or [] for button in row]


async def last(conversing: Any) -> Any:
    """The last of the messages that answered."""
    answer = await conversing.get_response()
    while True:
        try:
            answer = await conversing.get_response(timeout=0.05)
        except (RuntimeError, TimeoutError):
            return answer


async def with_button(conversing: Any, label: str) -> Any:
    """The answer that carries the button `label`."""
    while True:
        answer = await conversing.get_response()
        if label in labels(answer):
            return answer


def test_a_newcomer_chooses_somali_and_has_a_word_explained(stocked: House, engine: Any) -> None:
    async def conversation(with_bot: Any) -> None:
        somali = i18n.own_name("so")
        await with_bot.send_message("/start gp-surgery")
        asked = await with_button(with_bot, somali)
        await asked.click(text=somali)
        assert labels(await last(with_bot))
        await with_bot.send_message("DBS", parse_mode=None)
        explained = await with_bot.get_response()
        assert "Disclosure and Barring Service" in explained.text
        await with_bot.send_message("/menu")
        assert (await last(with_bot)).buttons

    talk(stocked, engine, conversation)


# the smallest files in which the peer finds a duration and a size: one page of Ogg (a second), one white pixel of PNG
VOICE = b"OggS\0\0" + (48_000).to_bytes(8, "little") + bytes(13)
PHOTO = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAGP0HAQAAAABJRU5ErkJggg==")


def test_photo_voice_and_document_each_get_their_own_answer(stocked: House, engine: Any) -> None:
    async def conversation(with_bot: Any) -> None:
        answers = []
        for options in ({"file": PHOTO}, {"file": VOICE, "voice_note": True}, {"file": b"%PDF", "force_document": True}):
            await with_bot.send_file(**options)
            answers.append((await last(with_bot)).text)
        assert all(answers)
        assert len(set(answers)) > 1

    talk(stocked, engine, conversation)


def test_an_arabic_question_is_answered_in_lines_that_read_right_to_left(stocked: House, engine: Any) -> None:
    async def conversation(with_bot: Any) -> None:
        await with_bot.send_message("ما معنى Band 5؟", parse_mode=None)
        answer = await with_bot.get_response()
        assert "Band 5" in answer.text
        assert not [row for row in answer.text.split("\n") if row[:1].isascii() and row[:1].isalpha()]

    talk(stocked, engine, conversation)
