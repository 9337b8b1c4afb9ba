"""A reviewer's page, made for a phone: one text at a time, and what they say of it. Works without any script."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from bot.console import translating
from bot.console.visits import NotHereError, StaffVisit
from bot.knowledge import snapshot
from bot.staff.models import Staff
from bot.wording import reviewing, units, writing
from bot.wording.units import Unit


def desk(visit: StaffVisit) -> Response:
    """The next text of the language; after a refusal the one that it was about, with what was written."""
    spoken = _languages(visit)
    asked = visit.value("language") or visit.query("language")
    language = asked if asked in spoken else next(iter(spoken), "")
    found = reviewing.desk(visit.session, visit.staff.id, language) if language else reviewing.Desk(None, 0, 0)
    unit = (_again(visit, language) if visit.asked.refused else None) or found.unit
    again = bool(visit.asked.refused) and visit.asked.refused != "stale_text"
    values: dict[str, Any] = {"unit": None}
    if unit is not None:
        forms = translating.forms_of(visit, unit) if again and visit.value("verdict") == "corrected" else unit.text
        concerns = writing.concerns(unit, forms, snapshot.current(visit.session)) if again else []
        values = {**translating.shown(unit, forms), "concerns": concerns, "seal": writing.seal(forms)}
    return visit.page(
        "reviewing.html",
        languages=spoken,
        language=language,
        left=found.left,
        skipped=found.skipped,
        opened=visit.value("verdict") if again else "",
        asks_again=visit.asked.refused == "look_again",
        words=visit.value("words") if again else "",
        **values,
    )


def say(visit: StaffVisit) -> Response:
    """One of: right, corrected, asked, skipped."""
    language, place, token = _language(visit), visit.value("place"), visit.value("token")
    verdict, seen = visit.value("verdict"), (visit.session, visit.staff.id, language, place, token)
    if verdict == "right":
        done = "review_right" if reviewing.right(*seen) else ""
    elif verdict == "corrected":
        forms = translating.forms_of(visit, _unit(visit, language))
        noted = reviewing.correct(*seen, forms, snapshot.current(visit.session), sure=visit.value("sure"))
        done = f"review_{noted}" if noted else ""
    elif verdict == "asked":
        done = "review_asked" if reviewing.ask(*seen, visit.value("words")) else ""
    elif verdict == "skipped":
        reviewing.skip(*seen)
        return visit.go("/review", language=language)
    else:
        raise NotHereError
    if done:
        visit.record("review." + done.removeprefix("review_"), f"{language}:{place}")
    return visit.go("/review", language=language, **({"done": done} if done else {}))


def take_up(visit: StaffVisit) -> Response:
    """What was skipped comes again."""
    language = _language(visit)
    reviewing.take_up_skipped(visit.session, visit.staff.id, language)
    return visit.go("/review", language=language)


def check(visit: StaffVisit) -> Response:
    """While a correction is typed. Keeps nothing."""
    unit = _unit(visit, _language(visit))
    forms = translating.forms_of(visit, unit)
    found = writing.concerns(unit, forms, snapshot.current(visit.session))
    return visit.page(
        "translating_concerns.html", concerns=found, seal=writing.seal(forms), asks_again=bool(visit.value("asked")), unit=unit
    )


def _languages(visit: StaffVisit) -> list[str]:
    """Those the account was given; an admin, who has none of their own, may look at all."""
    here = [code for code in visit.house.settings.languages if code != "en"]
    if visit.staff.role != "reviewer":
        return here
    own = visit.session.get_one(Staff, visit.staff.id).languages
    return [code for code in here if code in own]


def _language(visit: StaffVisit) -> str:
    """Of the form. Raises NotHereError for one that this account does not review."""
    if visit.value("language") not in _languages(visit):
        raise NotHereError
    return visit.value("language")


def _unit(visit: StaffVisit, language: str) -> Unit:
    found = units.find(visit.session, language, visit.value("place"))
    if found is None:
        raise NotHereError
    return found


def _again(visit: StaffVisit, language: str) -> Unit | None:
    return units.find(visit.session, language, visit.value("place")) if language else None
