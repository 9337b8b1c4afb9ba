"""A reply in Telegram's terms: plain text in parts that are short enough, buttons under the last one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot import i18n, pictograms
from bot.conversation.incoming import Outgoing
from bot.replies import Button

LIMIT = 4_096  # UTF-16 code units in one message; ours stay below it
CAPTION = 1_024  # the same, under a photo or document
RIGHT_TO_LEFT_MARK = "\u200f"
LINKS = ("https://", "http://", "tg://")  # what Telegram takes as a button's address
SENTENCE_END = re.compile(r"""[.!?…؟۔።。]+["'”’»)\]]*\s+|\n+""")
SPACE = re.compile(r"\s+")


class Part(NamedTuple):
    """One message: words, or the reply's paper with words under it, which may be none."""

    text: str
    has_paper: bool = False


def messages(outgoing: Outgoing) -> list[Part]:
    """What to send, in order: the paper first, with the text under it when that is short enough. Empty when there is nothing."""
    texts = parts(outgoing)
    if outgoing.reply.paper is None:
        return [Part(text) for text in texts]
    under = texts.pop() if len(texts) == 1 and units(texts[0]) <= CAPTION else ""
    return [Part(under, has_paper=True), *(Part(text) for text in texts)]


def parts(outgoing: Outgoing) -> list[str]:
    """The texts to send, in order, each under LIMIT. Empty when there is nothing to say."""
    reply = outgoing.reply
    # half a character would make the whole message unsendable
    text = reply.text.encode("utf-8", "replace").decode()
    extra = [f"{button.label}: {button.url}" for row in reply.rows for button in row if _is_plain_link(button)]
    text = "\n".join([text, *extra]).strip()
    rtl = i18n.direction(reply.language) == "rtl"
    # a part may begin in the middle of a line and then needs a mark of its own
    found = split(right_to_left(text) if rtl else text, LIMIT - 2 if rtl else LIMIT - 1)
    return [right_to_left(part) for part in found] if rtl else found


def keyboard(outgoing: Outgoing) -> InlineKeyboardMarkup | None:
    """The buttons, each with the emoji of what it does, and with the token of its place counted over all rows."""
    rows, number = [], 0
    for row in outgoing.reply.rows:
        made = []
        for button in row:
            if not button.url:
                label = pictograms.with_emoji(button.label, button.payload)
                made.append(InlineKeyboardButton(label, callback_data=f"{outgoing.id}:{number}"))
            elif not _is_plain_link(button):
                made.append(InlineKeyboardButton(button.label, url=button.url))
            number += 1
        if made:
            rows.append(made)
    return InlineKeyboardMarkup(rows) if rows else None


def units(text: str) -> int:
    """The length as Telegram counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def split(text: str, limit: int) -> list[str]:
    """Parts of at most `limit` code units: cut after a sentence, else between words, else where it must be."""
    return list(_cut(text.strip(), limit))


def right_to_left(text: str) -> str:
    """`text` with a mark before each line whose first letter runs left to right: the line takes its direction from it."""
    return "\n".join(RIGHT_TO_LEFT_MARK + line if _begins_left_to_right(line) else line for line in text.split("\n"))


def _cut(text: str, limit: int) -> Iterator[str]:
    while units(text) > limit:
        head = _prefix(text, limit)
        # one character more, so that an end exactly at the limit is seen
        seen = text[: len(head) + 1]
        ends = [found.end() for found in SENTENCE_END.finditer(seen)] or [found.start() for found in SPACE.finditer(seen)]
        place = max((end for end in ends if 0 < end <= len(head)), default=0) or _between_characters(text, len(head))
        if part := text[:place].strip():
            yield part
        text = text[place:].strip()
    if text:
        yield text


def _prefix(text: str, limit: int) -> str:
    """The longest beginning of at most `limit` code units, never half a character."""
    raw = text[: limit + 1].encode("utf-16-le")[: limit * 2]
    return raw.decode("utf-16-le", "ignore")


def _between_characters(text: str, place: int) -> int:
    """Steps back from the middle of what is seen as one character: a letter and its marks, joined emoji."""
    start = place
    while start > 1 and (unicodedata.category(text[start])[0] == "M" or "\u200d" in text[start - 1 : start + 1]):
        start -= 1
    return start if place - start < 64 else place


def _begins_left_to_right(line: str) -> bool:
    for character in line:
        direction = unicodedata.bidirectional(character)
        if direction in ("L", "R", "AL"):
            return direction == "L"
    return False


def _is_plain_link(button: Button) -> bool:
    return bool(button.url) and not button.url.startswith(LINKS)
