"""Small things said in passing, straight to Telegram. None of them may fail or hold up the update they belong to."""

from __future__ import annotations

import logging
from typing import Any

from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot import i18n
from bot.channels.telegram.client import Line
from bot.channels.telegram.reading import language_hint
from bot.settings import Settings

log = logging.getLogger(__name__)
PRESENT = ("member", "administrator")


def acknowledge(line: Line, update: dict[str, Any]) -> None:
    """Stops the little clock on a tapped button."""
    tap = update.get("callback_query")
    if isinstance(tap, dict) and isinstance(tap.get("id"), str):
        line.soon(_answer(line, tap["id"]))


def private_only(line: Line, settings: Settings, kind: str, event: dict[str, Any], chat: dict[str, Any]) -> None:
    """In a group: one polite line, once."""
    status = (event.get("new_chat_member") or {}).get("status") if kind == "my_chat_member" else PRESENT[0]
    if chat.get("type") in ("group", "supergroup") and status in PRESENT and line.groups.first(str(chat["id"])):
        line.soon(_say(line, chat["id"], i18n.t(_language(settings, event), "telegram.private_only")))


def trouble(line: Line, settings: Settings, event: dict[str, Any], chat: dict[str, Any]) -> None:
    """The honest line when a message cannot be kept now; at most once a minute in a chat."""
    if chat.get("type") == "private" and line.troubles.first(str(chat["id"])):
        line.soon(_say(line, chat["id"], i18n.t(_language(settings, event), "telegram.trouble")))


def _language(settings: Settings, event: dict[str, Any]) -> str:
    hint = language_hint(event).lower().partition("-")[0]
    return hint if hint in settings.languages else "en"


def typing(line: Line, chat: dict[str, Any]) -> None:
    """Shows that an answer is being made."""
    line.soon(_type(line, chat["id"]))


async def _type(line: Line, chat_id: int) -> None:
    try:
        await line.bot.send_chat_action(chat_id, ChatAction.TYPING)
    except TelegramError as error:
        log.info("typing was not shown: %s", type(error).__name__)


async def _answer(line: Line, query_id: str) -> None:
    try:
        await line.bot.answer_callback_query(query_id)
    except TelegramError as error:  # mostly a tap that is too old to be answered
        log.info("a tap was not acknowledged: %s", type(error).__name__)


async def _say(line: Line, chat_id: int, text: str) -> None:
    try:
        await line.bot.send_message(chat_id, text)
    except TelegramError as error:
        log.info("a line in passing was not sent: %s", type(error).__name__)
