"""How far the translations are: how many texts of each kind are in which state, in each language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from bot.knowledge.models import Entry, Text
from bot.wording import sentences
from bot.wording.units import SENTENCES

Counts = Counter[tuple[str, str]]  # (kind, state) -> texts


def progress(session: Session, languages: Sequence[str]) -> dict[str, Counts]:
    """For each language but English. Counted by the database, so that it costs the same with ten thousand entries as with ten."""
    totals = _english(session)
    translated = _translated(session)
    found: dict[str, Counts] = {}
    for language in languages:
        if language == "en":
            continue
        counts: Counts = translated.get(language, Counter())
        for kind, total in totals.items():
            counts[kind, "missing"] = total - sum(number for (k, _), number in counts.items() if k == kind)
        counts.update((SENTENCES, one.state) for one in sentences.listed(session, language))
        found[language] = +counts
    return found


def by_state(counts: Counts) -> dict[str, int]:
    """The same without the kinds."""
    found: Counter[str] = Counter()
    for (_, state), number in counts.items():
        found[state] += number
    return dict(found)


def _english(session: Session) -> dict[str, int]:
    texts = select(Entry.kind, func.count()).join(Text, Text.entry_id == Entry.id)
    texts = texts.where(Entry.published, Text.language == "en", Text.text != "", Text.field != "names").group_by(Entry.kind)
    return {row[0]: row[1] for row in session.execute(texts)}


def _translated(session: Session) -> dict[str, Counts]:
    source = aliased(Text)
    texts = (
        select(Text.language, Entry.kind, Text.state, func.count())
        .join(Entry, Entry.id == Text.entry_id)
        .join(source, (source.entry_id == Text.entry_id) & (source.field == Text.field) & (source.language == "en"))
        .where(Entry.published, Text.language != "en", Text.text != "", Text.field != "names", source.text != "")
        .group_by(Text.language, Entry.kind, Text.state)
    )
    found: dict[str, Counts] = {}
    for language, kind, state, number in session.execute(texts):
        found.setdefault(language, Counter())[kind, state] = number
    return found
