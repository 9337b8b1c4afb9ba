"""Settings as an admin changes them: each part a form of its own, with the versions it was made from; what was changed can be taken back."""

from __future__ import annotations

import datetime as dt

from starlette.responses import Response

from bot.cases.hours import moment
from bot.console import preferences_words
from bot.console.fields import number_in_form
from bot.console.visits import NotHereError, StaffVisit
from bot.conversation import would_go
from bot.db.base import now
from bot.errors import RefusedError
from bot.installation import changing, live, registry
from bot.installation.features import FEATURES
from bot.knowledge import snapshot
from bot.settings import KNOWN_LANGUAGES

KEEPING = ("keep_days", "close_after_days", "delete_after_days")
# part of the page -> the settings in its form
PARTS: dict[str, tuple[str, ...]] = {
    "languages": ("languages",),
    "greeting": tuple(f"greeting.{code}" for code in KNOWN_LANGUAGES),
    "hours": ("hours",),
    "ours": ("ours",),
    "keeping": (*KEEPING, "follow_up_days"),
    "features": tuple(f"feature.{name}" for name in FEATURES),
}


def page(visit: StaffVisit) -> Response:
    return _page(visit)


def save(visit: StaffVisit) -> Response:
    """One part. Shorter times of keeping are shown with what they would delete, and saved when that was confirmed."""
    part = visit.part("part")
    if part not in PARTS:
        raise NotHereError
    before, changed = visit.house.settings, False
    for name in PARTS[part]:
        seen = visit.value(f"version.{name}")
        if not seen.isdecimal() or len(seen) > 9:
            raise NotHereError
        text = _sent(visit, name)
        if text != _now(visit, name):
            changed |= changing.change(visit.session, name, text, who=_who(visit), seen=int(seen))
    if part == "keeping":
        after = live.read(visit.session).settings(visit.house.base)
        lost = would_go.counts(visit.session, before, after, now())
        if lost.any and visit.value("confirmed") != "yes":
            visit.session.rollback()
            return _page(visit, lost=lost)
    return visit.go("/settings", done="setting_changed" if changed else "setting_same")


def undo(visit: StaffVisit) -> Response:
    """A change that made times longer is not taken back here: that would delete, and the form shows how much."""
    before = visit.house.settings
    changing.undo(visit.session, number_in_form(visit, "change"), who=_who(visit))
    after = live.read(visit.session).settings(visit.house.base)
    if would_go.counts(visit.session, before, after, now()).any:
        raise RefusedError("that would delete: change the days in the form, which shows what", "setting_undo")
    return visit.go("/settings", done="setting_undone")


def stop(visit: StaffVisit) -> Response:
    until: dt.datetime | None = None
    if visit.value("until").strip():
        try:
            until = moment(visit.value("until"))
        except RefusedError as error:
            raise RefusedError("this is no time", "stop_until") from error
    changing.stop(visit.session, reason=visit.value("reason"), until=until, who=_who(visit))
    return visit.go("/settings", done="stopped")


def start_again(visit: StaffVisit) -> Response:
    changing.start_again(visit.session, who=_who(visit))
    return visit.go("/settings", done="started_again")


def _page(visit: StaffVisit, lost: would_go.Lost | None = None) -> Response:
    versions = changing.versions(visit.session)
    typed = lost is not None or (bool(visit.asked.refused) and visit.asked.refused != "stale")
    kept = {
        name: _sent(visit, name) for part in PARTS.values() for name in part if typed and f"version.{name}" in visit.asked.form
    }
    return visit.page(
        "preferences.html",
        values={name: kept.get(name, _now(visit, name)) for name in registry.SETTINGS},
        versions={name: versions.get(name, 0) for name in registry.SETTINGS},
        without={name: definition.write(definition.without(visit.house.base)) for name, definition in registry.SETTINGS.items()},
        codes=KNOWN_LANGUAGES,
        feature_names=FEATURES,
        services=sorted(snapshot.current(visit.session).services.values(), key=lambda service: service.name.casefold()),
        week=preferences_words.week(visit.house.hours),
        coming=preferences_words.coming(visit.house.hours, now()),
        least=registry.LEAST_DAYS,
        most=registry.MOST_DAYS,
        lost=lost,
        history=[preferences_words.Changed.of(row) for row in changing.history(visit.session)],
        status=200,
    )


def _sent(visit: StaffVisit, name: str) -> str:
    """What the form says: switches and languages are ticked or not, everything else is one field."""
    if name.startswith("feature."):
        return "on" if visit.value(name) == "on" else "off"
    if name in ("languages", "ours"):
        return registry.of(name).write([code for code in visit.values(name) if code])
    return visit.value(name).replace("\r\n", "\n").strip()


def _now(visit: StaffVisit, name: str) -> str:
    definition, values = registry.of(name), live.current(visit.session).values
    return definition.write(values.get(name, definition.without(visit.house.base)))


def _who(visit: StaffVisit) -> str:
    return f"staff:{visit.staff.id}"
