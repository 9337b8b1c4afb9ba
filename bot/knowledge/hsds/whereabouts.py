"""Where a service is given and for whom: locations, addresses and service areas, in both directions."""

from __future__ import annotations

import re
from typing import NamedTuple

from msgspec import UNSET

from bot import i18n
from bot.knowledge import places, seed
from bot.knowledge.hsds import prose
from bot.knowledge.hsds.ids import identify
from bot.knowledge.hsds.tables import Accessibility, Address, Location, ServiceArea, ServiceAtLocation, said

NATION, TOWN, DISTRICT = "nation", "town", "postcode district"  # our service areas' extent_type
_NATIONWIDE = frozenset({"england", "united kingdom", "uk", "great britain", "gb", "national", "nationwide"})
_POSTCODE = re.compile(r"\b([A-Z]{1,2}[0-9][0-9A-Z]?) ?([0-9][A-Z]{2})\b", re.IGNORECASE)
COUNTRY = "GB"


class Area(NamedTuple):
    """Whom a service is for, by where they live."""

    towns: list[str]
    districts: list[str]
    national: bool


def area_of(areas: list[ServiceArea], locations: list[Location]) -> Area:
    """What the service areas say; where they say nothing that we can use, the towns of the addresses."""
    towns, districts, national = [], [], False
    for area in areas:
        name, kind = prose.line(area.name or area.service_area), said(area.extent_type).lower()
        if kind == NATION or name.casefold() in _NATIONWIDE:
            national = True
        elif kind == DISTRICT or places.district_of(name):
            districts.append(name.upper())
        elif kind == TOWN or name.title() in places.MIDDLES:
            towns.append(name)
    if not (towns or districts or national):
        for address in (address for place in locations for address in place.addresses):
            town = places.town_of(address.postal_code) or ""
            towns += [_town(address.city)] if address.city.strip() else []
            towns += [town] if town in places.MIDDLES else []
    return Area(list(dict.fromkeys(towns)), list(dict.fromkeys(districts)), national)


def areas_of(service: seed.Service) -> list[ServiceArea]:
    names = [(NATION, i18n.t("en", "api.area.nation"))] if service.national else []
    names += [(TOWN, town) for town in service.towns] + [(DISTRICT, district) for district in service.postcode_districts]
    return [
        ServiceArea(id=identify("service_area", service.key, kind, name), name=name, service_area=name, extent_type=kind)
        for kind, name in names
    ]


def location_of(place: Location) -> seed.Location | None:
    """A place that somebody can go to; None for a virtual one, or one of which nothing is said."""
    address = next(iter(place.addresses), None)
    point = point_of(place)
    found = seed.Location(
        name=prose.line(place.name),
        address=prose.line(", ".join(p for p in (address.address_1, said(address.address_2)) if p)) if address else "",
        town=_town(address.city) if address else "",
        postcode=prose.line(address.postal_code) if address else "",
        latitude=point.latitude if point else None,
        longitude=point.longitude if point else None,
        accessibility=prose.joined([a.description or a.accessibility for a in place.accessibility]),
    )
    return None if place.location_type == "virtual" or found == seed.Location() else found


def at_locations(service: seed.Service) -> list[ServiceAtLocation]:
    """The service's places, and its address where that is given by itself."""
    found = [_at(service.key, n, place) for n, place in enumerate(service.locations)]
    if service.address:
        found.append(_at(service.key, "address", _place(service.address)))
    return found


def _at(key: str, which: object, place: seed.Location) -> ServiceAtLocation:
    identifier = identify("location", key, which)
    address = Address(
        id=identify("address", key, which),
        address_1=place.address,
        city=place.town,
        state_province="",
        postal_code=place.postcode,
        country=COUNTRY,
        address_type="physical",
    )
    access = Accessibility(
        id=identify("accessibility", key, which), description=place.accessibility, accessibility=place.accessibility
    )
    return ServiceAtLocation(
        id=identify("service_at_location", key, which),
        location=Location(
            id=identifier,
            location_type="physical",
            name=place.name or UNSET,
            latitude=UNSET if place.latitude is None else place.latitude,
            longitude=UNSET if place.longitude is None else place.longitude,
            addresses=[address] if place.address or place.town or place.postcode else [],
            accessibility=[access] if place.accessibility else [],
        ),
    )


def _place(line: str) -> seed.Location:
    """An address in one line, cut at its last comma and its postcode."""
    postcode = _POSTCODE.search(line)
    rest = (line[: postcode.start()] + line[postcode.end() :] if postcode else line).strip(" ,.\n")
    street, _, town = rest.rpartition(",")
    return seed.Location(
        address=" ".join((street or rest).split()).strip(" ,"),
        town=town.strip() if street else "",
        postcode=f"{postcode[1]} {postcode[2]}".upper() if postcode else "",
    )


def _town(city: str) -> str:
    name = prose.line(city)
    return name.title() if name.isupper() or name.islower() else name


def point_of(place: Location) -> places.Point | None:
    """None for what is on no map, like the standard's own example of 100 degrees north."""
    latitude, longitude = place.latitude, place.longitude
    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return None
    return places.Point(float(latitude), float(longitude)) if abs(latitude) <= 90 and abs(longitude) <= 180 else None
