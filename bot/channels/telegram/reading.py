"""The meaning of a raw update, as the Bot API writes it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from bot.conversation.incoming import Incoming, Media
from bot.errors import PermanentError

KINDS = ("message", "edited_message", "callback_query", "my_chat_member")  # the updates we ask for
COMMANDS = ("start", "language", "help", "menu", "plan", "person", "privacy", "mydata", "delete", "stop")
COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]+)(?:@\w+)?(?:\s+(?P<argument>.*))?", re.DOTALL)
# an animation, a short film without sound that says what a sticker says, also has a `document`, a venue also has a `location`: the
# order matters
MEDIA: dict[str, Media] = {
    "photo": "photo",
    "voice": "voice",
    "audio": "voice",
    "video": "video",
    "video_note": "video",
    "animation": "sticker",
    "document": "document",
    "contact": "contact",
    "venue": "location",
    "location": "location",
    "sticker": "sticker",
}
AS_FILE: dict[str, Media] = {"image": "photo", "audio": "voice", "video": "video"}  # by the first half of a file's type
# what Telegram itself writes into a private chat; nobody said anything
SERVICE = (
    "pinned_message",
    "message_auto_delete_timer_changed",
    "write_access_allowed",
    "connected_website",
    "chat_background_set",
    "proximity_alert_triggered",
    "users_shared",
    "chat_shared",
    "successful_payment",
    "refunded_payment",
    "web_app_data",
    "passport_data",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "forum_topic_created",
    "forum_topic_edited",
    "forum_topic_closed",
    "forum_topic_reopened",
)


def read(raw: dict[str, Any]) -> Incoming:
    """What the person did. Raises PermanentError for an update that has no meaning to us."""
    for kind in KINDS:
        if kind in raw:
            event = raw[kind]
            if not isinstance(event, dict):
                break
            return _READERS[kind](event)
    raise PermanentError("an update of a kind that has no meaning here")


def language_hint(event: dict[str, Any]) -> str:
    """The language of the person's Telegram, a code like "ar" or "pt-br"; "" when it is not told."""
    sender = event.get("from")
    return str(sender.get("language_code") or "") if isinstance(sender, dict) else ""


def _message(event: dict[str, Any]) -> Incoming:
    hint, at = language_hint(event), _time(event.get("date"))
    text = event.get("text")
    if isinstance(text, str):
        found = COMMAND.fullmatch(text)
        if found and found["name"].lower() in COMMANDS:
            argument = (found["argument"] or "").strip()
            return Incoming(kind="command", command=found["name"].lower(), argument=argument, language_hint=hint, sent_at=at)
        return Incoming(kind="text", text=text.removeprefix("/"), language_hint=hint, sent_at=at)
    if any(name in event for name in SERVICE):
        return Incoming(kind="nothing", language_hint=hint, sent_at=at)
    media, media_id = _media(event)
    return Incoming(
        kind="media",
        media=media,
        media_id=media_id,
        media_size=_number(event, "file_size"),
        media_seconds=_number(event, "duration"),
        text=_caption(event),
        place=_place(event.get("location")),
        language_hint=hint,
        sent_at=at,
    )


def _edited(event: dict[str, Any]) -> Incoming:
    hint, at = language_hint(event), _time(event.get("edit_date") or event.get("date"))
    if "location" in event:  # somebody shares their live position: an update for every step they take
        return Incoming(kind="nothing", language_hint=hint, sent_at=at)
    text = event.get("text")
    if isinstance(text, str):
        return Incoming(kind="edited", text=text.removeprefix("/"), language_hint=hint, sent_at=at)
    media, media_id = _media(event)
    caption = _caption(event)
    return Incoming(kind="edited", text=caption, media=media, media_id=media_id, language_hint=hint, sent_at=at)


def _button(event: dict[str, Any]) -> Incoming:
    data = event.get("data")
    if not isinstance(data, str):
        raise PermanentError("a tap without data: we send no such button")
    return Incoming(kind="button", button=data, language_hint=language_hint(event))


def _membership(event: dict[str, Any]) -> Incoming:
    now = event.get("new_chat_member")
    blocked = isinstance(now, dict) and now.get("status") == "kicked"
    return Incoming(kind="nothing", blocked=blocked, language_hint=language_hint(event), sent_at=_time(event.get("date")))


_READERS = {"message": _message, "edited_message": _edited, "callback_query": _button, "my_chat_member": _membership}


def _media(event: dict[str, Any]) -> tuple[Media, str]:
    for name, media in MEDIA.items():
        if name in event:
            found = event[name]
            if isinstance(found, list):  # a photo in several sizes, the largest last
                found = found[-1] if found else {}
            if media == "document":
                media = _sent_as_file(found)
            return media, str(found.get("file_id") or "") if isinstance(found, dict) else ""
    return "other", ""  # polls, dice, stories and what Telegram invents next: answered, never met with silence


def _sent_as_file(document: object) -> Media:
    """A photo, a recording or a video may be sent "as a file"."""
    named = str(document.get("mime_type") or "").partition("/")[0] if isinstance(document, dict) else ""
    return AS_FILE.get(named, "document")


def _number(event: dict[str, Any], field: str) -> int:
    """`file_size` (bytes) or `duration` (seconds) of what was sent; 0 when it is not told."""
    found = next((event[name] for name in MEDIA if name in event), None)
    found = found[-1] if isinstance(found, list) and found else found
    number = found.get(field) if isinstance(found, dict) else None
    return number if isinstance(number, int) and number > 0 else 0


def _place(location: object) -> tuple[float, float] | None:
    if not isinstance(location, dict):
        return None
    latitude, longitude = location.get("latitude"), location.get("longitude")
    return (
        (float(latitude), float(longitude)) if isinstance(latitude, int | float) and isinstance(longitude, int | float) else None
    )


def _caption(event: dict[str, Any]) -> str:
    caption = event.get("caption")
    return caption if isinstance(caption, str) else ""


def _time(stamp: object) -> dt.datetime | None:
    try:
        return dt.datetime.fromtimestamp(stamp, dt.UTC) if isinstance(stamp, int) and stamp > 0 else None
    except (ValueError, OverflowError, OSError):
        return None
