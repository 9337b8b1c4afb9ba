"""Records as anybody may read them: without people, in full or with only what stands in a row of its own table."""

from __future__ import annotations

from typing import Any

from bot.knowledge.hsds import reading, tables
from bot.knowledge.hsds.incoming import OURS
from bot.knowledge.hsds.tables import Record

Json = dict[str, Any]
# who looks after the data, and what somebody changed in it
_PERSONAL = frozenset({"assurer_email", "metadata", "attention"})


def public(record: Json) -> Json:
    """The record without nulls and without people: no name or address of a contact, nobody who assured or changed it.

    A contact keeps its role, department and telephone, and an e-mail address that is also the service's own.
    """
    organization = record.get("organization")
    own = {record.get("email"), organization.get("email") if isinstance(organization, dict) else None}
    found = _public(record, own)
    assert isinstance(found, dict)
    return found


def row(kind: type[Record], record: Json) -> Json:
    """Only the members that are plain values, as lists of an API give them."""
    plain = {member.name for member in reading.members(kind) if member.child is None}
    return {name: value for name, value in record.items() if name in plain}


def service_row(record: Json) -> Json:
    """What stands once for a service: its own row, its organisation's and its programme's."""
    found = row(tables.Service, record)
    for name, kind in (("organization", tables.Organization), ("program", tables.Program)):
        if isinstance(record.get(name), dict):
            found[name] = row(kind, record[name])
    return found


def place_row(at: Json, service: Json) -> Json:
    """A service at a location: the two rows that it joins."""
    found = row(tables.ServiceAtLocation, at)
    if isinstance(at.get("location"), dict):
        found["location"] = row(tables.Location, at["location"])
    return {**found, "service": service_row(service)}


def place_in_full(at: Json, service: Json) -> Json:
    """The same with everything, but for the service's other places."""
    return {**at, "service": {name: value for name, value in service.items() if name != "service_at_locations"}}


def _public(value: Any, own: set[Any], parent: str = "") -> Any:
    if isinstance(value, list):
        return [_public(item, own, parent) for item in value]
    if not isinstance(value, dict):
        return value
    found = {}
    for name, part in value.items():
        is_persons = parent == "contacts" and (name == "name" or (name == "email" and part not in own))
        if part is not None and name not in _PERSONAL and not is_persons:
            found[name] = part if name == OURS else _public(part, own, name)
    return found
