"""What is done from the form of an entry: kept as a draft, asked for review, published now or later, put away, gone back to."""

from __future__ import annotations

import datetime as dt

from starlette.responses import JSONResponse, Response

from bot.cases.hours import LONDON
from bot.console import rendering, suggestions
from bot.console.knowledge_form import Opened, place_label
from bot.console.visits import NotHereError, StaffVisit
from bot.errors import RefusedError
from bot.knowledge import consistency, document, drafts, editing, problems, two_people, workflow
from bot.knowledge.checks import Warned, compare
from bot.knowledge.draft_models import Draft
from bot.knowledge.models import Entry, Version
from bot.knowledge.ownership import Taken
from bot.staff.permissions import may

MOVES = ("up", "down", "remove")


def save(visit: StaffVisit) -> Response:
    opened = Opened.of(visit, to_change=True)
    draft = opened.save()
    if draft is not None:
        visit.record("knowledge.draft", f"{opened.kind}:{opened.key}")
    return _back(visit, opened, "kept" if draft is not None else "same")


def autosave(visit: StaffVisit) -> Response:
    """Kept while somebody types, or (`only=look`) only looked at. What the page shows of it goes back as JSON."""
    opened = Opened.of(visit, to_change=True)
    draft = opened.draft if visit.value("only") == "look" else opened.save()
    if draft is not None and opened.draft is None:
        visit.record("knowledge.draft", f"{opened.kind}:{opened.key}")
    colleagues = [visit_name(visit, d) for d in drafts.of(visit.session, opened.kind, opened.key) if d.author != opened.who]
    return JSONResponse(
        {
            "mark": draft.mark if draft is not None else "",
            "saved": rendering.t("console.entry.kept_at", time=f"{dt.datetime.now(LONDON):%H:%M:%S}")
            if draft is not None
            else "",
            "colleagues": rendering.t("console.entry.colleagues", names=", ".join(colleagues)) if colleagues else "",
            "measures": {name: _said(measure) for name, measure in opened.measures().items()},
            "wrong": [_line(opened, problem) for problem in problems.of(opened.kind, opened.key, opened.shown)],
            "taken": [_taken(opened, one) for one in opened.taken()],
            "look": [_line(opened, problem) for problem in _differing(opened)],
        }
    )


def review(visit: StaffVisit) -> Response:
    opened = Opened.of(visit, to_change=True)
    workflow.ask_review(visit.session, _saved(opened), opened.who, visit.value("why")[:200])
    visit.record("knowledge.review", f"{opened.kind}:{opened.key}")
    return _back(visit, opened, "asked_review")


def publish(visit: StaffVisit) -> Response:
    """One's own draft, as the form has it. What somebody else changed meanwhile is shown first (`choose.<place>`)."""
    opened = Opened.of(visit, to_change=True)
    draft = opened.save() if opened.typed else opened.draft
    if draft is None:
        return _back(visit, opened, "same")
    why, choices = visit.value("why")[:200], chosen(visit)
    try:
        warned = workflow.publish(visit.session, draft, opened.who, why, choices=choices, seen=visit.value("revision"))
    except RefusedError as error:
        if error.reason != "clash":
            raise
        return _back(visit, opened, "clash")  # the draft is kept, and the page shows both sides
    visit.record("knowledge.publish", f"{opened.kind}:{opened.key}", f"draft {draft.id}")
    suggestions.used(visit)
    return _back(visit, opened, "saved", warned)


def schedule(visit: StaffVisit) -> Response:
    opened = Opened.of(visit, to_change=True)
    at = moment(visit.value("publish_at"))
    draft = _saved(opened)
    workflow.schedule(visit.session, draft, opened.who, at, visit.value("why")[:200])
    visit.record("knowledge.schedule", f"{opened.kind}:{opened.key}", f"{at:%Y-%m-%d %H:%M} UTC")
    return _back(visit, opened, "planned")


def show(visit: StaffVisit) -> Response:
    """Unpublished, archived, or published again; of a safety number as a wish that somebody must approve."""
    entry, who, what = _entry(visit), f"staff:{visit.staff.id}", visit.value("what")
    why = visit.value("why")[:200]
    if what not in workflow.WISHES:
        raise NotHereError
    if two_people.needed(entry.kind):
        drafts.wish(visit.session, entry, what, who, why)
        visit.record("knowledge.review", f"{entry.kind}:{entry.key}", what)
        return visit.go(f"/knowledge/{entry.kind}/{entry.key}", done="asked_review")
    published, archived = workflow.WISHES[what]
    editing.show(visit.session, entry, published=published, archived=archived, who=who, why=why)
    visit.record(f"knowledge.{what}", f"{entry.kind}:{entry.key}")
    return visit.go(f"/knowledge/{entry.kind}/{entry.key}", done=what)


