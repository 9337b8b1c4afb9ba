"""What Telegram enforces and its description only tells in prose."""

from __future__ import annotations

import io
import re
from typing import Any

from PIL import Image


def refusal(method: str, fields: dict[str, Any]) -> str | None:
    """The description with which Telegram refuses a call, or None."""
    known = {
        "sendMessage": _message,
        "sendPhoto": _photo,
        "sendDocument": _document,
        "setMyCommands": _commands,
        "setWebhook": _webhook,
    }
    return known.get(method, lambda _: None)(fields)


def size(picture: bytes) -> tuple[int, int]:
    """Width and height of a picture; (0, 0) for what is none."""
    try:
        return Image.open(io.BytesIO(picture)).size
    except OSError:
        return 0, 0


def _message(fields: dict[str, Any]) -> str | None:
    text = fields.get("text", "")
    if not text.strip():
        return "Bad Request: message text is empty"
    if len(text.encode("utf-16-le")) // 2 > 4096:
        return "Bad Request: message is too long"
    return _keyboard(fields)


def _photo(fields: dict[str, Any]) -> str | None:
    """As the description of sendPhoto says: 10 MB, width and height together 10000, their ratio 20."""
    body = fields["photo"].body
    width, height = size(body)
    if not width:
        return "Bad Request: IMAGE_PROCESS_FAILED"
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        return "Bad Request: PHOTO_INVALID_DIMENSIONS"
    return "Request Entity Too Large" if len(body) > 10 * 1024 * 1024 else _caption(fields)


def _document(fields: dict[str, Any]) -> str | None:
    sent = fields["document"]
    if not sent.body:
        return "Bad Request: file must be non-empty"
    return "Request Entity Too Large" if len(sent.body) > 50 * 1024 * 1024 else _caption(fields)


def _caption(fields: dict[str, Any]) -> str | None:
    if len(fields.get("caption", "").encode("utf-16-le")) // 2 > 1024:
        return "Bad Request: message caption is too long"
    return _keyboard(fields)


def _keyboard(fields: dict[str, Any]) -> str | None:
    for row in fields.get("reply_markup", {}).get("inline_keyboard", []):
        for button in row:
            if not button.get("text"):
                return "Bad Request: text buttons are not allowed in the inline keyboard"
            kinds = [name for name in ("callback_data", "url") if name in button]
            if len(kinds) != 1:
                return "Bad Request: exactly one of the optional fields must be used"
            if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
                return "Bad Request: BUTTON_DATA_INVALID"
            if "url" in button and not button["url"].startswith(("https://", "http://", "tg://")):
                return "Bad Request: inline keyboard button URL is invalid: unsupported URL protocol"
    return None


def _commands(fields: dict[str, Any]) -> str | None:
    commands = fields.get("commands", [])
    if len(commands) > 100:
        return "Bad Request: BOT_COMMANDS_TOO_MUCH"
    for one in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", one["command"]):
            return "Bad Request: BOT_COMMAND_INVALID"
        if not 1 <= len(one["description"]) <= 256:
            return "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID"
    code = fields.get("language_code", "")
    return None if re.fullmatch(r"([a-z]{2})?", code) else "Bad Request: invalid language code specified"


def _webhook(fields: dict[str, Any]) -> str | None:
    if not fields.get("url", "").startswith("https://"):
        return "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", fields.get("secret_token", "")):
        return "Bad Request: secret token contains unallowed characters"
    return None
