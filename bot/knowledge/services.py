"""Finding services for a need: the best three, each with the reasons why, and never a dead end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from bot.knowledge import opening, places
from bot.knowledge.seed import Service
from bot.knowledge.snapshot import Snapshot, is_fresh

BEST = 3
NEAR_MILES = 3.0  # further than this, the distance is no reason to go there
FAR_MILES = 25.0
OURS = 0.75  # more than a distance within a town, less than any reason why a service suits somebody
SINKS = 4.0  # below all others in the area and for the whole country, above what is elsewhere


@dataclass(frozen=True)
class Wish:
    """What is looked for. `area`: postcode, district, town, "<latitude>,<longitude>", or None for anywhere.

    `access`: one of a service's attributes, or "open_now", or None.
    """

    need: str
    area: str | None = None
    language: str = "en"
    access: str | None = None


@dataclass(frozen=True)
class Match:
    """A service and why it fits: reason keys (`reason.<key>` in the catalogue), strongest first. `miles`: how far, if known.

    `sinking`: others found no place there lately.
    """

    service: Service
    reasons: tuple[str, ...]
    score: float
    miles: float | None = None
    local: bool = True
    sinking: bool = False


@dataclass(frozen=True)
class Found:
    """`wider`: nothing is in the area that was asked for; these are the nearest, or work for the whole country."""

    matches: list[Match]
    wider: bool = False


def find(
    knowledge: Snapshot,
    wish: Wish,
    at: dt.datetime,
    *,
    sinking: frozenset[str] = frozenset(),
    without: frozenset[str] = frozenset(),
    ours: frozenset[str] = frozenset(),
) -> Found:
    """The best matches, at most BEST. Local ones first, then the nearest elsewhere, then national.

    `sinking`: keys of services that had no place lately; they lose SINKS points. `without`: keys that are not wanted. `ours`: keys of
    services that we run ourselves: among equals they come first, because who knows the person can look after them.
    """
    fitting = [s for s in knowledge.services.values() if wish.need in s.needs and s.key not in without]
    found = [_match(s, wish, at) for s in fitting]
    found = [replace(m, sinking=True, score=m.score - SINKS) if m.service.key in sinking else m for m in found]
    found = [replace(m, score=m.score + OURS, reasons=("ours", *m.reasons)) if m.service.key in ours else m for m in found]
    matches = sorted(found, key=lambda m: (-m.score, m.service.key))
    return Found(matches[:BEST], wider=bool(wish.area) and bool(matches) and not any(m.local for m in matches))


def _match(service: Service, wish: Wish, at: dt.datetime) -> Match:
    where, place, miles, local = place_of(service, wish.area)
    reasons, score = [*where], place
    for reason, points in _suits(service, wish, at):
        score += points
        if points > 0 and reason:
            reasons.append(reason)
    if service.fact.sure == "gen":
        score -= 1
    if not is_fresh(service.fact, at.date()):
        score -= 1.5
    return Match(service, tuple(reasons), score, miles, local)


def place_of(service: Service, area: str | None) -> tuple[list[str], float, float | None, bool]:
    """Reasons, points, miles, and whether it serves the area at all."""
    if not area:
        return [], 0 if service.national else 2, None, True
    district, town = places.district_of(area) or _district_of_point(area), places.town_of(area)
    if district and town == area.title():
        town = places.town_of(district)
    miles = _miles(service, area)
    if service.national and not service.towns:
        return ["national"], 1, None, False
    near = miles is not None and miles <= NEAR_MILES
    if district and district in service.postcode_districts:
        return ["near_you"], 4.5, miles, True
    if town and town in service.towns:
        closer = 1 - min(miles, FAR_MILES) / FAR_MILES if miles is not None else 0
        return ["near" if near and district else "in_your_town"], 3 + closer, miles, True
    if near:
        return ["near"], 3, miles, True
    if service.national:
        return ["national"], 1, miles, False
    return ["wider"], 0 - min(miles if miles is not None else FAR_MILES, FAR_MILES) / FAR_MILES, miles, False


def _district_of_point(area: str) -> str | None:
    point = places.point_of(area) if "," in area else None
    return places.nearest_district(point) if point else None


def _miles(service: Service, area: str) -> float | None:
    """From the area to the nearest of the places that the service really names; a town's middle is no place to go to."""
    here = places.point_of(area)
    there = [
        places.Point(p.latitude, p.longitude) for p in service.locations if p.latitude is not None and p.longitude is not None
    ]
    there += [point for p in service.locations if p.postcode and (point := places.point_of(p.postcode))]
    there += [places.districts()[d] for d in service.postcode_districts if d in places.districts()]
    return min((places.miles(here, point) for point in there), default=None) if here else None


def _suits(service: Service, wish: Wish, at: dt.datetime) -> list[tuple[str, float]]:
    """(reason, points) for all that is not the place; an empty reason counts and is not said."""
    has, access = service.attributes, wish.access
    found: list[tuple[str, float]] = []
    open_now = opening.is_open(service, at)
    if access == "open_now":
        found.append(("open_now", 4) if open_now else ("", -2 if open_now is False else 0))
    elif access and access in has:
        found.append((access, 4))
    elif access == "asylum_seekers_welcome":
        found.append(("", -2))
    if "women_only" in has and access != "women_only":
        found.append(("", -3))
    if wish.language != "en" and wish.language in service.languages:
        found.append(("your_language", 2))
    if wish.need == "legal" and service.immigration_level:
        found.append(("regulated", service.immigration_level / 2))
    if service.needs[0] == wish.need:
        found.append(("", 1))
    if "drop_in" in has and access != "drop_in":
        found.append(("drop_in", 0.5))
    if open_now and access != "open_now":
        found.append(("open_now", 0.25))
    return found
