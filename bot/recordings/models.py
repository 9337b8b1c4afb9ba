"""The tables of voice messages and videos: where each is kept; and the bytes of those that no channel keeps for us."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.conversation.models import NEVER_AGAIN
from bot.db.base import Base, SecretBytes, SecretText, UtcDateTime, now

KINDS = ("voice", "video")
HERE = "here:"  # what a media_id begins with of one that is kept with us; a channel's own has no colon
PURPOSE = "recording:"  # and the reference of a case: what the consent to hear what came in it is called


class Recording(Base):
    """One voice message or video. `kind`: voice, video; `seconds`: how long it is, 0 when the channel does not say.

    `state`: asked (the person has not said yet whether somebody may hear it), kept (they said yes), refused (they said no, or took it
    back), gone (its time was over). `media_id` is there while it is asked or kept. `note_id`: what a caseworker wrote down of it.
    """

    __tablename__ = "recordings"
    __table_args__ = (NEVER_AGAIN,)  # buttons name them

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id", ondelete="CASCADE"), index=True)
    handoff_id: Mapped[int | None] = mapped_column(ForeignKey("handoffs.id", ondelete="CASCADE"), index=True)
    note_id: Mapped[int | None] = mapped_column(ForeignKey("case_notes.id", ondelete="SET NULL"), index=True)
    kind: Mapped[str]
    seconds: Mapped[int] = mapped_column(default=0)
    for_story: Mapped[bool] = mapped_column(default=False)  # sent as a story that a caseworker writes down
    media_id: Mapped[str | None] = mapped_column(SecretText)
    state: Mapped[str] = mapped_column(default="asked")
    came_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)
    decided_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_here(self) -> bool:
        """Whether we keep what is in it, and no channel does."""
        return (self.media_id or "").startswith(HERE)


class RecordingBody(Base):
    """What is in a recording that came to us whole: from the web chat, which has no place of its own to keep it.

    `key`: what its media_id says after HERE. It hangs on the message that brought it (`inbox_id`) until that is answered, and then
    on its recording, with which it goes; it is never there longer than a `media_id` of a channel would be.
    """

    __tablename__ = "recording_bodies"
    __table_args__ = (NEVER_AGAIN,)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey("chats.id", ondelete="CASCADE"), index=True)
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id", ondelete="CASCADE"), index=True)
    recording_id: Mapped[int | None] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"), index=True)
    size: Mapped[int]  # bytes, before they are sealed
    body: Mapped[bytes] = mapped_column(SecretBytes, deferred=True)
    came_at: Mapped[dt.datetime] = mapped_column(UtcDateTime, default=now)


_THERE = text("state IN ('asked', 'kept')")
Index("ix_recordings_there", Recording.came_at, sqlite_where=_THERE, postgresql_where=_THERE)
_LOOSE = text("recording_id IS NULL")
Index("ix_recording_bodies_loose", RecordingBody.came_at, sqlite_where=_LOOSE, postgresql_where=_LOOSE)
