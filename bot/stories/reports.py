"""What a report may tell: published stories whose person agreed to reports, for as long as they agree (port of bot/numbers/stories.py)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from bot.knowledge import snapshot
from bot.numbers.period import Period
from bot.numbers.stories import Story
from bot.stories import entries


class AgreedStories:
    """Asked anew for each report: a story that was taken back is in no later one."""

    def between(self, session: Session, period: Period) -> Sequence[Story]:
        """Of these days, with consent, oldest first; in English, as it was agreed."""
        return [
            Story(_text(one), "en", one.story.created_at.date(), one.consent.until.date())
            for one in entries.published_in(session, period.first, period.last, snapshot.current(session))
        ]


def _text(one: entries.Agreed) -> str:
    texts, who = one.story.texts["en"], " · ".join(part for part in (one.story.name, one.story.country) if part)
    said = f"{texts['title']}. {texts['story']}" + (f" {texts['helped']}" if texts.get("helped") else "")
    return f"{said} ({who})" if who else said
