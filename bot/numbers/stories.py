"""Where the stories of a report come from: only those that somebody agreed may be told, for as long as they agreed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from bot.numbers.period import Period


@dataclass(frozen=True)
class Story:
    """`text` as the person approved it, without a name unless they wanted one. `consent_until`: the last day it may be told."""

    text: str
    language: str
    happened_on: dt.date
    consent_until: dt.date


class Stories(Protocol):
    """Whoever keeps stories. A report asks it anew each time, so a story that was taken back is in no later report."""

    def between(self, session: Session, period: Period) -> Sequence[Story]:
        """Of these days, with consent, oldest first."""


class NoStories:
    """Nothing keeps stories yet: a report says so instead of leaving the place empty."""

    def between(self, session: Session, period: Period) -> Sequence[Story]:
        return ()


def told(stories: Stories, session: Session, period: Period, today: dt.date) -> list[Story]:
    """Those that may be told today."""
    return [story for story in stories.between(session, period) if story.consent_until >= today]
