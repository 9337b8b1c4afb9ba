"""Looking through the directory by what the API's parameters ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from bot.knowledge import places
from bot.knowledge.hsds.directory import Directory, Listed, Place
from engine.nlu.text import fold

METRES_IN_MILE = 1609.344


@dataclass(frozen=True)
class Asked:
    """What is looked for; None, "" or unset: anything. Meanings are those of the UK profile's OpenAPI description.

    `minimum_age`: services whose minimum age is at least this. `maximum_age`: whose maximum age is at most this. `day` (Monday
    0), `start`, `end`: one schedule is on that day, opens at or after, closes at or before. `postcode`: the service is for
    people there; with `metres`, it is given within that distance of it.
    """

    search: str = ""
    taxonomy_term_id: str = ""
    taxonomy_id: str = ""
    organization_id: str = ""
    minimum_age: float | None = None
    maximum_age: float | None = None
    day: int | None = None
    start: dt.time | None = None
    end: dt.time | None = None
    postcode: str = ""
    metres: float | None = None
    modified_after: dt.datetime | None = None


Test = Callable[[Listed], bool]


def services(directory: Directory, asked: Asked) -> list[Listed]:
    tests, near = _tests(asked), _near(asked)
    found = [one for one in directory.services if all(test(one) for test in tests)] if tests else directory.services
    return [one for one in found if any(near(place) for place in one.places)] if near else found


def at_locations(directory: Directory, asked: Asked) -> list[tuple[Listed, Place]]:
    """The same by place: with a distance, only the places within it."""
    tests, near = _tests(asked), _near(asked)
    fitting = (one for one in directory.services if all(test(one) for test in tests))
    return [(one, place) for one in fitting for place in one.places if near is None or near(place)]


def _tests(asked: Asked) -> list[Test]:
    """One for each thing that is asked, so that what is not asked costs nothing."""
    found: list[Test] = []
    if words := fold(asked.search).split():
        found.append(lambda one: all(word in one.words for word in words))
    if term := asked.taxonomy_term_id.lower():
        found.append(lambda one: term in one.terms)
    if taxonomy := asked.taxonomy_id.lower():
        found.append(lambda one: taxonomy in one.taxonomies)
    if organization := asked.organization_id.lower():
        found.append(lambda one: str((one.record.get("organization") or {}).get("id")).lower() == organization)
    if (low := asked.minimum_age) is not None:
        found.append(lambda one: one.record.get("minimum_age", -inf) >= low)
    if (high := asked.maximum_age) is not None:
        found.append(lambda one: one.record.get("maximum_age", inf) <= high)
    if asked.day is not None or asked.start is not None or asked.end is not None:
        found.append(lambda one: _is_given(one, asked))
    if (since := asked.modified_after) is not None:
        found.append(lambda one: one.modified >= since)
    if asked.postcode and asked.metres is None:
        found.append(_serves(asked.postcode))
    return found


def _is_given(one: Listed, asked: Asked) -> bool:
    return any(
        (asked.day is None or asked.day in days)
        and (asked.start is None or (opens is not None and opens >= asked.start))
        and (asked.end is None or (closes is not None and closes <= asked.end))
        for days, opens, closes in one.slots
    )


def _serves(postcode: str) -> Test:
    """Whether the service is for people who live there, by its service areas."""
    district, town = places.district_of(postcode), places.town_of(postcode)

    def test(one: Listed) -> bool:
        service = one.service
        return service.national or district in service.postcode_districts or town in service.towns

    return test


def _near(asked: Asked) -> Callable[[Place], bool] | None:
    """Whether a place is within the distance; None when none is asked for."""
    if asked.metres is None:
        return None
    here, most = places.point_of(asked.postcode), asked.metres / METRES_IN_MILE
    return lambda place: here is not None and any(places.miles(here, point) <= most for point in place.points)
