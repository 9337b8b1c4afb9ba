"""Codes of mentoring as caseworkers read them, in English."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

from bot import i18n
from bot.cases.summary import language_name
from bot.knowledge import snapshot
from bot.mentoring import labels
from bot.numbers import suppression
from bot.numbers.suppression import Cell

LANGUAGE = "en"


class Words:
    """For one page."""

    def __init__(self, session: Session) -> None:
        self._knowledge = snapshot.current(session)

    def profession(self, key: str) -> str:
        return labels.profession(self._knowledge, key, LANGUAGE)

    def languages(self, codes: Iterable[str]) -> str:
        return self._joined(language_name(code) for code in codes)

    def times(self, codes: Iterable[str]) -> str:
        return self._joined(i18n.t(LANGUAGE, f"mentor.time.{code}") for code in codes)

    def way(self, code: str) -> str:
        key = f"mentor.way.{code}"
        return i18n.t(LANGUAGE, key) if i18n.has(LANGUAGE, key) else ""

    def _joined(self, words: Iterable[str]) -> str:
        return i18n.t(LANGUAGE, "list.separator").join(words)


def hidden(figures: dict[str, dict[str, int]]) -> dict[str, list[tuple[str, Cell]]]:
    """The figures with small ones hidden. No sum of them is shown anywhere, so none can be reckoned from the others."""
    return {what: [(name, suppression.alone(count)) for name, count in counts.items()] for what, counts in figures.items()}
