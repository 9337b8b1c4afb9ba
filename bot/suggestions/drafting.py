"""A suggestion becomes a draft of its entry, and is used as soon as that is published, whoever publishes it and when.

What is taken over by itself are figures: amounts, times, numbers. A person's words stay where they are sealed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.knowledge import document, drafts, editing
from bot.knowledge.consistency import DIGITS
from bot.knowledge.draft_models import Draft, DraftStep
from bot.suggestions import deciding
from bot.suggestions.kinds import WAITING
from bot.suggestions.models import Suggestion

STEP = "suggested"  # what became of a draft: it was made from the suggestion that `why` names
_AMOUNT = re.compile(r"(?<![\w.,])£?\s?(\d[\d,]*(?:\.\d{1,2})?)(?!\d|\s*(?:%|st\b|nd\b|rd\b|th\b))")
_PRICE = re.compile(r"£\s?(\d[\d,]*(?:\.\d{1,2})?)(?!\d)")
_TIME = re.compile(r"\b\d{1,2}(?:[:.]\d{2})?\s?(?:[ap]\.?m\b\.?)|\b\d{1,2}:\d{2}\b", re.IGNORECASE)
_PHONE = re.compile(r"(?<![\w+])(?:\+\d|0)[\d ()-]{8,15}\d(?!\w)")
# the fields that each sort can be about, the likeliest first; of a pathway those of its step
FIELDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "terms": {"price": ("figure", "meaning")},
    "services": {"price": ("cost",), "hours": ("hours", "openings"), "contact": ("phones", "address"), "closed": ("hours",)},
    "opportunities": {"hours": ("hours",), "contact": ("phones",), "closed": ("how",)},
    "pathways": {"price": ("costs",), "contact": ("link",), "hours": ("time",)},
}
_USUAL = {"terms": "meaning", "services": "description", "opportunities": "what", "pathways": "do"}


def field_of(row: Suggestion, shown: Mapping[str, Any]) -> str:
    """The field of the entry, or of the step, that it is about. `shown`: the entry by place; "" for a new place."""
    if not row.about_key:
        return ""
    possible = FIELDS[row.about_kind].get(row.what, ())
    return next((name for name in possible if shown.get(_place(row, name))), (*possible, _USUAL[row.about_kind])[-1])


def given(row: Suggestion, shown: Mapping[str, Any]) -> dict[str, Any]:
    """place -> the entry's own value with the figures that the person named; nothing where it is not plain which stands for which."""
    words = row.words.translate(DIGITS).replace("٬", ",").replace("٫", ".")
    name = field_of(row, shown)
    place, value = _place(row, name), shown.get(_place(row, name))
    becomes: Any = None
    if row.what == "price" and name == "costs" and isinstance(value, list) and len(value) == 1:
        text = _put_in(_PRICE, value[0].get("text", ""), _AMOUNT, words, "£")
        becomes = [{**value[0], "text": text, **_bounds(value[0], text)}] if text else None
    elif row.what == "price" and name == "figure" and isinstance(value, dict):
        text = _put_in(_PRICE, value.get("text", ""), _AMOUNT, words, "£")
        becomes = {**value, "text": text} if text else None
    elif row.what == "price" and isinstance(value, str):
        becomes = _put_in(_PRICE, value, _AMOUNT, words, "£")
    elif name == "hours" and row.what == "hours" and isinstance(value, str):
        becomes = _put_in(_TIME, value, _TIME, words)
    elif name == "phones" and isinstance(value, list) and len(value) == 1:
        number = _put_in(_PHONE, value[0].get("number", ""), _PHONE, words)
        becomes = [{**value[0], "number": number}] if number else None
    return {place: becomes} if becomes and becomes != value else {}


def propose(session: Session, row: Suggestion, who: str) -> Draft | None:
    """Somebody's own draft with these figures in it, made from the suggestion; None when none can be put in by itself.

    The draft is not asked to be reviewed: whoever made it looks first. Raises what bot.knowledge.drafts.save raises.
    """
    key = row.about_key.partition("/")[0]
    entry = editing.find(session, row.about_kind, key) if key else None
    if entry is None:
        return None
    own = drafts.own(session, row.about_kind, key, who)
    found = given(row, drafts.shown(own) if own is not None else document.of(entry))
    if not found:
        return None
    draft = drafts.save(session, row.about_kind, key, who, found, seen=editing.revision(entry))
    if draft is not None:
        link(draft, row, who)
        session.flush()
    return draft


def link(draft: Draft, row: Suggestion, who: str) -> None:
    """From now on the draft is made from the suggestion, too."""
    if row.reference not in {step.why for step in draft.steps if step.becomes == STEP}:
        drafts.note(draft, who, STEP, row.reference)


def settle_published(session: Session) -> list[Suggestion]:
    """Those that wait and of which a draft is published are used: whoever sent them can be thanked."""
    made = select(DraftStep.why).join(Draft, Draft.id == DraftStep.draft_id)
    made = made.where(DraftStep.becomes == STEP, Draft.state == "published")
    waiting = select(Suggestion).where(Suggestion.state.in_(WAITING), Suggestion.reference.in_(made))
    rows = list(session.scalars(waiting.with_for_update()))
    for row in rows:
        deciding.use(session, row, row.version)
    return rows


def _place(row: Suggestion, name: str) -> str:
    step = row.about_key.partition("/")[2]
    return document.step_place(step, name) if step else name


def _put_in(there: re.Pattern[str], text: str, said: re.Pattern[str], words: str, sign: str = "") -> str:
    """The text with the figures of the words in the place of its own; "" unless there are as many of them."""
    old, new = list(there.finditer(text)), [match[match.re.groups and 1].strip() for match in said.finditer(words)]
    if not old or len(old) != len(new):
        return ""
    parts, at = [], 0
    for match, figure in zip(old, new, strict=True):
        parts += [text[at : match.start()], sign + figure]
        at = match.end()
    return "".join([*parts, text[at:]])


def _bounds(cost: Mapping[str, Any], text: str) -> dict[str, float]:
    """Of a cost whose number is one: that number, as its text says it now."""
    low, high = cost.get("low_gbp"), cost.get("high_gbp")
    amounts = [float(match[1].replace(",", "")) for match in _PRICE.finditer(text)]
    if low is None or low != high or len(amounts) != 1:
        return {}
    return {"low_gbp": amounts[0], "high_gbp": amounts[0]}
