"""Voice messages and videos of a case: where each stands in the conversation, playing one, writing down what was said, letting it go.

A recording is fetched from its channel while it is played, by the process that shows the page, and is kept nowhere on the way.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.cases import handoffs, notes, queues
from bot.cases.conversation import Line
from bot.cases.models import CaseNote, Handoff
from bot.console import rendering
from bot.console.playing import Played
from bot.console.visits import NotHereError, StaffVisit
from bot.db.base import now
from bot.errors import RefusedError
from bot.people.models import Chat
from bot.recordings import keeping
from bot.recordings.models import KINDS, Recording
from bot.staff.models import Staff


@dataclass(frozen=True)
class Shown:
    """One at its place. `state`: as the table has it, elsewhere (in another case of this person), or not_kept: there is no row (any
    more). `until`: it can be played."""

    id: int
    name: str
    kind: str
    state: str
    caption: str
    until: dt.datetime | None = None
    written: str = ""
    written_by: str = ""


def shown(session: Session, handoff: Handoff, lines: Iterable[Line]) -> dict[int, Shown]:
    """By the message's id, of the messages on the page."""
    theirs = {line.id: line for line in lines if line.sender == "person"}
    rows = keeping.of_messages(session, theirs)
    found = {}
    for number, line in theirs.items():
        if number in rows:
            found[number] = _shown(session, handoff, rows[number], line.text)
        elif line.kind in KINDS:
            name = rendering.t(f"console.recordings.{line.kind}")
            found[number] = Shown(0, name, line.kind, "not_kept", _caption(line.text, line.kind))
    return found


def play(visit: StaffVisit) -> Response:
    """The recording itself, for who may answer its case. The audit says that it was played, and nothing of it."""
    row, handoff = _found(visit)
    if row.media_id is None or keeping.is_over(row, handoff, now()):
        return visit.problem(404, "recording_over")
    channel = visit.request.app.state.channels.get(visit.session.get_one(Chat, row.chat_id).channel)
    if channel is None:
        return visit.problem(503, "recording_no_line")
    visit.record("recordings.play", f"handoff:{handoff.reference}", f"recording:{row.id}")
    return Played(visit.asked, channel, row.media_id)


def write_down(visit: StaffVisit) -> Response:
    """What was said, as a note of the case that stands under the recording as well."""
    row, handoff = _found(visit)
    handoffs.lock(visit.session, handoff)
    said = visit.value("written").strip()
    if not said:
        raise RefusedError("there is nothing in it", "text_empty")
    words = visit.text("console.recordings.note", recording=_name(row), when=rendering.when(row.came_at), text=said)
    note = notes.add(visit.session, visit.staff.id, handoff, words, once=f"recording:{row.id}:{visit.once}")
    row.note_id = note.id if note is not None else row.note_id
    visit.record("recordings.written_down", f"handoff:{handoff.reference}", f"recording:{row.id}")
    return visit.go(f"/cases/{handoff.reference}", done="written_down")


def let_go(visit: StaffVisit) -> Response:
    """It is written down and needed no more: nobody can play it from now on, and what we kept of it is deleted."""
    row, handoff = _found(visit)
    handoffs.lock(visit.session, handoff)
    visit.session.refresh(row)
    if row.note_id is None:
        raise RefusedError("nobody has written down what is in it", "recording_not_written")
    if row.state == "kept":
        keeping.erase(visit.session, [row.id])
        visit.record("recordings.delete", f"handoff:{handoff.reference}", f"recording:{row.id}")
    return visit.go(f"/cases/{handoff.reference}", done="recording_deleted")


def case_of(visit: StaffVisit) -> Handoff:
    """The case of the recording of this address. Raises NotHereError."""
    return _found(visit)[1]


def _found(visit: StaffVisit) -> tuple[Recording, Handoff]:
    """Raises NotHereError for one that is none, was given to nobody, or is in a case that they may not know of."""
    text = visit.part("id")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
    row = keeping.find(visit.session, number)
    handoff = visit.session.get(Handoff, row.handoff_id) if row is not None and row.handoff_id is not None else None
    known = queues.find(visit.session, handoff.reference, visit.staff.id, visit.staff.role) if handoff is not None else None
    if row is None or known is None:
        raise NotHereError
    return row, known


def _shown(session: Session, handoff: Handoff, row: Recording, text: str) -> Shown:
    state = row.state
    if row.handoff_id not in (None, handoff.id):
        state = "elsewhere"
    elif state == "kept" and keeping.is_over(row, handoff, now()):
        state = "gone"
    note = session.get(CaseNote, row.note_id) if row.note_id is not None and state != "elsewhere" else None
    by = session.get(Staff, note.staff_id) if note is not None else None
    return Shown(
        id=row.id,
        name=_name(row),
        kind=row.kind,
        state=state,
        caption=_caption(text, row.kind),
        until=row.came_at + dt.timedelta(keeping.KEPT_DAYS),
        written=note.text.partition("\n")[2] if note is not None else "",
        written_by=by.name if by is not None else "",
    )


def _caption(text: str, kind: str) -> str:
    """The words that were written beside it."""
    return text.removeprefix(f"[{kind}]").strip()


def _name(row: Recording) -> str:
    """What it is and how long: "Voice message, 0:34"."""
    kind = rendering.t(f"console.recordings.{row.kind}")
    return rendering.t("console.recordings.length", kind=kind, length=keeping.length(row.seconds)) if row.seconds else kind
