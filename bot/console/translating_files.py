"""Translations for translators outside: a file out, a file in. What comes in is looked at first and kept for a day; then taken, or not."""

from __future__ import annotations

import re
import secrets
from typing import Any

from starlette.responses import Response

from bot.console.translating import language_of
from bot.console.visits import NotHereError, StaffVisit
from bot.errors import RefusedError
from bot.knowledge.hsds.plan import ProblemsError
from bot.knowledge.models import TranslationFile
from bot.wording import units
from bot.wording.exchange import batches, importing
from bot.wording.exchange.item import FORMATS
from bot.wording.exchange.item import LARGEST as LARGEST

MARK = re.compile(r"import-[0-9a-f]{8}")
MEDIA = {"po": "text/x-gettext-translation; charset=utf-8", "xliff": "application/xliff+xml"}


def export(visit: StaffVisit) -> Response:
    """`?format=`, and as many `kind=` and `state=` as wanted; without them all."""
    language, form = language_of(visit), visit.query("format") or "po"
    if form not in FORMATS:
        raise NotHereError
    kinds, states = visit.request.query_params.getlist("kind"), visit.request.query_params.getlist("state")
    rows = [
        unit
        for unit in units.listed(visit.session, language)
        if (not kinds or unit.kind in kinds) and (not states or unit.state in states)
    ]
    visit.record("words.export", f"{language}:{form}", f"{len(rows)} texts")
    name = f"useit-{language}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(importing.WRITERS[form](rows, language), media_type=MEDIA[form], headers=headers)


def look(visit: StaffVisit) -> Response:
    """What the file would change. Nothing is changed; the file waits for a word."""
    language, sent = language_of(visit), visit.file("file")
    if sent is None:
        raise RefusedError("choose a file", "no_file")
    try:
        items = importing.read(sent.content, language)
    except ProblemsError as error:
        return _page(visit, problems=error.problems)
    token = secrets.token_urlsafe(18)
    visit.session.add(
        TranslationFile(token=token, staff_id=visit.staff.id, language=language, name=sent.name[:120], content=sent.content)
    )
    finished = bool(visit.value("finished"))
    return _page(
        visit,
        plan=importing.plan(visit.session, language, items, finished=finished),
        token=token,
        finished=finished,
        name=sent.name,
    )


def take(visit: StaffVisit) -> Response:
    """Takes over what was looked at: all that is neither refused nor in conflict, and the conflicts that were ticked."""
    language = language_of(visit)
    row = visit.session.get(TranslationFile, visit.value("token"), with_for_update=True)
    if row is None or row.staff_id != visit.staff.id or row.language != language:
        raise RefusedError("send the file once more", "file_gone")
    content, name, session = row.content, row.name, visit.session
    session.commit()  # what follows has transactions of its own, and this one would hold them up
    taken = batches.apply(
        visit.house.sessions,
        language,
        importing.read(content, language),
        who=f"staff:{visit.staff.id}",
        why=name,
        finished=bool(visit.value("finished")),
        take=visit.values("take"),
        without_refused=True,
    )
    if (left := session.get(TranslationFile, row.token, with_for_update=True)) is not None:
        session.delete(left)
    visit.record("words.import", f"language:{language}", f"{len(taken.plan.changes)} texts, {taken.mark}")
    return visit.go(f"/translations/{language}", done="words_imported", taken=taken.mark)


def take_back(visit: StaffVisit) -> Response:
    """One import as a whole; what somebody changed since stays."""
    language, mark = language_of(visit), visit.value("taken")
    if not MARK.fullmatch(mark):
        raise NotHereError
    visit.session.commit()
    back, left = batches.take_back(visit.house.sessions, language, mark, who=f"staff:{visit.staff.id}")
    visit.record("words.take_back", f"language:{language}", f"{mark}: {back} back, {left} left")
    return visit.go(f"/translations/{language}", done="words_taken_back")


def again(visit: StaffVisit) -> Response:
    return _page(visit)


def _page(visit: StaffVisit, **values: Any) -> Response:
    shared: dict[str, Any] = {"plan": None, "problems": [], "token": "", "finished": False, "name": ""}
    return visit.page("translating_file.html", language=language_of(visit), **{**shared, **values})
