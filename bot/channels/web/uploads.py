"""The kinds of files that the page sends: photos of letters, which are read, and recordings, which a person may hear."""

from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy.orm import Session

from bot.channels.web.channel import RECORDED, UPLOADED, Recorded
from bot.channels.web.forms import Form
from bot.conversation import photos
from bot.errors import RefusedError
from bot.photos.pictures import kind_of
from bot.recordings import bodies, sounds
from bot.settings import Settings

LONGEST = 6 * 3600  # seconds that a page may say a recording has
_SAID = {"too_many": "web.error.recording_too_many", "full": "web.error.recording_not_now"}


class Photo:
    """A photo of a letter, kept until it is read."""

    name = "photo"

    def __init__(self, settings: Settings) -> None:
        self.largest = photos.LARGEST_UPLOAD if photos.possible(settings) else 0

    def row_of(self, form: Form) -> dict[str, Any] | None:
        return {UPLOADED: True} if kind_of(form.file) is not None else None

    def keep(self, session: Session, row_id: int, chat_id: int, row: dict[str, Any], body: bytes) -> None:
        if not photos.has_room(session, chat_id):
            raise RefusedError("too many photos wait", "photo.too_many")
        photos.upload(session, row_id, chat_id, body)


class Recording:
    """A voice message or a video. Its form has `seconds`, by the page's own clock."""

    name = "recording"

    def __init__(self, settings: Settings) -> None:
        self.largest = settings.recording_mb * 2**20

    def row_of(self, form: Form) -> dict[str, Any] | None:
        if sounds.kind_of(form.file) is None:
            return None
        said = form.fields.get("seconds", "")
        seconds = min(int(said), LONGEST) if said.isascii() and said.isdecimal() and len(said) < 10 else 0
        recorded = Recorded(
            media="video" if sounds.has_picture(form.file) else "voice",
            media_id=bodies.new_media_id(),
            size=len(form.file),
            seconds=seconds,
        )
        return {RECORDED: msgspec.to_builtins(recorded)}

    def keep(self, session: Session, row_id: int, chat_id: int, row: dict[str, Any], body: bytes) -> None:
        try:
            bodies.check_room(session, chat_id, len(body))
        except RefusedError as refused:
            raise RefusedError(str(refused), _SAID[refused.reason]) from None
        bodies.bring(session, row_id, chat_id, row[RECORDED]["media_id"], body)
