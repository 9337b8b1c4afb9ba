"""What people asked and the bot did not know: grouped, counted, and made a name, an example, a test message or an entry in one step."""

from __future__ import annotations

from sqlalchemy import select
from starlette.responses import Response

from bot.console.fields import number_in_path
from bot.console.visits import NotHereError, StaffVisit
from bot.knowledge import asked_groups, asked_settling, snapshot
from bot.knowledge.asked_groups import ORDERS, Group
from bot.knowledge.unknown import KINDS
from bot.staff.models import Staff
from bot.staff.permissions import may
from bot.training import examples
from engine.nlu.examples import INTENTS

PAGE = 50
STATES = ("open", "done", "dismissed")


def listing(visit: StaffVisit) -> Response:
    chosen = {
        "state": _one_of(visit.query("state"), STATES, "open"),
        "kind": _one_of(visit.query("kind"), KINDS, ""),
        "language": _one_of(visit.query("language"), visit.house.settings.languages, ""),
        "order": _one_of(visit.query("order"), ORDERS, "most"),
    }
    mine = visit.query("mine") == "yes"
    found = asked_groups.listed(visit.session, **chosen, assigned_to=visit.staff.id if mine else None)
    number = visit.number("page") or 1
    last = max(1, -(-len(found) // PAGE))
    return visit.page(
        "asked.html",
        groups=found[(number - 1) * PAGE : number * PAGE],
        total=len(found),
        number=number,
        last=last,
        chosen=chosen,
        mine=mine,
        kinds=KINDS,
        states=STATES,
        orders=ORDERS,
        languages=visit.house.settings.languages,
        name_of=lambda about: _name_of(visit, about),
    )


def group(visit: StaffVisit) -> Response:
    found = _group(visit)
    language = _one_of(visit.value("language"), visit.house.settings.languages, next(iter(found.languages)))
    words = "" if found.is_long or found.kind == "rated" else found.words
    nearest = asked_settling.nearest(snapshot.current(visit.session), words, language) if words else []
    return visit.page(
        "asked_group.html",
        group=found,
        words=words,
        language=language,
        nearest=nearest,
        terms=sorted((term.name, key) for key, term in snapshot.current(visit.session).terms.items()),
        intents=INTENTS,
        languages=visit.house.settings.languages,
        helpers=_helpers(visit),
        name_of=lambda about: _name_of(visit, about),
    )


def assign(visit: StaffVisit) -> Response:
    found, chosen = _group(visit), visit.value("staff")
    staff = next((one for one in _helpers(visit) if str(one.id) == chosen), None)
    if chosen and staff is None:
        raise NotHereError
    asked_settling.assign(found, staff.id if staff else None)
    return _done(visit, found, "assign", "asked_assigned", f"staff:{staff.id}" if staff else "")


def dismiss(visit: StaffVisit) -> Response:
    found = _group(visit)
    asked_settling.settle(found, "dismissed")
    return _done(visit, found, "dismiss", "asked_dismissed")


def finish(visit: StaffVisit) -> Response:
    found = _group(visit)
    asked_settling.settle(found, "done", "by hand")
    return _done(visit, found, "done", "asked_done")


def reopen(visit: StaffVisit) -> Response:
    found = _group(visit)
    asked_settling.settle(found, "open")
    return _done(visit, found, "reopen", "asked_open")


def add_name(visit: StaffVisit) -> Response:
    """The words become a name of the term: live at the next message."""
    found, key = _group(visit), visit.value("term")
    language = _one_of(visit.value("language"), visit.house.settings.languages, "en")
    why = visit.text("console.asked.why_name", times=str(found.times))
    given = {"key": key, "name": visit.value("name"), "language": language}
    asked_settling.add_name(visit.session, found, **given, who=f"staff:{visit.staff.id}", why=why)
    visit.record("knowledge.edit", f"terms:{key}", "name")
    return _done(visit, found, "name", "asked_name", f"terms:{key}")


def add_example(visit: StaffVisit) -> Response:
    """The words, as the reader has rewritten them, are taught or tested from now on. Kept only because somebody has read them."""
    found, settings, who = _group(visit), visit.house.settings, f"staff:{visit.staff.id}"
    given = {"language": visit.value("language"), "intent": visit.value("intent"), "text": visit.value("text"), "who": who}
    if visit.value("use") == "test":
        made = examples.add_test(visit.session, settings.languages, **given, must=bool(visit.value("must")))
        settled, done = f"test:{made.id}", "asked_test"
    else:
        line = examples.add(visit.session, settings.root, settings.languages, **given)
        settled, done = f"example:{line.id}", "asked_example"
    asked_settling.settle(found, "done", settled)
    return _done(visit, found, "example", done, settled)


def _done(visit: StaffVisit, found: Group, verb: str, done: str, why: str = "") -> Response:
    visit.record(f"asked.{verb}", f"asked:{found.id}", why)  # never the words
    return visit.go("/asked", done=done)


def _group(visit: StaffVisit) -> Group:
    found = asked_groups.of(visit.session, number_in_path(visit))
    if found is None:
        raise NotHereError
    return found


def _helpers(visit: StaffVisit) -> list[Staff]:
    """Who may change the knowledge, and so be asked to."""
    rows = visit.session.scalars(select(Staff).where(Staff.disabled_at.is_(None)).order_by(Staff.name))
    return [staff for staff in rows if may(staff.role, "knowledge.edit")]


def _name_of(visit: StaffVisit, about: str) -> str:
    """An answer as a reader knows it: the name of the entry, or the meaning that was taken."""
    kind, _, key = about.partition("/")
    if kind == "intent":
        return visit.text(f"console.meaning.{key}") if key in INTENTS else key
    entries = getattr(snapshot.current(visit.session), kind, {}) if kind in ("terms", "services", "pathways") else {}
    entry = entries.get(key)
    return str(getattr(entry, "name", "") or getattr(entry, "title", "") or key) if entry else key


def _one_of(value: str, allowed: tuple[str, ...], otherwise: str) -> str:
    return value if value in allowed else otherwise
