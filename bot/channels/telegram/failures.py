"""What Telegram's refusals ask of us. The messages name the kind only: descriptions can quote a person's words."""

from __future__ import annotations

import datetime as dt
import re
from typing import NoReturn

from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.errors import MovedError, PermanentError, TransientError, UnreachableError

# Telegram tells these only by their words
GONE = re.compile("chat not found|user not found|peer_id_invalid|user is deactivated|user_deactivated|user_is_blocked", re.I)


def raise_ours(error: TelegramError) -> NoReturn:
    """Raises the error of ours that says what to do. A wrong token is transient: it is mended by us, not by the message."""
    name = type(error).__name__
    if isinstance(error, RetryAfter):
        raise TransientError("Telegram asks us to wait", retry_after=seconds(error))
    if isinstance(error, ChatMigrated):
        raise MovedError("the chat has a new id", address=str(error.new_chat_id))
    if isinstance(error, Forbidden):
        raise UnreachableError("the person does not take messages any more")
    if isinstance(error, BadRequest):  # a NetworkError in python-telegram-bot, but no trouble of the network
        if GONE.search(error.message):
            raise UnreachableError("there is no such chat")
        raise PermanentError(f"Telegram refuses the message ({name})")
    raise TransientError(f"Telegram could not be reached ({name})")


def seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, dt.timedelta) else float(wait)
