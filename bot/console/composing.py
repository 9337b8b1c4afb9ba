"""What stands in the answer box: as somebody typed it, as a ready-made reply fills it, as a machine has translated it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from bot.cases import canned, telling
from bot.cases.both_sides import Recognised
from bot.cases.canned import Choice
from bot.cases.hours import LONDON, moment
from bot.cases.models import Handoff
from bot.console.rendering import t, t_or
from bot.console.visits import StaffVisit
from bot.conversation import attaching
from bot.db.base import now
from bot.errors import RefusedError
from bot.knowledge import snapshot
from bot.replies import Reply
from bot.translation import drafts, permission
from bot.translation.drafts import Draft

ASKS = ("document", "time")  # questions that the person answers with one tap
TIMES = ("time1", "time2", "time3")


@dataclass(frozen=True)
class Composer:
    """`part`: which one is open: write, ready, attach. `language`: of `text`. `note`: what follows the text when it is not in the person's language.

    `preview`: what would be sent as an attachment, `what` its kind and key. `draft`: the translation that is asked for or there.
    `why_not`: why no machine may translate for this person, "" when one may, "english" when none is needed.
    """

    part: str = "write"
    text: str = ""
    language: str = "en"
    ask: str = ""
    times: tuple[str, ...] = ("", "", "")
    awaits: bool = False
    later: str = ""
    preview: Reply | None = None
    what: str = ""
    draft: Draft | None = None
    why_not: str = "off"
    choices: list[Choice] = field(default_factory=list)
    groups: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)


def composer(
    visit: StaffVisit,
    handoff: Handoff,
    recognised: list[Recognised],
    *,
    text: str = "",
    language: str = "",
    preview: Reply | None = None,
) -> Composer:
    """As it stands after this visit; what was typed stays when something was refused. `text`, `preview`: what to put into it."""
    spoken = telling.language(visit.session, handoff)
    draft = drafts.of(visit.session, handoff, visit.staff.id)
    why = permission.against(visit.session, handoff.person_id, visit.house.settings.translating)
    typed = visit.value("text") if visit.asked.refused and "text" in visit.asked.form else text
    return Composer(
        part=_part(visit, preview),
        text=typed,
        language=language or (visit.value("language") if visit.value("language") in ("en", spoken) else spoken),
        ask=visit.value("ask") if visit.value("ask") in ASKS else "",
        times=tuple(visit.value(name) for name in TIMES),
        awaits=bool(visit.value("awaits")),
        later=visit.value("later"),
        preview=preview,
        what=visit.value("what"),
        draft=draft,
        why_not="english" if spoken == "en" else why,
        choices=canned.choices(visit.session, spoken),
        groups=_groups(visit, handoff, recognised),
    )


def _part(visit: StaffVisit, preview: Reply | None) -> str:
    """The one that somebody is at: where something is to be looked at, or was refused."""
    if preview is not None or (visit.asked.refused and "what" in visit.asked.form):
        return "attach"
    return "ready" if visit.asked.refused and "reply" in visit.asked.form else "write"


def times(visit: StaffVisit) -> list[dt.datetime]:
    """Of the question which one suits. Raises RefusedError (time)."""
    return [moment(visit.value(name)) for name in TIMES if visit.value(name).strip()]


def later(visit: StaffVisit) -> dt.datetime | None:
    """When the message is to go out, None: now. Raises RefusedError: time, later_buttons (a question goes out at once)."""
    if not visit.value("later").strip():
        return None
    if visit.value("ask"):
        raise RefusedError("a question with buttons goes out at once", "later_buttons")
    return moment(visit.value("later"))


def tomorrow() -> str:
    """The earliest usual time for a message that goes out later, as a form has it."""
    at = dt.datetime.combine(now().astimezone(LONDON).date() + dt.timedelta(days=1), dt.time(9), LONDON)
    return at.strftime("%Y-%m-%dT%H:%M")


def _groups(visit: StaffVisit, handoff: Handoff, recognised: list[Recognised]) -> list[tuple[str, list[tuple[str, str]]]]:
    """What can be attached: heading, and (kind and key, name) of each; what is at hand first."""
    knowledge = snapshot.current(visit.session)
    own = [(f"term:{term.key}", term.name) for term in recognised]
    steps = []
    for path in attaching.steps_of(visit.session, handoff.person_id):
        pathway, _, step = path.partition("/")
        steps.append((f"step:{path}", knowledge.words("pathways", pathway, f"{step}/title", "en").text or step))
    every = [(f"service:{key}", name) for key, name in services(visit)]
    near = [(key, name) for key, name in every if handoff.need in knowledge.services[key.partition(":")[2]].needs]
    found = [
        (t("console.attach.heard"), own),
        (t("console.attach.cards"), [(f"card:{name}", t_or("console.card.", name)) for name in attaching.CARDS]),
        (t("console.attach.steps"), steps),
        (t("console.attach.near", need=t_or("need.", handoff.need or "")), near),
        (t("console.attach.terms"), sorted(((f"term:{key}", term.name) for key, term in knowledge.terms.items()), key=_name)),
        (t("console.attach.services"), every),
    ]
    return [(heading, options) for heading, options in found if options]


def services(visit: StaffVisit) -> list[tuple[str, str]]:
    """(key, name) of each that is known, by name."""
    known = snapshot.current(visit.session).services
    return sorted(((key, service.name) for key, service in known.items()), key=_name)


def _name(option: tuple[str, str]) -> str:
    return option[1].casefold()
