"""Files in and out: looking through what a file or a feed would change, choosing for each difference, and going back."""

from __future__ import annotations

from starlette.responses import Response

from bot.console.fields import number_in_path, today
from bot.console.visits import NotHereError, StaffVisit
from bot.errors import RefusedError
from bot.knowledge.hsds.plan import ProblemsError
from bot.knowledge.spreadsheets.reading import ENCODINGS
from bot.upkeep import arrivals, backup, exporting, kept, restoring
from bot.upkeep.arrivals import OURS, THEIRS
from bot.upkeep.backup import BackupError
from bot.upkeep.models import Arrival

PAGE = 20  # entries to choose about on one page
MOST_FIELDS = 2_000  # of their form: an entry has some thirty fields
LARGEST_FILE = max(arrivals.LARGEST.values())
REFUSED = 409
LISTED = 200  # problems shown
DECIDED = ("added", "changed", "conflict", "gone")


def overview(visit: StaffVisit) -> Response:
    return _overview(visit, [])


def upload(visit: StaffVisit) -> Response:
    """A file to look through. What cannot be read is listed line by line, and nothing of it is kept."""
    given = visit.file("file")
    if given is None:
        raise RefusedError("no file was chosen", "no_file")
    encoding = visit.value("encoding") if visit.value("encoding") in ENCODINGS else ""
    try:
        row = arrivals.bring(
            visit.session, visit.value("kind"), given.name, given.content, encoding=encoding, staff_id=visit.staff.id
        )
    except ProblemsError as error:
        return _overview(visit, error.problems, REFUSED)
    except BackupError as error:
        return _overview(visit, [str(error)], REFUSED)
    visit.record("knowledge.upload", f"arrival:{row.id}", row.kind)
    return visit.go(f"/exchange/{row.id}")


def export(visit: StaffVisit) -> Response:
    """A download of what is published, or of everything as a backup."""
    form = visit.query("form")
    if form not in exporting.FORMS:
        raise NotHereError
    made = exporting.make(visit.session, form, visit.house.settings.languages)
    visit.record("knowledge.export", f"export:{form}")
    name = f"{form}-{today().isoformat()}.{made.ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(made.content, media_type=made.media_type, headers=headers)


def arrival(visit: StaffVisit) -> Response:
    row = _arrival(visit)
    if row.state != "open":
        return visit.go("/exchange")
    if row.kind == "backup":
        return _backup(visit, row)
    try:
        plan = arrivals.offered(visit.session, row)
    except ProblemsError as error:
        return visit.page("exchange_problems.html", REFUSED, row=row, problems=error.problems[:LISTED], total=len(error.problems))
    show = visit.query("show") if visit.query("show") in DECIDED else ""
    items = [
        item
        for item in plan.items
        if item.what in ((show,) if show else DECIDED) and (item.changes or item.what in ("added", "gone"))
    ]
    last = max(1, -(-len(items) // PAGE))
    number = min(visit.number("page") or 1, last)
    return visit.page(
        "exchange_arrival.html",
        row=row,
        plan=plan,
        items=items[(number - 1) * PAGE : number * PAGE],
        number=number,
        last=last,
        show=show,
        shows=[name for name in DECIDED if plan.counts[name]],  # type: ignore[index]  # its keys are these words
        chosen=lambda item, field="": arrivals.choice_of(item, row.choices, field),
        problems=plan.problems[:LISTED],
        revision=restoring.revision(visit.session),
    )


def choose(visit: StaffVisit) -> Response:
    """Keeps the choices of one page; then the next page, or all of it at once."""
    row = _arrival(visit, to_change=True)
    if visit.value("do") == "drop":
        arrivals.drop(row)
        return _over(visit, row, "knowledge.drop", "arrival_dropped")
    if row.kind == "backup":
        return _restore(visit, row)
    arrivals.choose(row, _choices(visit))
    if visit.value("do") != "apply":
        return visit.go(f"/exchange/{row.id}", page=visit.value("next") or "1", done="choices", **_show(visit))
    seen = visit.value("revision")
    try:
        plan = arrivals.apply(visit.session, row, f"staff:{visit.staff.id}", seen=int(seen) if seen.isdecimal() else -1)
    except ProblemsError as error:
        visit.session.rollback()
        return visit.page(
            "exchange_problems.html", REFUSED, row=_arrival(visit), problems=error.problems[:LISTED], total=len(error.problems)
        )
    why = " ".join(f"{count} {what}" for what, count in plan.counts.items() if count)
    return _over(visit, row, "knowledge.import", "imported", why)


def back(visit: StaffVisit) -> Response:
    """A backup that was made by itself is brought like a file: what going back would do is shown first."""
    row = kept.find(visit.session, number_in_path(visit))
    if row is None:
        raise NotHereError
    name = f"{row.at:%Y-%m-%d-%H%M}.zip"
    made = arrivals.bring(visit.session, "backup", name, row.content, staff_id=visit.staff.id)
    visit.record("knowledge.upload", f"arrival:{made.id}", f"backup {row.id}")
    return visit.go(f"/exchange/{made.id}")


def _overview(visit: StaffVisit, problems: list[str], status: int = 200) -> Response:
    return visit.page(
        "exchange.html",
        status,
        problems=problems[:LISTED],
        total=len(problems),
        kinds=arrivals.KINDS,
        encodings=ENCODINGS,
        forms=exporting.FORMS,
        waiting=arrivals.open_ones(visit.session),
        backups=kept.listed(visit.session),
    )


def _backup(visit: StaffVisit, row: Arrival) -> Response:
    content = backup.read(row.content or b"")
    differences = restoring.compare(visit.session, content)
    safety = [key for difference in differences for key in difference.safety]
    return visit.page(
        "exchange_backup.html",
        row=row,
        manifest=content.manifest,
        differences=differences,
        safety=safety,
        second=row.brought_by is not None and row.brought_by != visit.staff.id,
        revision=restoring.revision(visit.session),
    )


def _restore(visit: StaffVisit, row: Arrival) -> Response:
    seen = visit.value("revision")
    number = arrivals.restore(
        visit.session,
        row,
        f"staff:{visit.staff.id}",
        visit.staff.id,
        seen=int(seen) if seen.isdecimal() else -1,
        keep_safety=bool(visit.value("keep_safety")),
    )
    return _over(visit, row, "knowledge.restore_all", "went_back", f"backup {number}")


def _choices(visit: StaffVisit) -> dict[str, dict[str, str]]:
    """The form's `choice:<key>:<field>`. What is none of ours or theirs says nothing."""
    found: dict[str, dict[str, str]] = {}
    for name, values in visit.asked.form.items():
        what, _, place = name.partition(":")
        key, _, field = place.partition(":")
        if what == "choice" and key and values[0] in (OURS, THEIRS):
            found.setdefault(key, {})[field] = values[0]
    return found


def _show(visit: StaffVisit) -> dict[str, str]:
    return {"show": visit.value("show")} if visit.value("show") in DECIDED else {}


def _over(visit: StaffVisit, row: Arrival, verb: str, done: str, why: str = "") -> Response:
    visit.record(verb, f"arrival:{row.id}", why)
    return visit.go(f"/feeds/{row.feed_id}" if row.feed_id else "/exchange", done=done)


def _arrival(visit: StaffVisit, *, to_change: bool = False) -> Arrival:
    found = arrivals.find(visit.session, number_in_path(visit), to_change=to_change)
    if found is None:
        raise NotHereError
    return found
