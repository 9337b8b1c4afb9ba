"""Drafts that wait for somebody: what they would change, word by word, and what becomes of them."""

from __future__ import annotations

from starlette.responses import Response

from bot.console import knowledge_preview, suggestions
from bot.console.fields import number_in_path
from bot.console.knowledge_form import place_label
from bot.console.knowledge_saving import chosen
from bot.console.visits import NotHereError, StaffVisit
from bot.errors import RefusedError
from bot.knowledge import differences, document, drafts, editing, indexing, ownership, problems, two_people, workflow
from bot.knowledge.draft_models import Draft
from bot.staff.permissions import may


def listing(visit: StaffVisit) -> Response:
    rows = drafts.all_open(visit.session)
    return visit.page("drafts.html", rows=[(draft, name_of(draft)) for draft in rows], me=f"staff:{visit.staff.id}")


def draft(visit: StaffVisit) -> Response:
    row = _draft(visit)
    found = workflow.content(visit.session, row)
    entry = editing.find(visit.session, row.kind, row.key)
    others = [code for code in visit.house.settings.languages if code != "en"]
    touched = [place.partition(":")[0] for place in row.changes if ":" in place]
    language = (
        visit.query("language") if visit.query("language") in visit.house.settings.languages else (touched or others or ["en"])[0]
    )
    return visit.page(
        "draft.html",
        draft=row,
        title=name_of(row),
        content=found,
        differences=differences.between(document.of(entry) if entry else {}, found.document),
        clashes=[(clash, differences.readable(clash.mine), differences.readable(clash.theirs)) for clash in found.clashes],
        wrong=problems.of(row.kind, row.key, found.document) if row.wish == "change" else [],
        taken=ownership.taken(visit.session, row.key, found.document, document.of(entry) if entry else {})
        if row.kind == "terms" and row.wish == "change"
        else [],
        phone=knowledge_preview.pane(visit, row.kind, row.key, found.document, language, checked=tuple(row.checked)),
        language=language,
        languages=visit.house.settings.languages,
        revision=editing.revision(entry) if entry else "",
        second=two_people.needed(row.kind),
        is_open=row.state in drafts.OPEN,
        is_mine=row.author == f"staff:{visit.staff.id}",
        may_publish=may(visit.staff.role, "knowledge.publish"),
        may_approve=may(visit.staff.role, "knowledge.approve"),
        place_label=place_label,
    )


def approve(visit: StaffVisit) -> Response:
    row = _draft(visit, to_change=True)
    workflow.approve(visit.session, row, f"staff:{visit.staff.id}", visit.value("why")[:200], visit.value("hash"))
    return _done(visit, row, "approve", "approved")


def publish(visit: StaffVisit) -> Response:
    """Exactly what was looked at (`hash`), with what was chosen where two people changed the same."""
    row = _draft(visit, to_change=True)
    choices = chosen(visit)
    if not choices and visit.value("hash") != workflow.content(visit.session, row).hash:
        raise RefusedError("this is not what you have looked at any more", "stale")
    why, seen = visit.value("why")[:200], visit.value("revision")
    workflow.publish(visit.session, row, f"staff:{visit.staff.id}", why, choices=choices, seen=seen)
    suggestions.used(visit)
    return _done(visit, row, "publish", "saved")


def give_back(visit: StaffVisit) -> Response:
    row = _draft(visit, to_change=True)
    workflow.give_back(visit.session, row, f"staff:{visit.staff.id}", visit.value("why")[:200])
    return _done(visit, row, "return", "returned")


def discard(visit: StaffVisit) -> Response:
    """One's own, or by who may publish."""
    row = _draft(visit, to_change=True)
    if row.author != f"staff:{visit.staff.id}" and not may(visit.staff.role, "knowledge.publish"):
        raise RefusedError("only who wrote a draft can throw it away", "not_yours")
    workflow.discard(visit.session, row, f"staff:{visit.staff.id}", visit.value("why")[:200])
    visit.record("knowledge.discard", f"{row.kind}:{row.key}", f"draft {row.id}")
    return visit.go("/knowledge/drafts", done="discarded")


def name_of(row: Draft) -> str:
    return indexing.title(document.data_of(row.key, drafts.shown(row)), row.key)


def _draft(visit: StaffVisit, *, to_change: bool = False) -> Draft:
    found = drafts.get(visit.session, number_in_path(visit), to_change=to_change)
    if found is None:
        raise NotHereError
    return found


def _done(visit: StaffVisit, row: Draft, verb: str, done: str) -> Response:
    visit.record(f"knowledge.{verb}", f"{row.kind}:{row.key}", f"draft {row.id}")
    return visit.go(f"/knowledge/drafts/{row.id}", done=done)
