"""Finding services for a need: the best three, each with the reasons why, and never a dead end."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.knowledge.seed import Service
from bot.knowledge.snapshot import Snapshot, is_fresh

BEST = 3
# West Midlands postcode areas by town, for services that say a town and for people who say a district
TOWNS = {"B": "Birmingham", "WV": "Wolverhampton", "WS": "Walsall", "DY": "Dudley", "CV": "Coventry"}
SANDWELL = frozenset({"B64", "B65", "B66", "B67", "B68", "B69", "B70", "B71"})


@dataclass(frozen=True)
class Match:
    """A service and why it fits: reason keys (`reason.<key>` in the catalogue), strongest first."""

    service: Service
    reasons: tuple[str, ...]
    score: float


def find(knowledge: Snapshot, need: str, *, area: str | None, language: str, access: str | None, today: dt.date) -> list[Match]:
    """The best matches, at most BEST. Wider ones fill up: local first, then the region, then national.

    `area` is a postcode district ("B16") or a town, or None for anywhere; `access` one of a service's attributes or None.
    """
    matches = [
        match
        for service in knowledge.services.values()
        if need in service.needs and (match := _match(service, need, area, language, access, today))
    ]
    return sorted(matches, key=lambda m: (-m.score, m.service.key))[:BEST]


def _match(service: Service, need: str, area: str | None, language: str, access: str | None, today: dt.date) -> Match | None:
    reasons, score = [], 0.0
    town = town_of(area)
    if area and area in service.postcode_districts:
        reasons.append("near_you")
        score += 4
    elif town and town in service.towns:
        reasons.append("in_your_town")
        score += 3
    elif service.national:
        reasons.append("national")
        score += 1
    elif area and service.towns and town not in service.towns:
        score -= 2
    elif not area:
        score += 2
    if access and access != "none":
        if access in service.attributes:
            reasons.append(access)
            score += 4
        elif access == "asylum_seekers_welcome":
            score -= 2
    if "women_only" in service.attributes and access != "women_only":
        score -= 3
    if language != "en" and language in service.languages:
        reasons.append("your_language")
        score += 2
    if need == "legal" and service.immigration_level:
        reasons.append("regulated")
        score += service.immigration_level / 2
    if service.needs[0] == need:
        score += 1
    if "drop_in" in service.attributes:
        reasons.append("drop_in")
        score += 0.5
    if service.fact.sure == "gen":
        score -= 1
    if not is_fresh(service.fact, today):
        score -= 1
    return Match(service, tuple(reasons), score)


def town_of(area: str | None) -> str | None:
    """The town of a postcode district, or the town itself."""
    if not area:
        return None
    if area in SANDWELL:
        return "Sandwell"
    letters = area.rstrip("0123456789")
    return TOWNS.get(letters.upper(), area) if letters != area else area.title()
