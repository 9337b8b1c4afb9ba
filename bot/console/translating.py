"""The texts in every language: how far each is, what is to be done, and one text with everything that is known of it."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select
from starlette.responses import Response

from bot import i18n
from bot.console import translating_chart
from bot.console.fields import number_in_form
from bot.console.visits import NotHereError, StaffVisit
from bot.errors import RefusedError
from bot.knowledge import snapshot
from bot.knowledge.differences import pieces
from bot.staff.models import AuditEntry
from bot.staff.permissions import may
from bot.translation import suggesting
from bot.wording import changing, progress, reviewing, units, worklist, writing
from bot.wording.units import SENTENCES, Unit
from bot.wording.worklist import Wanted

STATES = ("draft", "reviewed")  # what somebody may call what they write


def overview(visit: StaffVisit) -> Response:
    """Progress as a picture and a table, questions of reviewers, and who is thanked."""
    counts = progress.progress(visit.session, visit.house.settings.languages)
    states = {code: progress.by_state(found) for code, found in counts.items()}
    return visit.page(
        "translating.html",
        states=states,
        kinds={code: _by_kind(found) for code, found in counts.items()},
        chart=translating_chart.drawn(states),
        questions=[
            (review, staff, units.find(visit.session, review.language, review.place))
            for review, staff in reviewing.questions(visit.session)
        ],
        credits=reviewing.credits(visit.session),
        all_states=units.STATES,
    )


def listing(visit: StaffVisit) -> Response:
    """The work list of a language; of English the program's sentences."""
    language = language_of(visit)
    wanted = Wanted(
        kind=_one_of(visit.query("kind"), units.ALL_KINDS),
        state=_one_of(visit.query("state"), units.STATES),
        words=visit.query("q")[:100],
        order=_one_of(visit.query("order"), worklist.ORDERS) or "asked",
    )
    number = visit.number("page") or 1
    found = worklist.search(visit.session, language, wanted, number)
    return visit.page(
        "translating_list.html",
        language=language,
        languages=visit.house.settings.languages,
        wanted=wanted,
        found=found,
        number=number,
        last=max(1, -(-found.total // worklist.PAGE)),
        kinds=units.ALL_KINDS,
        states=units.STATES,
        orders=worklist.ORDERS,
        imports=_imports(visit, language) if may(visit.staff.role, "words.edit") else [],
    )


def text(visit: StaffVisit) -> Response:
    """One text: the English, what of it changed, the translation, a machine's, what was before, and what reviewers ask."""
    unit = _unit(visit)
    again = bool(visit.asked.refused) and visit.asked.refused != "stale_text"
    forms = forms_of(visit, unit) if again else unit.text
    knowledge = snapshot.current(visit.session)
    return visit.page(
        "translating_text.html",
        **shown(unit, forms),
        concerns=writing.concerns(unit, forms, knowledge) if again or all(unit.text) else [],
        seal=writing.seal(forms),
        asks_again=visit.asked.refused == "look_again",
        suggestion=suggesting.of(visit.session, unit.language, unit.place, unit.english),
        machine=visit.house.settings.translating is not None and unit.language != "en",
        shipped=i18n.shipped(unit.language).get(unit.name, ()) if unit.kind == SENTENCES else (),
        versions=changing.versions(visit.session, unit.language, unit.name) if unit.kind == SENTENCES else [],
        questions=reviewing.questions(visit.session, unit.language, unit.place),
        entry="/".join(unit.place.split("/")[:2]) if unit.kind != SENTENCES else "",
    )


def save(visit: StaffVisit) -> Response:
    """What was written, unless it is broken; what is odd must be confirmed. A machine's words stay a machine's until somebody checks them."""
    unit = _current(visit)
    said = writing.checked(unit, forms_of(visit, unit), snapshot.current(visit.session), sure=visit.value("sure"))
    made = suggesting.of(visit.session, unit.language, unit.place, unit.english)
    state = _one_of(visit.value("state"), STATES) or "draft"
    if unit.language == "en":
        state = "reviewed"
    elif state == "draft" and made and made.forms == said:
        state = "machine-drafted"
    writing.write(visit.session, unit, said, who=f"staff:{visit.staff.id}", why=visit.value("why")[:200], state=state)
    visit.record("words.edit", f"{unit.language}:{unit.place}", state)
    return _back(visit, unit, "words_saved")


def propose(visit: StaffVisit) -> Response:
    """What was written waits for somebody who may change it."""
    unit = _current(visit)
    forms, knowledge = forms_of(visit, unit), snapshot.current(visit.session)
    reviewing.propose(
        visit.session, visit.staff.id, unit.language, unit.place, unit.token, forms, knowledge, sure=visit.value("sure")
    )
    visit.record("words.propose", f"{unit.language}:{unit.place}")
    return _back(visit, unit, "words_proposed")


def accept(visit: StaffVisit) -> Response:
    """What a colleague proposed is said from now on."""
    number, knowledge = number_in_form(visit, "review"), snapshot.current(visit.session)
    row = reviewing.accept(visit.session, number, f"staff:{visit.staff.id}", knowledge)
    if row is not None:
        visit.record("words.accept", f"{row.language}:{row.place}", f"review {row.id}")
    return visit.go("/translations", done="words_accepted")


def reset(visit: StaffVisit) -> Response:
    """The shipped sentence again."""
    unit = _current(visit)
    if unit.kind != SENTENCES:
        raise NotHereError
    if changing.reset(visit.session, unit.language, unit.name, who=f"staff:{visit.staff.id}", why=visit.value("why")[:200]):
        visit.record("words.reset", f"{unit.language}:{unit.place}")
    return _back(visit, unit, "words_reset")


def suggest(visit: StaffVisit) -> Response:
    """Asks the machine; the worker answers in a moment, no page waits for it."""
    unit = _current(visit)
    suggesting.ask(visit.session, unit.language, unit.place, unit.english, visit.house.settings.translating)
    visit.record("words.suggest", f"{unit.language}:{unit.place}")
    return _back(visit, unit, "words_suggested")


def settle(visit: StaffVisit) -> Response:
    """A reviewer's question is dealt with."""
    row = reviewing.settle(visit.session, number_in_form(visit, "review"), f"staff:{visit.staff.id}")
    if row is not None:
        visit.record("words.settle", f"{row.language}:{row.place}", f"review {row.id}")
    return visit.go("/translations", done="words_settled")


def check(visit: StaffVisit) -> Response:
    """What is to be said of what stands in the form, while it is typed. Keeps nothing."""
    unit = _unit(visit)
    forms = forms_of(visit, unit)
    found = writing.concerns(unit, forms, snapshot.current(visit.session))
    return visit.page(
        "translating_concerns.html", concerns=found, seal=writing.seal(forms), asks_again=bool(visit.value("asked")), unit=unit
    )


def shown(unit: Unit, forms: tuple[str, ...]) -> dict[str, Any]:
    """What the page of one text has of it."""
    changes = [pieces(was, now) for was, now in zip(unit.made_from, unit.english, strict=True)] if unit.made_from else []
    return {
        "unit": unit,
        "forms": forms,
        "changes": changes,
        "counts": i18n.plural_examples(unit.language) if unit.counted else (),
    }


def language_of(visit: StaffVisit) -> str:
    """Out of the path. Raises NotHereError for one that is not spoken here."""
    language = visit.part("language")
    if language not in visit.house.settings.languages:
        raise NotHereError
    return language


def forms_of(visit: StaffVisit, unit: Unit) -> tuple[str, ...]:
    """What stands in the form, as many forms as the text has."""
    return tuple(visit.value(f"form.{place}") for place in range(len(unit.text)))


def _unit(visit: StaffVisit) -> Unit:
    place = visit.value("place") or visit.query("place")
    found = units.find(visit.session, language_of(visit), place)
    if found is None:
        raise NotHereError
    return found


def _current(visit: StaffVisit) -> Unit:
    """The text of the form, locked. Raises RefusedError (stale_text) when it is another one by now."""
    found = units.locked(visit.session, language_of(visit), visit.value("place"))
    if found is None:
        raise NotHereError
    if found.token != visit.value("token"):
        raise RefusedError("this text has changed meanwhile", "stale_text")
    return found


def _back(visit: StaffVisit, unit: Unit, done: str) -> Response:
    return visit.go(f"/translations/{unit.language}/text", place=unit.place, done=done)


def _imports(visit: StaffVisit, language: str) -> list[tuple[AuditEntry, str]]:
    """The last files that were taken over, each with the mark by which it can be taken back."""
    mine = select(AuditEntry).where(AuditEntry.verb == "words.import", AuditEntry.object == f"language:{language}")
    rows = visit.session.scalars(mine.order_by(AuditEntry.id.desc()).limit(3))
    return [(row, match[0]) for row in rows if (match := re.search(r"import-[0-9a-f]{8}", row.why or ""))]


def _one_of(value: str, known: tuple[str, ...]) -> str:
    return value if value in known else ""


def _by_kind(counts: progress.Counts) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for (kind, state), number in sorted(counts.items(), key=lambda item: units.ALL_KINDS.index(item[0][0])):
        found.setdefault(kind, {})[state] = number
    return found
