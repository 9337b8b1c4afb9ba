"""All published services as the public API answers from them, made once for each revision of the knowledge."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from msgspec import UNSET

from bot.knowledge import places, seed
from bot.knowledge.hsds import forms, hours, publishing, reading, tables, vocabulary, whereabouts
from bot.knowledge.hsds.exporting import Exported
from bot.knowledge.hsds.ids import identify
from bot.knowledge.hsds.reading import dump
from bot.knowledge.hsds.tables import Attribute, Schedule
from engine.nlu.text import fold

Json = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """A service at a location. `points`: where that is, for distances; none when it cannot be told."""

    record: Json
    points: tuple[places.Point, ...]


@dataclass(frozen=True)
class Listed:
    """A service with what it can be looked for by. `slots`: (days of the week, opens, closes) of its schedules."""

    service: seed.Service
    record: Json
    words: str
    terms: frozenset[str]
    taxonomies: frozenset[str]
    slots: tuple[tuple[frozenset[int], dt.time | None, dt.time | None], ...]
    modified: dt.datetime
    places: tuple[Place, ...]

    @property
    def id(self) -> str:
        return str(self.record["id"])


@dataclass
class Directory:
    """`revision`: of the knowledge. Services and organisations are by name; everything is found by its id in lower case.
    `made_of`: by key, what each service was made of."""

    revision: int
    made_of: dict[str, Exported] = field(default_factory=dict)
    services: list[Listed] = field(default_factory=list)
    by_id: dict[str, Listed] = field(default_factory=dict)
    places: dict[str, tuple[Listed, Place]] = field(default_factory=dict)
    organizations: dict[str, Json] = field(default_factory=dict)
    terms: dict[str, Json] = field(default_factory=dict)
    taxonomies: dict[str, Json] = field(default_factory=dict)


def build(revision: int, exported: list[Exported], before: Directory | None = None) -> Directory:
    """What is the same object as `before` is not made again."""
    found = Directory(revision, {one.service.key: one for one in exported})
    old = {one.service.key: one for one in before.services} if before else {}
    for name, codes in vocabulary.CODES.items():
        found.taxonomies[vocabulary.taxonomy(name).id] = dump(vocabulary.taxonomy(name))
        found.terms |= {vocabulary.term(name, code).id: dump(vocabulary.term(name, code)) for code in codes}
    for one in exported:
        key = one.service.key
        listed = old[key] if before and before.made_of.get(key) is one else _listed(one)
        found.services.append(listed)
        found.by_id[listed.id.lower()] = listed
        found.places |= {str(place.record["id"]).lower(): (listed, place) for place in listed.places}
        if organization := listed.record.get("organization"):
            found.organizations.setdefault(str(organization["id"]).lower(), organization)
        for attribute in listed.record.get("attributes") or []:
            _add_term(found, attribute.get("taxonomy_term"))
    found.services.sort(key=lambda one: (one.service.name.casefold(), one.id))
    found.organizations = dict(sorted(found.organizations.items(), key=lambda item: (item[1]["name"].casefold(), item[0])))
    return found


def _listed(one: Exported) -> Listed:
    record = publishing.public(_described(one.record, one.service))
    organization = record.get("organization") or {}
    texts = [record["name"], organization.get("name"), record.get("alternate_name"), record.get("description")]
    texts += [record.get("eligibility_description"), *one.service.towns]
    terms = [a.get("taxonomy_term") or {"id": a.get("taxonomy_term_id")} for a in record.get("attributes") or []]
    schedules = [*(record.get("schedules") or [])]
    for at in record.get("service_at_locations") or []:
        schedules += at.get("schedules") or []
    return Listed(
        service=one.service,
        record=record,
        words=fold(" ".join(str(text) for text in (*texts, *(term.get("name") for term in terms)) if text)),
        terms=frozenset(str(term.get("id")).lower() for term in terms),
        taxonomies=frozenset(_taxonomy_id(term) for term in terms) - {""},
        slots=tuple(slot for schedule in schedules if (slot := _slot(schedule))),
        modified=forms.moment_of(record.get("last_modified")) or dt.datetime.min.replace(tzinfo=dt.UTC),
        places=tuple(Place(at, _points(at)) for at in record.get("service_at_locations") or []),
    )


def _described(record: Json, service: seed.Service) -> Json:
    """With our terms, also where the service came from others who do not use them."""
    present = {str((a.get("taxonomy_term") or {}).get("id")) for a in record.get("attributes") or []}
    ours = [dump(a) for a in vocabulary.described(service) if isinstance(a, Attribute) and a.taxonomy_term_id not in present]
    return {**record, "attributes": [*(record.get("attributes") or []), *ours]} if ours else record


def _add_term(found: Directory, term: Json | None) -> None:
    """A term and its taxonomy that an imported service brought."""
    if not term or str(term["id"]).lower() in found.terms:
        return
    found.terms[str(term["id"]).lower()] = term
    taxonomy_id, detail = _taxonomy_id(term), term.get("taxonomy_detail")
    if taxonomy_id and taxonomy_id not in found.taxonomies:
        name = str(term.get("taxonomy") or taxonomy_id)
        found.taxonomies[taxonomy_id] = detail or {"id": taxonomy_id, "name": name, "description": name}


def _taxonomy_id(term: Json) -> str:
    """A taxonomy that is only named has the id that its name gives."""
    detail = term.get("taxonomy_detail") or {}
    given = detail.get("id") or term.get("taxonomy_id")
    return str(given).lower() if given else identify("taxonomy", "named", term["taxonomy"]) if term.get("taxonomy") else ""


def _slot(schedule: Json) -> tuple[frozenset[int], dt.time | None, dt.time | None] | None:
    rule = Schedule(id="", byday=schedule.get("byday") or UNSET, dtstart=schedule.get("dtstart") or UNSET)
    days = frozenset(hours.days_of(rule))
    slot = (days, forms.clock_of(schedule.get("opens_at")), forms.clock_of(schedule.get("closes_at")))
    return slot if any(slot) else None


def _points(at: Json) -> tuple[places.Point, ...]:
    """Its coordinates, or else about where its postcode is."""
    problems: list[str] = []
    location = reading.read(tables.Location, at.get("location"), "", problems)
    if location is None:
        return ()
    if point := whereabouts.point_of(location):
        return (point,)
    near = (places.point_of(address.postal_code) for address in location.addresses if address.postal_code.strip())
    return tuple(point for point in near if point)
