"""A phone beside the form: the draft as the bot says it, in any language, and a message to try it with. Nothing is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.responses import Response

from bot import i18n
from bot.console.knowledge_form import Opened
from bot.console.visits import StaffVisit
from bot.conversation import previewing
from bot.conversation.rehearsals import Wanted
from bot.errors import RefusedError, TransientError
from bot.replies import Reply

LONGEST = 500  # characters of a message to try
_NUMBER = re.compile(r"(?<![\w/.,:+-])(?:\+\d|0)[\d \u00a0()-]{7,16}\d(?![\w/])")
TELEGRAM = 4_096  # characters of one message there, as Telegram counts them (UTF-16)


@dataclass(frozen=True)
class Bubble:
    """One message. `letters`: as Telegram counts them; `cut`: it takes more than one message there."""

    reply: Reply
    letters: int
    cut: bool

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The text in pieces, each with whether it is a telephone number: those run from left to right, as in the chat."""
        found, at = list[tuple[str, bool]](), 0
        for match in _NUMBER.finditer(self.reply.text):
            found += [(self.reply.text[at : match.start()], False), (match[0], True)]
            at = match.end()
        return [*found, (self.reply.text[at:], False)]


@dataclass(frozen=True)
class Phone:
    """`problem`: why nothing is shown, a key; `said`: the message that was tried."""

    language: str
    direction: str
    bubbles: tuple[Bubble, ...] = ()
    said: str = ""
    problem: str = ""


def preview(visit: StaffVisit) -> Response:
    """As a page, of which the script takes the phone."""
    opened = Opened.of(visit)
    languages = visit.house.settings.languages
    language = visit.value("preview_language") if visit.value("preview_language") in languages else opened.language or "en"
    words = visit.value("say").strip()[:LONGEST]
    document, checked = opened.shown, tuple(opened.checked())
    phone = pane(visit, opened.kind, opened.key, document, language, checked=checked, part=opened.part, words=words)
    return visit.page("entry_preview.html", phone=phone, kind=opened.kind, key=opened.key, title=opened.key)


def pane(
    visit: StaffVisit,
    kind: str,
    key: str,
    document: Mapping[str, Any],
    language: str,
    *,
    checked: tuple[str, ...] = (),
    part: str = "",
    words: str = "",
) -> Phone:
    """What the bot says of it; with `words`, what it answers to them."""
    wanted, house = Wanted(kind, key, language, document, checked, part), visit.house
    empty = Phone(language, i18n.direction(language), said=words)
    if visit.request.method == "POST":
        visit.session.rollback()  # nothing was written; a preview has a transaction of its own, and this one would hold it up
    try:
        if words and not house.rehearsals.serving:
            return replace(empty, problem="console.preview.no_engine")
        replies = house.rehearsals.ask(wanted, words, house.inbox_bell.ring) if words else previewing.entry(house, wanted)
    except RefusedError:
        return replace(empty, problem="console.preview.unfinished")
    except TransientError:
        return replace(empty, problem="console.preview.busy")
    return replace(empty, bubbles=tuple(map(_bubble, replies)), problem="" if replies else "console.preview.ask")


def _bubble(reply: Reply) -> Bubble:
    letters = len(reply.text.encode("utf-16-le")) // 2
    return Bubble(reply, letters, letters > TELEGRAM)
