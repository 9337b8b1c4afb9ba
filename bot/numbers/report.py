"""All numbers of some days together, from the database as it is now, with what cannot be concluded from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.cases.hours import LONDON
from bot.house import House
from bot.knowledge import snapshot
from bot.numbers import cases, gone, journeys, referrals, suppression
from bot.numbers.period import Scope
from bot.numbers.stories import NoStories, Stories, Story, told
from bot.numbers.suppression import Cell
from bot.numbers.tables import Table

SECTIONS = ("cases", "people", "referrals", "plans")


@dataclass(frozen=True)
class Report:
    """`heads`: the numbers one reads first, by code. `sections`: one of SECTIONS -> its tables. `cautions`: codes of what does not follow
    from the numbers, with a count where one belongs to it."""

    scope: Scope
    at: dt.datetime
    heads: dict[str, Cell]
    sections: dict[str, list[Table]]
    cautions: dict[str, int]
    stories: Sequence[Story] = ()

    @property
    def tables(self) -> list[Table]:
        return [table for tables in self.sections.values() for table in tables]


def build(session: Session, house: House, scope: Scope, at: dt.datetime, stories: Stories | None = None) -> Report:
    """`at`: now; what is waiting is waiting then."""
    today = at.astimezone(LONDON).date()
    lost = gone.of(session, scope, today)
    kept_since = today - dt.timedelta(days=house.settings.delete_after_days)
    known, offered = snapshot.current(session), house.settings.languages
    of = cases.facets(session, scope)
    heads = {"opened": cases.opened(session, scope, lost), "open_now": cases.open_now(session, scope)}
    sections = {
        "cases": [
            cases.flow(session, scope, lost, kept_since), cases.first_answers(session, scope, house.hours), cases.waiting(session, scope, at),
            cases.outcomes(of, lost), cases.languages(of, lost, offered), cases.needs(of, lost),
            cases.areas(of, lost), cases.kinds(of, lost), cases.load(session, scope),
        ],
        "referrals": [
            referrals.states(session, scope, lost), referrals.answers(session, scope, lost),
            referrals.help_of_all(session, scope, lost), referrals.help_by_need(session, scope, lost),
        ],
    }  # fmt: skip
    if (by_service := referrals.help_by_service(session, scope, lost)) is not None:
        sections["referrals"].append(by_service)
    heads["referred"] = referrals.made(session, scope, lost)
    if not scope.is_of_cases_only:
        heads |= {"new": journeys.new(session, scope, lost), "returning": journeys.returning(session, scope)}
        begun, steps = journeys.pathways(session, scope, known)
        people = [journeys.languages(session, scope, lost, offered), journeys.sources(session, scope)]
        sections |= {"people": people, "plans": [begun, *steps, journeys.reminders(session, scope)]}
    return Report(
        scope,
        at,
        {code: suppression.alone(count) for code, count in heads.items()},
        {name: sections[name] for name in SECTIONS if name in sections},
        _cautions(house, scope, lost, today),
        told(stories or NoStories(), session, scope.period, today),
    )


def _cautions(house: House, scope: Scope, lost: gone.Gone, today: dt.date) -> dict[str, int]:
    found = {"cause": 0, "people_twice": 0, "said_by_few": 0, "small": suppression.FEWEST, "today": 0}
    if lost.number("handoff") or lost.number("referral") or lost.number("person"):
        found["deleted"] = 0
    if lost.left_out:
        found["left_out"] = 0
    if (today - scope.period.first).days > house.settings.keep_days:
        found["returning"] = house.settings.keep_days
    if scope.period.last >= today:
        found["not_over"] = 0
    if scope.language or scope.is_of_cases_only:
        found["narrowed"] = 0
    if scope.is_of_cases_only:
        found["cases_only"] = 0
    return found
