"""What was edited here laid over the record it was imported from: an edit wins, everything else stays as it came."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import msgspec

from bot.knowledge import seed
from bot.knowledge.hsds import forms, incoming, reading, tables, vocabulary

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


def merged(service: seed.Service, made: Json) -> Json:
    """`made` is the record that our fields alone would give. Nothing edited: exactly the imported record."""
    stored: Json = copy.deepcopy(service.hsds)
    base = as_imported(service)
    edited = {
        field
        for field in service.__struct_fields__
        if field not in ("key", "fact", "hsds") and getattr(service, field) != getattr(base, field)
    }
    for field, names in _PLAIN:
        if field in edited:
            for name in names:
                _put(stored, name, made.get(name))
    if "organization" in edited:
        stored["organization"] = {**made["organization"], **(stored.get("organization") or {}), "name": service.organization}
    if "email" in edited:
        _replace_emails(stored, base.email, service.email)
        _put(stored, "email", made.get("email"))
    if "phones" in edited:
        _drop_phones(stored, {phone.number for phone in base.phones} - {phone.number for phone in service.phones})
        _lay(stored, made, "phones", lambda phone: str(phone.get("number", "")).strip(" \"'"))
    if edited & {"openings", "hours"}:
        for at in stored.get("service_at_locations") or []:
            at.pop("schedules", None)
        _lay(stored, made, "schedules", lambda s: (s.get("byday"), _minute(s.get("opens_at")), _minute(s.get("closes_at"))))
    if edited & {"locations", "address"}:
        _lay(stored, made, "service_at_locations", _place)
    if edited & {"towns", "postcode_districts", "national"}:
        _lay(stored, made, "service_areas", lambda area: area.get("name"))
    if "languages" in edited:
        _lay(stored, made, "languages", _language, keep=lambda spoken: not _language(spoken))
    if "bring" in edited:
        _lay(stored, made, "required_documents", lambda paper: paper.get("document"))
    if edited & {"needs", "attributes", "immigration_level"}:
        _lay(stored, made, "attributes", _term, keep=lambda attribute: _term(attribute) is None)
    stated = forms.day_of(stored.get("assured_date")) or forms.day_of(stored.get("last_modified"))
    checked = stated is not None and stated < service.fact.checked_on
    if checked:
        stored["assured_date"] = made["assured_date"]
    if edited or checked or not _is_rfc3339(stored.get("last_modified")):
        _put(stored, "last_modified", made["last_modified"] if edited or checked or stored.get("last_modified") else None)
    return stored


def as_imported(service: seed.Service) -> seed.Service:
    """What the service was before anybody edited it."""
    record = reading.read(tables.Service, service.hsds, service.key, problems := [])
    if record is None:
        raise ValueError(f"the stored record of {problems[0]}")
    return incoming.service_of(record, service.hsds, service.key, service.fact)


def _put(record: Json, name: str, value: Any) -> None:
    if value in (None, ""):
        record.pop(name, None)
    else:
        record[name] = value


def _lay(
    record: Json, made: Json, name: str, same: Callable[[Json], Any], keep: Callable[[Json], bool] = lambda _: False
) -> None:
    """The made list, each item over the stored one that is the same; of the rest of the stored what `keep` says."""
    stored = record.get(name) or []
    known = {same(item): item for item in stored}
    items = [{**item, **known.get(same(item), {}), **_without_id(item)} for item in made.get(name, [])]
    _put(record, name, [*items, *(item for item in stored if keep(item))] or None)


def _without_id(item: Json) -> Json:
    return {name: value for name, value in item.items() if name != "id"}


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
        if isinstance(phones := record.get("phones"), list):
            record["phones"] = [p for p in phones if str(p.get("number", "")).strip(" \"'") not in gone]
        for value in record.values():
            _drop_phones(value, gone)


def _place(at: Json) -> Any:
    location = at.get("location") or {}
    address = (location.get("addresses") or [{}])[0]
    return location.get("name"), str(address.get("postal_code", "")).upper()


def _language(spoken: Json) -> str:
    return vocabulary.language_code(msgspec.convert({"id": "", **_texts(spoken)}, tables.Language))


def _texts(spoken: Json) -> Json:
    return {name: spoken[name] for name in ("name", "code") if isinstance(spoken.get(name), str)}


def _term(attribute: Json) -> Any:
    """(taxonomy, code) of one of ours; None for another's."""
    term = attribute.get("taxonomy_term") or {}
    return vocabulary.is_ours(tables.Attribute(id="", taxonomy_term_id=str(term.get("id") or attribute.get("taxonomy_term_id"))))


def _minute(clock: object) -> str:
    found = forms.clock_of(clock)
    return f"{found:%H:%M}" if found else ""


def _is_rfc3339(moment: object) -> bool:
    return isinstance(moment, str) and len(moment) > 19 and (moment.endswith("Z") or moment[-6] in "+-")
