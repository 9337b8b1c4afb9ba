"""What somebody could do: the best three for their skills, languages, place and time, each with the reasons."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from bot.knowledge.as_service import PREFIX
from bot.knowledge.seed import Opportunity
from bot.knowledge.services import place_of
from bot.knowledge.snapshot import Snapshot, is_fresh
from bot.opportunities.about_person import Able
from bot.talents.catalogue import catalogue

BEST = 3
GROUPS: dict[str, tuple[str, ...]] = {
    "volunteering": ("volunteering", "research"),
    "learning": ("placement", "attachment", "observership"),
    "work": ("vacancy", "enterprise"),
}
TIMES = ("weekdays", "evenings", "weekends")
FIRST_SKILL, EACH_SKILL, MOST_SKILLS = 3.0, 1.0, 6.0
LANGUAGE, TIME = 2.0, 2.0
SINKS = 4.0  # as of services: others found no place there lately


@dataclass(frozen=True)
class Wish:
    """`group`: one of GROUPS or None for all. `area`: as in a search for services. `time`: one of TIMES or None.

    `unpaid_only`: nothing that is, or leads to, paid work.
    """

    able: Able = field(default_factory=Able)
    group: str | None = None
    area: str | None = None
    time: str | None = None
    unpaid_only: bool = False


@dataclass(frozen=True)
class Match:
    """`places`: reasons of place, by their keys; `skills`, `languages`: those of the person that are of use there."""

    opportunity: Opportunity
    score: float
    places: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    time: str = ""
    miles: float | None = None
    local: bool = True


@dataclass(frozen=True)
class Found:
    """`wider`: nothing is in the area that was asked for. `hidden`: something was left out because it is paid work."""

    matches: list[Match]
    wider: bool = False
    hidden: bool = False


def is_paid_work(opportunity: Opportunity) -> bool:
    """Also help to begin a business: it leads to work for pay."""
    return opportunity.paid or opportunity.kind in GROUPS["work"]


def find(knowledge: Snapshot, wish: Wish, at: dt.datetime, sinking: frozenset[str] = frozenset()) -> Found:
    """The best matches, at most BEST; what they could also do elsewhere comes after what is near. `sinking`: as of services."""
    kinds = GROUPS.get(wish.group or "")
    fitting = [one for one in knowledge.opportunities.values() if kinds is None or one.kind in kinds]
    shown = [one for one in fitting if not (wish.unpaid_only and is_paid_work(one))]
    matches = sorted((match(knowledge, one, wish, at, sinking) for one in shown), key=lambda m: (-m.score, m.opportunity.key))
    best = matches[:BEST]
    is_wider = bool(wish.area) and bool(best) and not any(one.local for one in best)
    return Found(best, wider=is_wider, hidden=len(shown) < len(fitting))


def match(knowledge: Snapshot, one: Opportunity, wish: Wish, at: dt.datetime, sinking: frozenset[str] = frozenset()) -> Match:
    """How well one of them fits, and why."""
    service = knowledge.receivers[PREFIX + one.key]
    places, score, miles, local = place_of(service, wish.area)
    skills = tuple(key for key in one.needs if key in wish.able.skills)
    languages = tuple(code for code in one.languages if code in wish.able.languages)
    fits = bool(wish.time) and (wish.time in one.times or "flexible" in one.times)
    score += min(FIRST_SKILL + EACH_SKILL * (len(skills) - 1), MOST_SKILLS) if skills else 0
    score += LANGUAGE if languages else 0
    score += TIME if fits else -TIME if wish.time and one.times else 0
    score -= SINKS if service.key in sinking else 0
    score -= (one.fact.sure in ("gen", "NV")) + 1.5 * (not is_fresh(one.fact, at.date()))
    return Match(one, score, tuple(places), skills, languages, (wish.time or "") if fits else "", miles, local)


def unknown_needs(one: Opportunity) -> tuple[str, ...]:
    """What it needs and our list of skills does not have: a mistake in its entry."""
    return tuple(key for key in one.needs if not catalogue().has("skill", key))
