"""What the bot knows: looking through it, changing an entry, and going back."""

from __future__ import annotations

import datetime as dt
import re

from starlette.responses import Response

from bot.console import facts
from bot.console.visits import NotHereError, StaffVisit
from bot.knowledge import catalogue, editing
from bot.knowledge.models import Entry, Version
from bot.knowledge.seed import TextFields

KINDS = ("terms", "services")  # what can be changed here so far
_LOOK = re.compile(r"(numbers|links)_(changed|differ)\.[a-z]{2,3}\.[a-z_]+")


def listing(visit: StaffVisit) -> Response:
    kind = _kind(visit)
    words, number = visit.query("q")[:100], visit.number("page") or 1
    rows, total = catalogue.search(visit.session, kind, words, visit.house.settings.languages, number)
    return visit.page(
        "entries.html",
        kind=kind,
        words=words,
        rows=rows,
        total=total,
        number=number,
        last=max(1, -(-total // catalogue.PAGE)),
        languages=[code for code in visit.house.settings.languages if code != "en"],
        today=dt.date.today(),
    )


def entry(visit: StaffVisit) -> Response:
    """The entry with English beside one other language; after a refusal with what was typed."""
    row, kind = _entry(visit), _kind(visit)
    others = [code for code in visit.house.settings.languages if code != "en"]
    asked = visit.value("language") or visit.query("language")
    language = asked if asked in others else (others or [""])[0]
    texts = {(text.language, text.field): text for text in row.texts}
    again = bool(visit.asked.refused) and visit.asked.refused != "stale"
    return visit.page(
        "entry.html",
        kind=kind,
        entry=row,
        others=others,
        language=language,
        fields=_fields(row),
        texts=texts,
        states={code: catalogue.worst(row, code) for code in others},
        facts=facts.FIELDS[kind],
        shown=facts.shown(kind, row.data),
        sures=facts.SURE,
        again=again,
        typed=visit.value,
        ticked=visit.values,
        revision=visit.value("revision") if again else editing.revision(row),
        versions=editing.versions(visit.session, row, 20),
        look=[part.split(".") for part in visit.query("look").split(",") if _LOOK.fullmatch(part)],
        today=dt.date.today().isoformat(),
    )


def save(visit: StaffVisit) -> Response:
    row, kind = _entry(visit, to_change=True), _kind(visit)
    language = visit.value("language")
    languages = ["en"] + ([language] if language in visit.house.settings.languages and language != "en" else [])
    texts = {
        (code, field): visit.value(f"{code}.{field}")
        for code in languages
        for field in _fields(row)
        if f"{code}.{field}" in visit.asked.form
    }
    warned = editing.change(
        visit.session,
        row,
        who=f"staff:{visit.staff.id}",
        why=visit.value("why")[:200],
        texts=texts,
        data=facts.given(kind, visit.value, visit.values, row.data["fact"]),
        checked=bool(visit.value("checked")),
        seen=visit.value("revision"),
    )
    visit.record("knowledge.edit", f"{kind}:{row.key}")
    look = ",".join(f"{w.what}.{w.language}.{w.field}" for w in warned)
    back = {"language": language} if len(languages) > 1 else {}
    return visit.go(f"/knowledge/{kind}/{row.key}", **back, done="saved", **({"look": look} if look else {}))


def restore(visit: StaffVisit) -> Response:
    row, kind = _entry(visit, to_change=True), _kind(visit)
    number = visit.value("version")
    version = visit.session.get(Version, int(number)) if number.isdecimal() and len(number) < 10 else None
    if version is None or version.entry_id != row.id:
        raise NotHereError
    why = visit.text("console.entry.restored_why", date=f"{version.at:%Y-%m-%d %H:%M}")
    editing.restore(visit.session, version, f"staff:{visit.staff.id}", why, seen=visit.value("revision"))
    visit.record("knowledge.restore", f"{kind}:{row.key}", f"version {version.id}")
    return visit.go(f"/knowledge/{kind}/{row.key}", done="restored")


def _fields(row: Entry) -> list[str]:
    """The texts that can be changed: a figure only where there is one, as its own source belongs to it."""
    fields = [f for f in TextFields[row.kind] if f != "figure" or row.data.get("figure")]
    return [*fields, "names"] if row.kind == "terms" else fields


def _kind(visit: StaffVisit) -> str:
    kind = visit.part("kind")
    if kind not in KINDS:
        raise NotHereError
    return kind


def _entry(visit: StaffVisit, *, to_change: bool = False) -> Entry:
    found = editing.find(visit.session, _kind(visit), visit.part("key"), to_change=to_change)
    if found is None:
        raise NotHereError
    return found
