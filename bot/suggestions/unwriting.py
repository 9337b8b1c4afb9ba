"""A person's words, taken out of the drafts that somebody put them into: what nobody has published is not said by anybody yet.

Figures stay (bot/suggestions/drafting.py), and what staff wrote in words of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.knowledge import checks, drafts, workflow
from bot.knowledge.draft_models import Draft, DraftStep
from bot.suggestions.drafting import STEP
from bot.suggestions.models import Suggestion

WHO = "bot"
TAKEN_OUT = "words_deleted"  # what became of a draft: the words of a suggestion are not in it any more
LONG = 3  # words; a shorter piece may be anybody's, so that it goes only where it has a line to itself
_SENTENCE = re.compile(r"(?<=[.!?؟۔])\s+")


def take_out(session: Session, rows: Iterable[Suggestion]) -> int:
    """Out of every draft of what they are about, and every draft made from them, that is not published, and also out of those that
    were thrown away. One in which nothing else was written is thrown away. Returns how many were changed.
    """
    changed = 0
    for row in rows:
        said = [words for words in (row.words, row.english or "") if words.strip()]
        for draft in _of(session, row) if said else ():
            changed += _rewrite(session, draft, said)
    return changed


def without(text: str, words: str) -> str:
    """The text without these words, whole, line by line, or sentence by sentence, however they are spaced; else as it is."""
    left = text
    for passage in _passages(words):
        pattern = re.compile(r"\s*".join(re.escape(word) for word in passage.split()), re.IGNORECASE)
        if len(passage.split()) >= LONG:
            left = re.sub(rf"(?<!\w){pattern.pattern}(?!\w)", "", left, flags=re.IGNORECASE)
        else:
            left = "\n".join("" if pattern.fullmatch(line.strip()) else line for line in left.split("\n"))
    if left == text:
        return text
    lines = (" ".join(line.split()) for line in left.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _passages(words: str) -> Iterator[str]:
    """The words as a form keeps them, and their parts. A figure alone is a fact, and nobody's words."""
    whole = checks.cleaned(words)
    parts = [whole, *whole.split("\n"), *(part for line in whole.split("\n") for part in _SENTENCE.split(line))]
    for part in dict.fromkeys(part.strip() for part in parts):
        if any(sign.isalpha() for sign in part):
            yield part


def _of(session: Session, row: Suggestion) -> list[Draft]:
    made = Draft.id.in_(select(DraftStep.draft_id).where(DraftStep.becomes == STEP, DraftStep.why == row.reference))
    key = row.about_key.partition("/")[0]
    same = and_(Draft.kind == row.about_kind, Draft.key == key) if key else made
    query = select(Draft).where(or_(made, same), Draft.state != "published").order_by(Draft.id)
    return list(session.scalars(query.with_for_update()))


def _rewrite(session: Session, draft: Draft, said: list[str]) -> bool:
    changes = {}
    for place, value in draft.changes.items():
        left = _without_in(value, said)
        if left == value or (left and left != draft.base.get(place)):
            changes[place] = left  # else the place is again as it was before the words
    if changes == draft.changes:
        return False
    touched = {place for place in draft.changes if changes.get(place) != draft.changes[place]}
    draft.changes, draft.checked = changes, [place for place in draft.checked if place not in touched]
    draft.mark, draft.updated_at = draft.mark + 1, now()
    drafts.note(draft, WHO, TAKEN_OUT)
    if draft.state in drafts.OPEN:
        drafts.take_back_approval(draft)
        draft.state = "draft"
        if not draft.changes and not draft.checked:
            workflow.discard(session, draft, WHO)
    session.flush()
    return True


def _without_in(value: Any, said: list[str]) -> Any:
    """In whatever shape a field has. A line of a list that held nothing else goes."""
    if isinstance(value, str):
        for words in said:
            value = without(value, words)
        return value
    if isinstance(value, list):
        pairs = [(one, _without_in(one, said)) for one in value]
        return [left for one, left in pairs if left or left == one]
    if isinstance(value, dict):
        return {name: _without_in(inner, said) for name, inner in value.items()}
    return value
