"""A question with a "yes" and a "no" button may also be answered by typing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.conversation.models import Outbox
from bot.conversation.outbox import outgoing
from engine.nlu.text import fold

LISTS = Path(__file__).resolve().parents[2] / "data/lookup"
YES_SENDS = (
    "/give_consent",
    "/confirm_delete",
    "/confirm_withdraw",
    '/share_skills{"answer":"yes"',
    '/forget_skill{"answer":"yes","key":"all"',
)  # what the "yes" of such a question begins with


@dataclass(frozen=True)
class Choice:
    """A button: its token, what it sends, and what stands on it."""

    token: str
    payload: str
    label: str


RECENT = 6  # messages whose buttons a person may still mean
RECENT_BODIES = (
    select(Outbox.id, Outbox.body).where(Outbox.chat_id == bindparam("chat_id")).order_by(Outbox.id.desc()).limit(RECENT)
)


def typed(session: Session, chat_id: int, text: str) -> Choice | None:
    """The button whose label the person typed instead of tapping it; the newest one."""
    wanted = fold(text)
    if not wanted or len(wanted.split()) > 8:
        return None
    for outbox_id, body in session.connection().execute(RECENT_BODIES, {"chat_id": chat_id}):
        buttons = [button for row in body["rows"] for button in row]
        for place, button in enumerate(buttons):
            if button["payload"] and fold(button["label"]) == wanted:
                return Choice(f"{outbox_id}:{place}", button["payload"], button["label"])
    return None


def plain_answer(text: str, *languages: str) -> int | None:
    """0 for a message that is a yes and nothing else, 1 for a no, None for everything else ("ok but who sees it?").

    Only the words of `languages` count: what is a yes in one is something else in another.
    """
    words = fold(text)
    for language in languages:
        for place, known in enumerate(_yes_no(language)):
            if words in known:
                return place
    return None


@cache
def _yes_no(language: str) -> tuple[frozenset[str], frozenset[str]]:
    path = LISTS / language / "yes_no.yml"
    lists = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {"yes": [], "no": []}
    return frozenset(map(fold, map(str, lists["yes"]))), frozenset(map(fold, map(str, lists["no"])))


def pending(session: Session, chat_id: int) -> tuple[Choice, Choice] | None:
    """The yes and the no of the question that the last message asked; None when it asked no such question."""
    row = session.scalar(select(Outbox).where(Outbox.chat_id == chat_id).order_by(Outbox.id.desc()).limit(1))
    buttons = [b for r in outgoing(row).reply.rows for b in r] if row else []
    if row is None or len(buttons) != 2 or not buttons[0].payload.startswith(YES_SENDS):
        return None
    yes, no = (Choice(f"{row.id}:{place}", button.payload, button.label) for place, button in enumerate(buttons))
    return yes, no
