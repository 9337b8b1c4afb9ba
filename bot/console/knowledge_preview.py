"""A phone beside the form: the draft as the bot says it, in any language, and a message to try it with. Nothing is kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup
from starlette.responses import Response

from bot import i18n, pictograms
from bot.console.knowledge_form import Opened
from bot.console.visits import StaffVisit
from bot.conversation import previewing
from bot.conversation.rehearsals import Done, Wanted
from bot.errors import RefusedError, TransientError
from bot.replies import Button, Reply

LONGEST = 500  # characters of a message to try
MOST_TURNS = 20  # of one conversation; each is answered anew from its beginning
_NUMBER = re.compile(r"(?<![\w/.,:+-])(?:\+\d|0)[\d \u00a0()-]{7,16}\d(?![\w/])")
TELEGRAM = 4_096  # characters of one message there, as Telegram counts them (UTF-16)


@dataclass(frozen=True)
class Tap:
    """A button as the web chat shows it: drawn where there is a drawing, which a machine without a font of emoji has as well."""

    payload: str
    drawing: Markup
    words: str

    @classmethod
    def of(cls, button: Button) -> Tap:
        drawn = pictograms.of_button(button.payload)
        picture = Markup(pictograms.svg(drawn)) if drawn else Markup("")  # noqa: S704  # a file of ours
        return cls(button.payload, picture, pictograms.bare(button.label) if drawn else button.label)


@dataclass(frozen=True)
class Bubble:
    """One message. `letters`: as Telegram counts them; `cut`: it takes more than one message there."""

    reply: Reply
    letters: int
    cut: bool

    @property
    def rows(self) -> list[list[Tap]]:
        return [[Tap.of(button) for button in row] for row in self.reply.rows]

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The text in pieces, each with whether it is a telephone number: those run from left to right, as in the chat."""
        found, at = list[tuple[str, bool]](), 0
        for match in _NUMBER.finditer(self.reply.text):
            found += [(self.reply.text[at : match.start()], False), (match[0], True)]
            at = match.end()
        return [*found, (self.reply.text[at:], False)]


@dataclass(frozen=True)
class Exchange:
    """What somebody did, None at the beginning, and what the bot said to that."""

    done: Done | None
    bubbles: tuple[Bubble, ...] = ()


@dataclass(frozen=True)
class Phone:
    """`problem`: why nothing is shown, a key. `can_tap`: a tap on a button is answered."""

    language: str
    direction: str
    exchanges: tuple[Exchange, ...] = ()
    problem: str = ""
    can_tap: bool = False


def preview(visit: StaffVisit) -> Response:
    """As a page, of which the script takes the phone."""
    opened = Opened.of(visit)
    languages = visit.house.settings.languages
    language = visit.value("preview_language") if visit.value("preview_language") in languages else opened.language or "en"
    document, checked = opened.shown, tuple(opened.checked())
    phone = pane(visit, opened.kind, opened.key, document, language, checked=checked, part=opened.part, done=_done(visit))
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
    done: Sequence[Done] = (),
) -> Phone:
    """What the bot says of it, and what it answers to everything that was done then."""
    wanted, house = Wanted(kind, key, language, document, checked, part), visit.house
    empty = Phone(language, i18n.direction(language), tuple(Exchange(one) for one in done))
    if visit.request.method == "POST":
        visit.session.rollback()  # nothing was written; a preview has a transaction of its own, and this one would hold it up
    try:
        if done and not house.rehearsals.serving:
            return replace(empty, problem="console.preview.no_engine")
        said = house.rehearsals.ask(wanted, done, house.inbox_bell.ring) if done else [previewing.entry(house, wanted)]
    except RefusedError:
        return replace(empty, problem="console.preview.unfinished")
    except TransientError:
        return replace(empty, problem="console.preview.busy")
    both = zip((None, *done), said, strict=True)
    exchanges = tuple(Exchange(one, tuple(map(_bubble, replies))) for one, replies in both if one is not None or replies)
    return replace(
        empty, exchanges=exchanges, problem="" if exchanges else "console.preview.ask", can_tap=house.rehearsals.serving
    )


def _done(visit: StaffVisit) -> list[Done]:
    """Everything so far: `turn` again and again, a payload with what the button says, or words alone; at last what is typed now."""
    turns = [turn.partition("\n") for turn in visit.values("turn")[:MOST_TURNS]]
    done = [Done(words.strip()[:LONGEST], payload if payload.startswith("/") else "") for payload, _, words in turns]
    if words := visit.value("say").strip()[:LONGEST]:
        done.append(Done(words))
    return done[-MOST_TURNS:]


def _bubble(reply: Reply) -> Bubble:
    letters = len(reply.text.encode("utf-16-le")) // 2
    return Bubble(reply, letters, letters > TELEGRAM)
