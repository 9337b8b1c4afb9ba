"""Every path of the API with its parameters and its answer: the table that routes and description are made from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.knowledge.hsds import finding, publishing, tables
from bot.knowledge.hsds.directory import Directory, Listed
from bot.knowledge.hsds.finding import Asked

Json = dict[str, Any]
Values = dict[str, Any]
_PAGE = ("page", "per_page", "format")
_UK = ("search", *_PAGE, "taxonomy_term_id", "taxonomy_id", "minimum_age", "maximum_age", "start_time", "end_time", "day")
_FILTERS = (*_UK, "organization_id", "postcode", "proximity", "modified_after")


@dataclass(frozen=True)
class Listing:
    """A paged list. `find` gives everything that fits; `show` what one of it looks like in the list. `shapes`: of that."""

    path: str
    shapes: tuple[str, ...]
    parameters: tuple[str, ...]
    find: Callable[[Directory, Asked], list[Any]]
    show: Callable[[Any, Values], Json]


@dataclass(frozen=True)
class Single:
    """One record by its id. `find` gives None where there is none."""

    path: str
    shape: str
    find: Callable[[Directory, str], Json | None]


def asked(values: Values) -> Asked:
    """What the values of parameters look for."""
    return Asked(
        search=values.get("search", ""),
        taxonomy_term_id=values.get("taxonomy_term_id", ""),
        taxonomy_id=values.get("taxonomy_id", ""),
        organization_id=values.get("organization_id", ""),
        minimum_age=values.get("minimum_age"),
        maximum_age=values.get("maximum_age"),
        day=values.get("day"),
        start=values.get("start_time"),
        end=values.get("end_time"),
        postcode=values.get("postcode", ""),
        metres=values.get("proximity"),
        modified_after=values.get("modified_after"),
    )


def _service(one: Listed, values: Values) -> Json:
    if values.get("minimal"):
        return {"id": one.record["id"], "last_modified": one.record.get("last_modified", "")}
    return one.record if values.get("full") else publishing.service_row(one.record)


def _place(pair: Any, values: Values) -> Json:
    one, place = pair
    show = publishing.place_in_full if values.get("full") else publishing.place_row
    return show(place.record, one.record)


def _organization(record: Json, _: Values) -> Json:
    return publishing.row(tables.Organization, record)


def _as_it_is(record: Json, _: Values) -> Json:
    return record


def _one_service(directory: Directory, identifier: str) -> Json | None:
    one = directory.by_id.get(identifier)
    return one.record if one else None


def _one_place(directory: Directory, identifier: str) -> Json | None:
    found = directory.places.get(identifier)
    return publishing.place_in_full(found[1].record, found[0].record) if found else None


LISTINGS = (
    Listing("/services", ("Service", "Minimal"), (*_FILTERS, "minimal", "full"), finding.services, _service),
    Listing("/service_at_locations", ("ServiceAtLocation",), (*_FILTERS, "full"), finding.at_locations, _place),
    Listing("/organizations", ("Organization",), _PAGE, lambda d, _: list(d.organizations.values()), _organization),
    Listing("/taxonomies", ("Taxonomy",), _PAGE, lambda d, _: list(d.taxonomies.values()), _as_it_is),
    Listing("/taxonomy_terms", ("TaxonomyTerm",), _PAGE, lambda d, _: list(d.terms.values()), _as_it_is),
)
SINGLES = (
    Single("/services/{id}", "Service", _one_service),
    Single("/service_at_locations/{id}", "ServiceAtLocation", _one_place),
    Single("/organizations/{id}", "Organization", lambda d, i: d.organizations.get(i)),
    Single("/taxonomies/{id}", "Taxonomy", lambda d, i: d.taxonomies.get(i)),
    Single("/taxonomy_terms/{id}", "TaxonomyTerm", lambda d, i: d.terms.get(i)),
)
