"""What was edited here laid over the record it was imported from: an edit wins, everything else stays as it came."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Any

from bot.knowledge import seed
from bot.knowledge.hsds import forms, incoming, vocabulary, whereabouts
from bot.knowledge.hsds.tables import Attribute, Language, Location, Phone, Service

Json = dict[str, Any]
# our fields -> the record's plain members that say the same
_PLAIN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("name", ("name",)),
    ("description", ("description",)),
    ("url", ("url",)),
    ("how", ("application_process",)),
    ("who", ("eligibility_description",)),
    ("cost", ("fees_description", "fees")),
    ("min_age", ("minimum_age",)),
    ("max_age", ("maximum_age",)),
    ("interpreters", ("interpretation_services",)),
)
_UNEDITABLE = frozenset({"key", "fact", "hsds"})


def merged(service: seed.Service, made: Json) -> Json:
    """`made` is the record that our fields alone would give. Nothing edited: exactly the imported record."""
    found: Json = copy.deepcopy(service.hsds)
    record = incoming.stored_record(service)
    base = incoming.service_of(record, service.hsds, service.key, service.fact)
    edited = edited_fields(service, base)
    for field, names in _PLAIN:
        if field in edited:
            for name in names:
                _put(found, name, made.get(name))
    if "organization" in edited:
        found["organization"] = {**made["organization"], **(found.get("organization") or {}), "name": service.organization}
    if "email" in edited:
        _replace_emails(found, base.email, service.email)
        _put(found, "email", made.get("email"))
    if "phones" in edited:
        _drop_phones(found, {phone.number for phone in base.phones} - {phone.number for phone in service.phones})
        same = {phone.number for phone in service.phones if phone in base.phones}
        lay(found, made.get("phones", []), "phones", _number, same, _is_no_voice)
    if edited & {"openings", "hours"}:
        _lay_hours(found, made.get("schedules", []))
    if edited & {"locations", "address"}:
        _lay_places(found, made.get("service_at_locations", []), record, service, base)
    if edited & {"towns", "postcode_districts", "national"}:
        lay(found, made.get("service_areas", []), "service_areas", lambda area: area.get("name"))
    if "languages" in edited:
        lay(found, made.get("languages", []), "languages", _language, base.languages, lambda spoken: not _language(spoken))
    if "bring" in edited:
        lay(found, made.get("required_documents", []), "required_documents", lambda paper: paper.get("document"))
    if edited & {"needs", "attributes", "immigration_level"}:
        lay(found, made.get("attributes", []), "attributes", _term, (), lambda attribute: _term(attribute) is None)
    _date(found, made, service, record, bool(edited))
    return found


def edited_fields(service: seed.Service, base: seed.Service) -> set[str]:
    """The fields in which a service differs from what it was imported as."""
    fields = set(service.__struct_fields__) - _UNEDITABLE
    return {field for field in fields if getattr(service, field) != getattr(base, field)}


def lay(
    record: Json,
    made: list[Json],
    name: str,
    same: Callable[[Json], Any],
    unchanged: Iterable[Any] = (),
    keep: Callable[[Json], bool] = lambda _: False,
) -> None:
    """Puts the made list into the record: each item over the stored one that is the same, or, where nothing changed in it,
    the stored one alone; and of the other stored ones those that `keep` names."""
    stored = record.get(name) or []
    known = {same(item): item for item in stored}
    items = []
    for item in made:
        old = known.get(same(item))
        items.append(item if old is None else old if same(item) in unchanged else {**old, **_without_id(item)})
    _put(record, name, [*items, *(item for item in stored if keep(item))] or None)


def _date(found: Json, made: Json, service: seed.Service, record: Service, edited: bool) -> None:
    """Who checks it again here vouches for it from that day on."""
    stated = incoming.stated_day(record)
    checked = stated is not None and stated < service.fact.checked_on
    if checked:
        found["assured_date"] = made["assured_date"]
    if edited or checked:
        found["last_modified"] = made["last_modified"]
    elif moment := forms.moment_of(found.get("last_modified")):
        found["last_modified"] = forms.in_full(found["last_modified"], moment)


def _put(record: Json, name: str, value: Any) -> None:
    if value in (None, ""):
        record.pop(name, None)
    else:
        record[name] = value


def _without_id(item: Json) -> Json:
    return {name: value for name, value in item.items() if name != "id"}


def _lay_hours(found: Json, made: list[Json]) -> None:
    for schedule in found.get("schedules") or []:
        schedule.pop("description", None)  # of the old hours
    for at in found.get("service_at_locations") or []:
        at.pop("schedules", None)
    lay(found, made, "schedules", lambda s: (s.get("byday"), _minute(s.get("opens_at")), _minute(s.get("closes_at"))))


def _lay_places(found: Json, made: list[Json], record: Service, service: seed.Service, base: seed.Service) -> None:
    """A stored place stays while the service still has it; new places, and a new address, come after."""
    kept: list[Json] = []
    for raw, at in zip(found.get("service_at_locations") or [], record.service_at_locations, strict=True):
        place = at.location
        spot = whereabouts.location_of(place) if isinstance(place, Location) else None
        is_old = isinstance(place, Location) and service.address != base.address == incoming.line_of(place)
        if spot is None or (spot in service.locations and not is_old):
            kept.append(raw)
    new = [at for at, spot in zip(made, service.locations, strict=False) if spot not in base.locations]
    if service.address and service.address != base.address:
        new.append(made[-1])
    _put(found, "service_at_locations", [*kept, *new] or None)


def _replace_emails(record: Any, old: str, new: str) -> None:
    """Everywhere but in the organisation, which keeps its own."""
    if isinstance(record, list):
        for item in record:
            _replace_emails(item, old, new)
    elif isinstance(record, dict):
        if old and record.get("email") == old:
            _put(record, "email", new)
        for name, value in record.items():
            if name != "organization":
                _replace_emails(value, old, new)


def _drop_phones(record: Any, gone: set[str]) -> None:
    if isinstance(record, list):
        for item in record:
            _drop_phones(item, gone)
    elif isinstance(record, dict):
        if record.get("phones"):
            record["phones"] = [phone for phone in record["phones"] if _number(phone) not in gone]
        for value in record.values():
            _drop_phones(value, gone)


def _number(phone: Json) -> str:
    return incoming.number_of(Phone(id="", number=str(phone.get("number", ""))))


def _is_no_voice(phone: Json) -> bool:
    return not incoming.is_voice(Phone(id="", number="", type=str(phone.get("type") or "")))


def _language(spoken: Json) -> str:
    name, code = str(spoken.get("name") or ""), str(spoken.get("code") or "")
    return vocabulary.language_code(Language(id="", name=name, code=code))


def _term(attribute: Json) -> Any:
    """(taxonomy, code) of one of ours; None for another's."""
    term = attribute.get("taxonomy_term") or {}
    return vocabulary.is_ours(Attribute(id="", taxonomy_term_id=str(term.get("id") or attribute.get("taxonomy_term_id"))))


def _minute(clock: object) -> str:
    found = forms.clock_of(clock)
    return f"{found:%H:%M}" if found else ""
