"""Where things are: postcode districts, towns, and how far one is from another."""

from __future__ import annotations

import csv
import re
from functools import cache
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from bot.settings import ROOT

DISTRICTS = ROOT / "data/places/districts.csv"
EARTH_MILES = 3958.8
# West Midlands postcode areas by town, for services that say a town and for people who say a district
TOWNS = {"B": "Birmingham", "WV": "Wolverhampton", "WS": "Walsall", "DY": "Dudley", "CV": "Coventry"}
SANDWELL = frozenset({"B64", "B65", "B66", "B67", "B68", "B69", "B70", "B71"})
SOLIHULL = frozenset({"B37", "B90", "B91", "B92", "B93", "B94"})
# towns whose middle is the middle of a district, for services that name only a town
MIDDLES = {
    "Birmingham": "B2", "Sandwell": "B70", "West Bromwich": "B70", "Smethwick": "B66", "Wolverhampton": "WV1",
    "Walsall": "WS1", "Dudley": "DY1", "Coventry": "CV1", "Solihull": "B91",
}  # fmt: skip
_DISTRICT = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?")
_UNIT = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?)\s*[0-9][A-Z]{2}")


class Point(NamedTuple):
    """WGS 84 degrees."""

    latitude: float
    longitude: float


@cache
def districts() -> dict[str, Point]:
    """Every district we know, with about its middle."""
    with DISTRICTS.open(encoding="utf-8", newline="") as handle:
        rows = csv.DictReader(line for line in handle if not line.startswith("#"))
        return {row["district"]: Point(float(row["latitude"]), float(row["longitude"])) for row in rows}


def district_of(written: str) -> str | None:
    """The district in "b16 8th", "B16" or "B168TH"; None where there is none."""
    words = written.upper().strip()
    if unit := _UNIT.fullmatch(words):
        return unit[1]
    return words if _DISTRICT.fullmatch(words) else None


def point_of(area: str | None) -> Point | None:
    """About where an area is: a district, a postcode, a town, or "<latitude>,<longitude>" as a phone shares it."""
    if not area:
        return None
    if "," in area and (shared := _shared(area)):
        return shared
    return districts().get(district_of(area) or MIDDLES.get(area.title(), ""))


def _shared(area: str) -> Point | None:
    try:
        latitude, longitude = (float(part) for part in area.split(","))
    except ValueError:
        return None
    return Point(latitude, longitude) if -90 <= latitude <= 90 and -180 <= longitude <= 180 else None


def nearest_district(point: Point) -> str:
    """What is kept of a shared location: the district, never the point."""
    return min(districts(), key=lambda name: miles(point, districts()[name]))


def miles(one: Point, other: Point) -> float:
    """The distance as the crow flies (haversine)."""
    half_up = radians(other.latitude - one.latitude) / 2
    half_across = radians(other.longitude - one.longitude) / 2
    chord = sin(half_up) ** 2 + cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(half_across) ** 2
    return 2 * EARTH_MILES * asin(sqrt(chord))


def town_of(area: str | None) -> str | None:
    """The town of a postcode district, or the town itself."""
    if not area:
        return None
    district = district_of(area)
    if district is None:
        return area.title()
    if district in SANDWELL:
        return "Sandwell"
    if district in SOLIHULL:
        return "Solihull"
    return TOWNS.get(district.rstrip("0123456789"), district)
