"""One line of the conversation, as the page gets it."""

from __future__ import annotations

import msgspec

from bot import i18n, pictograms
from bot.cases.models import Message
from bot.conversation.models import Outbox
from bot.conversation.outbox import outgoing
from bot.papers.titles import title_of
from bot.replies import Button

PAPERS = "/chat/papers/"  # and the outbox id


class Tap(msgspec.Struct, frozen=True, omit_defaults=True):
    """A button: a token to post, or a link. `pictogram`: the drawing beside it, for which `words` is the label without its emoji."""

    label: str
    token: str = ""
    url: str = ""
    pictogram: str = ""
    words: str = ""


class File(msgspec.Struct, frozen=True):
    """A paper that can be fetched: `name` of the file, `form` png or pdf, `title` for who does not see it."""

    name: str
    form: str
    url: str
    title: str


class Line(msgspec.Struct, frozen=True):
    """`id`: the message's, 0 for what a person did without words. `chose`: the token of the button that was tapped.

    `pending`: the person's, stored, not answered yet.
    """

    id: int
    at: str  # ISO 8601, UTC
    sender: str  # person, bot, staff
    text: str
    language: str
    dir: str
    rows: list[list[Tap]] = []
    chose: str = ""
    pending: bool = False
    paper: File | None = None


def line_of(message: Message, row: Outbox | None) -> Line:
    """A message that is kept, with the buttons and the paper it went out with."""
    return Line(
        id=message.id,
        at=message.at.isoformat(),
        sender=message.sender,
        text=message.text,
        language=message.language,
        dir=i18n.direction(message.language),
        rows=_taps(row) if row is not None else [],
        paper=_file(row) if row is not None else None,
    )


def buttons(row: Outbox) -> list[Button]:
    """All buttons of a reply; the n-th has the token "<id>:<n>"."""
    return [button for line in outgoing(row).reply.rows for button in line]


def _file(row: Outbox) -> File | None:
    paper = outgoing(row).reply.paper
    if paper is None:
        return None
    return File(f"{paper.name}.{paper.form}", paper.form, f"{PAPERS}{row.id}", title_of(paper))


def _taps(row: Outbox) -> list[list[Tap]]:
    rows, number = [], 0
    for line in outgoing(row).reply.rows:
        taps = []
        for button in line:
            taps.append(_tap(button, f"{row.id}:{number}"))
            number += 1
        rows.append(taps)
    return rows


def _tap(button: Button, token: str) -> Tap:
    if button.url:
        return Tap(button.label, url=button.url)
    drawn = pictograms.of_button(button.payload)
    return Tap(button.label, token, pictogram=drawn, words=pictograms.bare(button.label) if drawn else "")
