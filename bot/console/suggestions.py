"""What people say is wrong or missing, beside the entry it is about; and what staff make of it. Who said it is not shown."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from bot.console.fields import number_in_form, number_in_path
from bot.console.visits import NotHereError, StaffVisit
from bot.knowledge import editing, snapshot
from bot.knowledge.models import Entry
from bot.knowledge.snapshot import Snapshot
from bot.suggestions import about, deciding
from bot.suggestions.kinds import DECLINED, WAITING
from bot.suggestions.models import Suggestion
from bot.translation.desk import ENGLISH
from bot.translation.filling import GLOSS


def listing(visit: StaffVisit) -> Response:
    waiting = visit.query("show") != "decided"
    rows, knowledge = (
        deciding.listed(visit.session, waiting=waiting, before=visit.number("before")),
        snapshot.current(visit.session),
    )
    return visit.page(
        "suggestions.html",
        rows=[(row, about.name_of(knowledge, row.about_kind, row.about_key, ENGLISH)) for row in rows],
        waiting=waiting,
        more=rows[-1].id if len(rows) == deciding.PAGE else None,
    )


def suggestion(visit: StaffVisit) -> Response:
    row, knowledge = _found(visit), snapshot.current(visit.session)
    entry = _entry(visit, row)
    visit.record("suggestions.read", f"suggestion:{row.reference}")
    return visit.page(
        "suggestion.html",
        row=row,
        ends=deciding.ends_as(visit.session, row),
        name=about.name_of(knowledge, row.about_kind, row.about_key, ENGLISH),
        english=row.english or "",
        is_rough=row.english_by == GLOSS,
        is_awaited=bool(row.words) and row.language != ENGLISH and row.english is None,
        texts=_texts(knowledge, row),
        address=_address(row),
        changed_at=entry.updated_at if entry is not None and entry.updated_at > row.created_at else None,
        alike=deciding.alike(visit.session, row),
        declined=DECLINED,
        waits=row.state in WAITING,
    )


def take(visit: StaffVisit) -> Response:
    """To the form of the entry, or of a new service."""
    row = _found(visit)
    if row.state != "taken":
        deciding.take(visit.session, row, _seen(visit))
        _record(visit, row, "take")
    return visit.go(_address(row), suggestion=str(row.id))


def use(visit: StaffVisit) -> Response:
    row = _found(visit)
    deciding.use(visit.session, row, _seen(visit))
    return _done(visit, row, "use")


def decline(visit: StaffVisit) -> Response:
    row, why = _found(visit), visit.value("why")
    deciding.decline(visit.session, row, why, _seen(visit))
    return _done(visit, row, "decline", why)


def merge(visit: StaffVisit) -> Response:
    row = _found(visit)
    into = deciding.find(visit.session, number_in_form(visit, "into"))
    if into is None:
        raise NotHereError
    deciding.merge(visit.session, row, into, _seen(visit))
    return _done(visit, row, "merge", into.reference)


def open_again(visit: StaffVisit) -> Response:
    row = _found(visit)
    deciding.open_again(visit.session, row, _seen(visit))
    return _done(visit, row, "open")


def _found(visit: StaffVisit) -> Suggestion:
    changes = visit.request.method == "POST" and not visit.asked.refused
    row = deciding.find(visit.session, number_in_path(visit), to_change=changes)
    if row is None:
        raise NotHereError
    return row


def _seen(visit: StaffVisit) -> int:
    return number_in_form(visit, "version")


def _record(visit: StaffVisit, row: Suggestion, verb: str, why: str = "") -> None:
    visit.record(f"suggestions.{verb}", f"suggestion:{row.reference}", why)


def _done(visit: StaffVisit, row: Suggestion, verb: str, why: str = "") -> Response:
    _record(visit, row, verb, why)
    return visit.go(f"/suggestions/{row.id}", done=f"suggestion_{verb}")


def _key(row: Suggestion) -> str:
    return row.about_key.partition("/")[0]


def _entry(visit: StaffVisit, row: Suggestion) -> Entry | None:
    return editing.find(visit.session, row.about_kind, _key(row)) if row.about_key else None


def _address(row: Suggestion) -> str:
    return f"/knowledge/{row.about_kind}/{_key(row)}" if row.about_key else "/knowledge/services/new"


def _texts(knowledge: Snapshot, row: Suggestion) -> list[tuple[str, Any, Any]]:
    """(field, English, the person's language or None) of what the bot says of the entry, or of the step."""
    key, _, step = row.about_key.partition("/")
    begins = f"{step}/" if step else ""
    found = []
    for kind, one, field in knowledge.english():
        if (
            (kind, one) == (row.about_kind, key)
            and field.startswith(begins)
            and field != "names"
            and ("/" in field) == bool(step)
        ):
            theirs = knowledge.words(kind, key, field, row.language)
            shown = theirs if row.language != ENGLISH and theirs.language == row.language else None
            found.append((field.removeprefix(begins), knowledge.words(kind, key, field, ENGLISH), shown))
    return found
