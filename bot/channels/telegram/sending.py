"""One message on its way to Telegram: words, or a paper as a photo or document."""

from __future__ import annotations

from telegram import InlineKeyboardMarkup, LinkPreviewOptions, Message

from bot.channels.telegram.client import Line
from bot.papers import picture
from bot.replies import Paper

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
# Telegram makes a photo smaller until its longer side is 2,560 pixels, and takes none of more than 10 MB; a document stays
# as it is
LONGEST_SIDE, LARGEST_PHOTO = 2_560, 10_000_000


async def words(line: Line, chat: int, text: str, keyboard: InlineKeyboardMarkup | None) -> Message:
    """Plain text. Raises TelegramError."""
    return await line.bot.send_message(chat, text, reply_markup=keyboard, link_preview_options=NO_PREVIEW)


async def file(line: Line, chat: int, paper: Paper, body: bytes, under: str, keyboard: InlineKeyboardMarkup | None) -> Message:
    """A drawn paper: a picture as a photo, as long as it stays readable as one, everything else as a document."""
    name, caption = f"{paper.name}.{paper.form}", under or None
    if paper.form == "png" and max(picture.size(body)) <= LONGEST_SIDE and len(body) <= LARGEST_PHOTO:
        return await line.bot.send_photo(chat, body, caption=caption, reply_markup=keyboard, filename=name)
    return await line.bot.send_document(chat, body, caption=caption, reply_markup=keyboard, filename=name)
