"""What was offered may also be chosen by typing: the words of a button, a yes or a no, the number of an entry in a list."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from msgspec import structs
from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from bot import i18n
from bot.conversation.models import Outbox
from bot.conversation.outbox import outgoing
from bot.replies import Reply
from engine.nlu.text import clean, fold

LISTS = Path(__file__).resolve().parents[2] / "data/lookup"
YES_SENDS = (
    "/give_consent",
    "/confirm_delete",
    "/confirm_withdraw",
    '/share_skills{"answer":"yes"',
    '/forget_skill{"answer":"yes","key":"all"',
    '/received_media{"kind":"recording","answer":"yes"',
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
_LAST_ANSWER = (
    select(Outbox.id, Outbox.inbox_id, Outbox.body)
    .where(Outbox.chat_id == bindparam("chat_id"))
    .order_by(Outbox.id.desc())
    .limit(2 * RECENT)
)
LOOKS = ("/tell_more", "/show_step", "/show_opportunity", "/explain_key")  # what only shows an entry of a list
_NUMBER = re.compile(r"^\d+\. ")  # before the label of a button in a list
_TYPED = re.compile(r"[(#]?\s*(\d{1,2})\s*[.):]?")
_KEYCAP = "\ufe0f\u20e3"  # what makes 2️⃣ of a 2


def typed(session: Session, chat_id: int, text: str) -> Choice | None:
    """The button whose label the person typed instead of tapping it; the newest one."""
    wanted = fold(text)
    if not wanted or len(wanted.split()) > 8:
        return None
    for outbox_id, body in session.connection().execute(RECENT_BODIES, {"chat_id": chat_id}):
        buttons = [button for row in body["rows"] for button in row]
        for place, button in enumerate(buttons):
            if button["payload"] and wanted in (fold(button["label"]), fold(_NUMBER.sub("", button["label"]))):
                return Choice(f"{outbox_id}:{place}", button["payload"], button["label"])
    return None


def by_number(session: Session, chat_id: int, text: str) -> Choice | None:
    """The entry of the last answer's list whose number the person typed ("2", "٢", "2."); None for all other words.

    Also while a question is open that was asked again below the list ("did you mean"): no question wants so small a number.
    """
    written = _TYPED.fullmatch(unicodedata.normalize("NFKC", clean(text).replace(_KEYCAP, "")))
    found = listed(session, chat_id) if written else None
    number = int(written[1]) if written else 0
    if found is None or not 1 <= number <= len(found.payloads):
        return None
    payload = found.payloads[number - 1]
    token, label = found.buttons.get(payload, (f"{found.outbox_id}:n{number}", ""))
    return Choice(token, payload, label if label.startswith(f"{number}. ") else str(number))


@dataclass(frozen=True)
class Listed:
    """The list of an answer: what each number sends, and the (token, label) of the buttons that send the same."""

    outbox_id: int
    payloads: list[str]
    buttons: dict[str, tuple[str, str]]
    messages: frozenset[str]  # ids of all messages of that answer


def listed(session: Session, chat_id: int) -> Listed | None:
    """The newest list of the last answer. What comes unasked after it ends it: a check-in wants a face, no number."""
    rows = list(session.connection().execute(_LAST_ANSWER, {"chat_id": chat_id}))
    answer = [row for row in rows if row.inbox_id is not None and row.inbox_id == rows[0].inbox_id]
    for row in answer:
        if payloads := row.body.get("numbered"):
            return Listed(row.id, payloads, _tokens(answer), frozenset(str(one.id) for one in answer))
    return None


def kept_open(session: Session, chat_id: int, choice: Choice, replies: list[Reply]) -> list[Reply]:
    """The replies to a number or a button of an answer with a list, when that was only to look: who has read 1 may type 2."""
    if not replies or not choice.payload.startswith(LOOKS) or any(reply.numbered for reply in replies):
        return replies
    found = listed(session, chat_id)
    if found is None or choice.token.partition(":")[0] not in found.messages:
        return replies
    return [*replies[:-1], structs.replace(replies[-1], numbered=found.payloads)]


def asks_for_more(text: str, *languages: str) -> bool:
    """Whether a message is the word of the button "More" and nothing else."""
    return fold(text) in {fold(i18n.t(language, "button.more")) for language in languages}


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


def _tokens(answer: Sequence[Row[Any]]) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for row in answer:
        for place, button in enumerate(button for line in row.body["rows"] for button in line):
            found.setdefault(button["payload"], (f"{row.id}:{place}", button["label"]))
    return found


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