def restore(visit: StaffVisit) -> Response:
    """At once by who may publish; else, and of a safety number, as a draft."""
    entry, number = _entry(visit), visit.value("version")
    version = visit.session.get(Version, int(number)) if number.isdecimal() and len(number) < 10 else None
    if version is None or version.entry_id != entry.id:
        raise NotHereError
    who, address = f"staff:{visit.staff.id}", f"/knowledge/{entry.kind}/{entry.key}"
    why = visit.text("console.entry.restored_why", date=f"{version.at:%Y-%m-%d %H:%M}")
    if two_people.needed(entry.kind) or not may(visit.staff.role, "knowledge.publish"):
        drafts.from_version(visit.session, entry, version, who, why)
        visit.record("knowledge.draft", f"{entry.kind}:{entry.key}", f"version {version.id}")
        return visit.go(address, done="kept")
    editing.restore(visit.session, version, who, why, seen=visit.value("revision"))
    visit.record("knowledge.restore", f"{entry.kind}:{entry.key}", f"version {version.id}")
    return visit.go(address, done="restored")


def arrange(visit: StaffVisit) -> Response:
    """A step of a pathway is added, moved, or taken out; kept in the draft."""
    opened = Opened.of(visit, to_change=True)
    if opened.kind != "pathways":
        raise NotHereError
    order, step, move = list(opened.saved.get(document.STEPS, [])), visit.value("which"), visit.value("move")
    given: dict[str, object] = {}
    if move == "add":
        step = "-".join(visit.value("name").lower().split())
        if not consistency.KEY.fullmatch(step) or step in order:
            raise RefusedError("a step needs a name of its own: a-z, 0-9 and -", "key")
        order.append(step)
        given = _new_step(opened, step, visit.value("name"))
    elif step not in order or move not in MOVES:
        raise NotHereError
    else:
        _move(order, step, move)
    opened.typed = {document.STEPS: order, **given}
    opened.save()
    visit.record("knowledge.draft", f"{opened.kind}:{opened.key}")
    query = {"step": step} if move == "add" else {}
    return visit.go(f"/knowledge/{opened.kind}/{opened.key}", **query, language=opened.language, done="kept")


def _new_step(opened: Opened, step: str, name: str) -> dict[str, object]:
    fact = {place.removeprefix("fact."): value for place, value in opened.saved.items() if place.startswith("fact.")}
    return {
        document.step_place(step, field): value
        for field, value in (("title", name.strip()), ("do", ""), ("who", ""), ("fact", fact))
    }


def _move(order: list[str], step: str, move: str) -> None:
    at = order.index(step)
    order.remove(step)
    if move != "remove":
        order.insert(max(0, at - 1) if move == "up" else at + 1, step)


def chosen(visit: StaffVisit) -> dict[str, str]:
    """Of what two people changed: which of the two."""
    names = [name for name in visit.asked.form if name.startswith("choose.")]
    return {name.removeprefix("choose."): visit.value(name) for name in names if visit.value(name) in ("mine", "theirs")}


def moment(text: str) -> dt.datetime:
    """As a field for day and time sends it, in London. Raises RefusedError (publish_at)."""
    try:
        return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(dt.UTC)
    except ValueError as error:
        raise RefusedError("a time looks like 2026-12-01T09:00", "publish_at") from error


def visit_name(visit: StaffVisit, draft: Draft) -> str:
    """Whose draft it is."""
    return visit.actor(draft.author)


def _saved(opened: Opened) -> Draft:
    draft = opened.save() if opened.typed else opened.draft
    if draft is None:
        raise RefusedError("nothing differs from what is published", "draft_empty")
    return draft


def _entry(visit: StaffVisit) -> Entry:
    found = editing.find(visit.session, visit.part("kind"), visit.part("key"), to_change=True)
    if found is None:
        raise NotHereError
    return found


def _differing(opened: Opened) -> list[problems.Problem]:
    """Where numbers and links of a translation are not those of the English: perhaps right, but to be looked at."""
    found = []
    for name in opened.text_fields:
        place = opened.translation(opened.language, name)
        text = str(opened.shown.get(place) or "")
        warned = compare("", text, opened.english(name), opened.language, name)
        found += [problems.Problem(place, one.what) for one in warned]
    return found


def _line(opened: Opened, problem: problems.Problem) -> str:
    return f"{place_label(opened.kind, problem.place)}: {_why(problem)}" if problem.place else _why(problem)


def _taken(opened: Opened, one: Taken) -> dict[str, str]:
    """A name that is another term's, with the way there."""
    said = rendering.t(f"console.taken.{one.reason}", field=place_label(opened.kind, one.place), word=one.word)
    return {"text": said, "name": one.name, "key": one.key}


def _why(problem: problems.Problem) -> str:
    return (
        problem.detail
        or rendering.t_if(f"console.look.short.{problem.reason}")
        or rendering.t_or("console.refused.", problem.reason)
    )


def _said(measure: dict[str, object]) -> dict[str, object]:
    said = rendering.t("console.measure", age=str(measure["age"]), letters=str(measure["letters"])) if measure["letters"] else ""
    return {"text": said, "hard": measure["hard"]}


def _back(visit: StaffVisit, opened: Opened, done: str, warned: list[Warned] | None = None) -> Response:
    look = ",".join(f"{w.what}.{w.language}.{w.field}" for w in warned or [])
    query = {"step": opened.part} if opened.part else {}
    query |= {"language": opened.language} if opened.language else {}
    query |= {"suggestion": str(opened.suggestion.id)} if opened.suggestion is not None else {}
    return visit.go(f"/knowledge/{opened.kind}/{opened.key}", **query, done=done, **({"look": look} if look else {}))
