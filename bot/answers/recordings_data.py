"""What is held of somebody's voice messages and videos, as blocks of the file that they may ask for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Literal

from bot import i18n
from bot.cases.hours import LONDON
from bot.conversation.turn import Turn
from bot.people.models import Consent
from bot.recordings.keeping import length
from bot.recordings.models import PURPOSE, Recording
from bot.replies import Block


def blocks(turn: Turn, recordings: Sequence[Recording], consents: Sequence[Consent]) -> Iterator[Block]:
    """Nothing for who sent none. Of what they agreed to: the words by which they were asked."""
    agreed = [one for one in consents if one.purpose.startswith(PURPOSE)]
    if recordings or agreed:
        yield _block(turn, "heading", turn.t("mydata.recordings"))
    for row in recordings:
        key = f"mydata.recording.{row.state}{'_here' if row.is_here else ''}"
        told = turn.t(key, date=_day(turn, row.came_at), length=length(row.seconds))
        yield _block(turn, "text", told)
    for consent in agreed:
        until = consent.withdrawn_at or consent.until
        yield _block(turn, "note", turn.t("mydata.recording_agreed", given=_day(turn, consent.given_at), until=_day(turn, until)))
        if text := dict(consent.shared or {}).get("text"):
            yield _block(turn, "text", str(text))


def _day(turn: Turn, at: dt.datetime) -> str:
    return i18n.date(turn.language, at.astimezone(LONDON).date())


def _block(turn: Turn, kind: Literal["heading", "text", "note"], text: str) -> Block:
    return Block(kind=kind, text=text, language=turn.language)
