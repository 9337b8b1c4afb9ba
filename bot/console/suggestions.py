"""What people say is wrong or missing, beside the entry it is about; and what staff make of it. Who said it is not shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from bot.console.fields import number_in_form, number_in_path
from bot.console.visits import NotHereError, StaffVisit
from bot.knowledge import editing, snapshot
from bot.knowledge.models import Entry
from bot.knowledge.snapshot import Snapshot
from bot.staff.permissions import may
from bot.suggestions import about, deciding, drafting
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
    return _to_entry(visit, row)


def draft(visit: StaffVisit) -> Response:
    """An own draft of the entry with the figures that the person named; what cannot be put in by itself is marked there."""
    row = _found(visit)
    if row.state == "open":
        deciding.take(visit.session, row, _seen(visit))
        _record(visit, row, "take")
    made = drafting.propose(visit.session, row, f"staff:{visit.staff.id}")
    if made is not None:
        visit.record("knowledge.draft", f"{made.kind}:{made.key}", row.reference)
    return _to_entry(visit, row, done="suggestion_drafted" if made is not None else "suggestion_by_hand")


def used(visit: StaffVisit) -> None:
    """After something was published: the suggestions that are in it have come to their end."""
    for row in drafting.settle_published(visit.session):
        _record(visit, row, "use")


@dataclass(frozen=True)
class Beside:
    """A suggestion as it stands beside the form of its entry. `field`: its element there; `fills`: a draft can be made of it."""

    row: Suggestion
    is_rough: bool
    field: str
    fills: bool
    waits: bool


def beside(visit: StaffVisit, row: Suggestion | None, shown: Mapping[str, Any]) -> Beside | None:
    """`shown`: the entry by place. None for who may not read suggestions."""
    if row is None or not may(visit.staff.role, "knowledge.edit"):
        return None
    visit.record("suggestions.read", f"suggestion:{row.reference}")
    waits = row.state in WAITING
    fills = waits and bool(row.about_key) and bool(drafting.given(row, shown))
    return Beside(row, row.english_by == GLOSS, _element(row, shown), fills, waits)


def _element(row: Suggestion, shown: Mapping[str, Any]) -> str:
    """The field that it is about, as the form calls it (templates/entry_fields.html)."""
    name = drafting.field_of(row, shown)
    if row.what == "translation" and row.language != ENGLISH:
        return f"{row.language}.{name}"
    if not name or name in ("phones", "address", "openings", "link"):
        return name
    return {"figure": "figure.text", "costs": "costs.0.text"}.get(name, f"en.{name}")


def _to_entry(visit: StaffVisit, row: Suggestion, done: str = "") -> Response:
    step = row.about_key.partition("/")[2]
    query = {"step": step} if step else {}
    query |= {"language": row.language} if row.language != ENGLISH and row.about_key else {}
    return visit.go(_address(row), suggestion=str(row.id), **query, **({"done": done} if done else {}))


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
