"""What the bot knows: looking through it, an entry with its draft, and beginning a new one."""

from __future__ import annotations

import datetime as dt
import re

from starlette.responses import JSONResponse, Response

from bot.console import pathway_drawing, suggestions
from bot.console.knowledge_form import Opened, kind_of, label, place_label, suggestion_of
from bot.console.visits import StaffVisit
from bot.knowledge import (
    branches,
    catalogue,
    checks,
    differences,
    document,
    drafts,
    editing,
    problems,
    shape,
    two_people,
    workflow,
)
from bot.knowledge.models import Version
from bot.staff.permissions import may
from bot.suggestions import drafting

VERSIONS = 20
_LOOK = re.compile(r"(numbers|links)_(changed|differ)\.[a-z]{2,3}\.[a-z0-9_/-]+")


def listing(visit: StaffVisit) -> Response:
    kind = kind_of(visit)
    words, number, archived = visit.query("q")[:100], visit.number("page") or 1, visit.query("show") == "archived"
    languages = visit.house.settings.languages
    rows, total = catalogue.search(visit.session, kind, words, languages, number, archived=archived)
    waiting = drafts.all_open(visit.session)
    return visit.page(
        "entries.html",
        kind=kind,
        kinds=list(checks.SHAPES),
        words=words,
        rows=rows,
        total=total,
        number=number,
        archived=archived,
        last=max(1, -(-total // catalogue.PAGE)),
        languages=[code for code in languages if code != "en"],
        today=dt.date.today(),
        at_work={draft.key for draft in waiting if draft.kind == kind},
        waiting=len(waiting),
        unmade=[draft for draft in waiting if draft.kind == kind and draft.entry_id is None],
    )


def entry(visit: StaffVisit) -> Response:
    """The entry with English beside one other language; after a refusal with what was typed."""
    return shown(visit, Opened.of(visit))


def shown(visit: StaffVisit, opened: Opened) -> Response:
    row, draft, kind = opened.entry, opened.draft, opened.kind
    typed = opened.typed if visit.asked.refused and visit.asked.refused not in ("stale", "draft_window") else {}
    opened.typed = typed
    wrong = problems.of(kind, opened.key, opened.shown)
    clashes = workflow.content(visit.session, draft).clashes if draft is not None and row is not None else []
    states = {(text.language, text.field): text.state for text in row.texts if text.text} if row else {}
    return visit.page(
        "entry.html",
        o=opened,
        kind=kind,
        entry=row,
        draft=draft,
        title=opened.name,
        states=states,
        worst={code: catalogue.worst(row, code) for code in opened.others} if row else {},
        sections=list(shape.sections("steps" if opened.part else kind)),
        fact=next(f for f in shape.fields_of("steps" if opened.part else kind) if f.name == document.FACT),
        measures=opened.measures(),
        wrong=wrong,
        taken=opened.taken(),
        here={problem.place.partition(".")[0] if not opened.part else problem.place for problem in wrong},
        clashes=clashes,
        colleagues=[d for d in drafts.of(visit.session, kind, opened.key) if d.author != opened.who],
        revision=editing.revision(row) if row else "",
        versions=_history(visit, opened),
        used_by=catalogue.using(visit.session, kind, opened.key),
        steps=_steps(opened, wrong),
        drawing=pathway_drawing.svg(document.data_of(opened.key, opened.shown), opened.part) if kind == "pathways" else "",
        answers=_answers(opened),
        second=two_people.needed(kind),
        may_publish=may(visit.staff.role, "knowledge.publish"),
        may_edit=may(visit.staff.role, "knowledge.edit"),
        look=[part.split(".") for part in visit.query("look").split(",") if _LOOK.fullmatch(part)],
        label=label,
        place_label=place_label,
        today=dt.date.today().isoformat(),
        can_ask=visit.house.rehearsals.serving,
        said=suggestions.beside(visit, opened.suggestion, opened.saved),
    )


def find(visit: StaffVisit) -> Response:
    """Entries for a search box, as JSON: those whose name begins as somebody types stand first."""
    kind = kind_of(visit)
    rows = catalogue.like(visit.session, kind, visit.query("q")[:100])
    return JSONResponse([{"key": key, "name": name} for key, name in rows])


def beginning(visit: StaffVisit) -> Response:
    """The form that begins a new entry; `name` and `key` may come with the address (from what people asked for)."""
    kind = kind_of(visit)
    name = visit.value("name") or visit.query("name")[:200]
    said = suggestions.beside(visit, suggestion_of(visit, kind, ""), {})
    return visit.page("entry_new.html", kind=kind, name=name, key=visit.value("key") or _key(name), said=said)


def begin(visit: StaffVisit) -> Response:
    """A draft of an entry that is not there yet, with what every entry has."""
    kind, name, key = kind_of(visit), " ".join(visit.value("name").split())[:200], visit.value("key").strip().lower()
    names = {field.name for field in shape.fields_of(kind)}
    today = dt.date.today()
    given: dict[str, object] = {field: name for field in ("name", "title") if field in names}
    fact = {"checked_on": today.isoformat(), "review_by": _in_half_a_year(today).isoformat(), "volatility": "C", "sure": "NV"}
    given |= {f"{document.FACT}.{part}": value for part, value in fact.items()}
    key = key or _key(name)
    if editing.find(visit.session, kind, key) is None:
        draft = drafts.save(visit.session, kind, key, f"staff:{visit.staff.id}", {**given, f"{document.FACT}.source": ""})
        visit.record("knowledge.draft", f"{kind}:{key}")
        if draft is not None and (said := suggestion_of(visit, kind, "")) is not None:
            drafting.link(draft, said, f"staff:{visit.staff.id}")
            return visit.go(f"/knowledge/{kind}/{key}", suggestion=str(said.id))
    return visit.go(f"/knowledge/{kind}/{key}")


def _history(visit: StaffVisit, opened: Opened) -> list[tuple[Version, list[differences.Difference]]]:
    """The versions, newest first, each with what it changed."""
    if opened.entry is None:
        return []
    found, after = [], document.of(opened.entry)
    for version in editing.versions(visit.session, opened.entry, VERSIONS):
        before = differences.before(opened.kind, version)
        found.append((version, [] if before is None else differences.between(before, after)))
        after = before or {}
    return found


def _steps(opened: Opened, wrong: list[problems.Problem]) -> list[dict[str, object]]:
    """The steps of a pathway in their order, each with what is wrong with it."""
    if opened.kind != "pathways":
        return []
    data = document.data_of(opened.key, opened.shown)
    return [
        {
            "key": step["key"],
            "title": step.get("title") or step["key"],
            "after": step.get("after") or [],
            "when": step.get("when") or {},
            "goal": step.get("goal", False),
            "wrong": [p for p in wrong if p.place == f"steps.{step['key']}" or p.place.startswith(f"steps.{step['key']}.")],
        }
        for step in data.get("steps", [])
    ]


def _answers(opened: Opened) -> dict[str, list[str]]:
    """Question -> the answers a form offers: every one there is for the pathway, those it tells apart for a step."""
    if opened.kind != "pathways":
        return {}
    if opened.part:
        asked = opened.shown.get("questions") or {}
        return {question: list(answers) for question, answers in asked.items()}
    groups = [*(opened.shown.get("country_groups") or {}), "eea_swiss", "other"]
    return {
        "country": [*dict.fromkeys(groups), "unknown"],
        **{question: [*answers, "unknown"] for question, answers in branches.ANSWERS.items()},
    }


def _key(name: str) -> str:
    """A key out of a name: "Band 6 (NHS)" is band-6-nhs."""
    return "-".join(re.findall(r"[a-z0-9]+", name.lower()))[: drafts.LONGEST_KEY].strip("-")


def _in_half_a_year(today: dt.date) -> dt.date:
    return today + dt.timedelta(days=182)
