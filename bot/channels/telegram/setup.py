"""What Telegram is told when the program starts: the commands in each language, and how it brings updates."""

from __future__ import annotations

import asyncio
import contextlib
import logging

from telegram import Bot, BotCommand
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bot import i18n
from bot.channels.telegram import client
from bot.channels.telegram.failures import seconds
from bot.channels.telegram.reading import COMMANDS, KINDS
from bot.channels.telegram.webhook import PATH
from bot.conversation.incoming import Channel
from bot.house import House
from bot.settings import Settings

log = logging.getLogger(__name__)
BACKOFF_SECONDS = (0.5, 2, 5, 15, 60)


async def prepare(house: House, _: Channel, stop: asyncio.Event | None = None) -> None:
    """Sets the webhook or takes it away, then the commands. Tries until Telegram answers or `stop` is set; gives up, with a
    line in the log, only when Telegram answers that a setting is wrong.
    """
    stop = stop or asyncio.Event()
    bot = client.line(house.settings).bot
    failures = 0
    while not stop.is_set():
        try:
            await _deliver(bot, house.settings)
            await _commands(bot, house.settings)
        except InvalidToken:
            log.error("USEIT_TELEGRAM_TOKEN: Telegram does not know this token")  # the trace shows addresses
            return
        except BadRequest:
            log.error("USEIT_PUBLIC_URL, USEIT_LANGUAGES: Telegram refuses the webhook or the commands")
            return
        except TelegramError as error:
            wait = seconds(error) if isinstance(error, RetryAfter) else BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS) - 1)]
            failures += 1
            log.warning("Telegram is not prepared yet: %s; again in %.1f s", type(error).__name__, wait)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), wait)
        else:
            return


async def _deliver(bot: Bot, settings: Settings) -> None:
    """What waits at Telegram is never dropped: people wrote it while we were away."""
    if settings.telegram_mode == "webhook":
        await bot.set_webhook(
            f"{settings.public_url}{PATH}",
            allowed_updates=KINDS,
            secret_token=settings.telegram_webhook_secret,
            drop_pending_updates=False,
        )
    else:
        await bot.delete_webhook(drop_pending_updates=False)


async def _commands(bot: Bot, settings: Settings) -> None:
    await bot.set_my_commands(_menu("en"))
    for language in settings.languages:
        if len(language) == 2:  # Telegram knows two-letter codes only; others see the default
            await bot.set_my_commands(_menu(language), language_code=language)


def _menu(language: str) -> list[BotCommand]:
    return [BotCommand(name, i18n.t(language, f"telegram.command.{name}")) for name in COMMANDS]
