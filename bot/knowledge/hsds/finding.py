"""Looking through the directory by what the API's parameters ask."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

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


def services(directory: Directory, asked: Asked) -> list[Listed]:
    return [one for one in _fitting(directory, asked) if asked.metres is None or any(_is_near(p, asked) for p in one.places)]


def at_locations(directory: Directory, asked: Asked) -> list[tuple[Listed, Place]]:
    """The same by place: with a distance, only the places within it."""
    return [
        (one, place)
        for one in _fitting(directory, asked)
        for place in one.places
        if asked.metres is None or _is_near(place, asked)
    ]


def _fitting(directory: Directory, asked: Asked) -> Iterator[Listed]:
    words = fold(asked.search).split()
    for one in directory.services:
        if (
            all(word in one.words for word in words)
            and asked.taxonomy_term_id.lower() in (*one.terms, "")
            and asked.taxonomy_id.lower() in (*one.taxonomies, "")
            and _has_organization(one, asked.organization_id)
            and _fits_age(one, asked)
            and _is_given(one, asked)
            and (asked.modified_after is None or one.modified >= asked.modified_after)
            and (not asked.postcode or asked.metres is not None or _serves(one, asked.postcode))
        ):
            yield one


def _has_organization(one: Listed, identifier: str) -> bool:
    return not identifier or str((one.record.get("organization") or {}).get("id")).lower() == identifier.lower()


def _fits_age(one: Listed, asked: Asked) -> bool:
    low, high = one.record.get("minimum_age"), one.record.get("maximum_age")
    return (asked.minimum_age is None or (low is not None and low >= asked.minimum_age)) and (
        asked.maximum_age is None or (high is not None and high <= asked.maximum_age)
    )


def _is_given(one: Listed, asked: Asked) -> bool:
    if asked.day is None and asked.start is None and asked.end is None:
        return True
    return any(
        (asked.day is None or asked.day in days)
        and (asked.start is None or (opens is not None and opens >= asked.start))
        and (asked.end is None or (closes is not None and closes <= asked.end))
        for days, opens, closes in one.slots
    )


def _serves(one: Listed, postcode: str) -> bool:
    """Whether the service is for people who live there, by its service areas."""
    service = one.service
    district, town = places.district_of(postcode), places.town_of(postcode)
    return service.national or district in service.postcode_districts or town in service.towns


def _is_near(place: Place, asked: Asked) -> bool:
    here = places.point_of(asked.postcode)
    most = (asked.metres or 0) / METRES_IN_MILE
    return here is not None and any(places.miles(here, point) <= most for point in place.points)
