"""The same services as the tables of HSDS: a CSV file each, and a datapackage.json that lists files, columns and keys."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from bot.knowledge.hsds import cells, tables
from bot.knowledge.hsds.reading import Member, members
from bot.knowledge.hsds.tables import Record

# table -> (file, shape), in the standard's order; names and files are the standard's
TABLES: dict[str, tuple[str, type[Record]]] = {
    "organization": ("organizations.csv", tables.Organization),
    "program": ("programs.csv", tables.Program),
    "service": ("services.csv", tables.Service),
    "attribute": ("attributes.csv", tables.Attribute),
    "service_at_location": ("service_at_location.csv", tables.ServiceAtLocation),
    "location": ("locations.csv", tables.Location),
    "address": ("addresses.csv", tables.Address),
    "phone": ("phones.csv", tables.Phone),
    "contact": ("contacts.csv", tables.Contact),
    "schedule": ("schedules.csv", tables.Schedule),
    "service_area": ("service_areas.csv", tables.ServiceArea),
    "language": ("languages.csv", tables.Language),
    "funding": ("funding.csv", tables.Funding),
    "accessibility": ("accessibility.csv", tables.Accessibility),
    "cost_option": ("cost_options.csv", tables.CostOption),
    "required_document": ("required_documents.csv", tables.RequiredDocument),
    "taxonomy_term": ("taxonomy_terms.csv", tables.TaxonomyTerm),
    "taxonomy": ("taxonomies.csv", tables.Taxonomy),
    "organization_identifier": ("organization_identifiers.csv", tables.OrganizationIdentifier),
    "metadata": ("metadata.csv", tables.Metadata),
}
_NAMES = {shape: name for name, (_, shape) in TABLES.items()}
Row = dict[str, Any]


def rows_of(records: Iterable[dict[str, Any]]) -> dict[str, dict[str, Row]]:
    """table -> id -> row. What stands in several places, like an organisation, is one row."""
    found: dict[str, dict[str, Row]] = {name: {} for name in TABLES}
    for record in records:
        _add(found, "service", record, {})
    return found


def columns(table: str) -> list[Member]:
    """The columns of a table: what is no table of its own."""
    return [member for member in members(TABLES[table][1]) if member.child is None]


def write(records: Iterable[dict[str, Any]], folder: Path) -> dict[str, int]:
    """Writes all tables that have rows, and the list of them. Returns table -> rows."""
    found = {table: rows for table, rows in rows_of(records).items() if rows}
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in found.items():
        names = [member.name for member in columns(table)]
        content = io.StringIO()
        writer = csv.DictWriter(content, names, restval="", lineterminator="\r\n")
        writer.writeheader()
        writer.writerows({name: cells.safe_number(row[name]) for name in names if name in row} for row in rows.values())
        _write(folder / TABLES[table][0], content.getvalue().encode())
    _write(folder / "datapackage.json", msgspec.json.format(msgspec.json.encode(_package(list(found))), indent=1))
    return {table: len(rows) for table, rows in found.items()}


def _add(found: dict[str, dict[str, Row]], table: str, record: dict[str, Any], links: Row) -> str:
    """Adds a record and what is nested in it; returns its id."""
    identifier = str(record["id"])
    row = found[table].setdefault(identifier, {})
    row |= links
    for member in members(TABLES[table][1]):
        value = record.get(member.name)
        if value is None:
            continue
        if member.child is None:
            row[member.name] = value
        elif member.many:
            for item in value:
                _add(found, _NAMES[member.child], item, _link(member, table, identifier))
        else:
            row[f"{'taxonomy' if member.name == 'taxonomy_detail' else member.name}_id"] = _add(
                found, _NAMES[member.child], value, {}
            )
    return identifier


def _link(member: Member, parent: str, identifier: str) -> Row:
    if member.name == "attributes":
        return {"link_id": identifier, "link_entity": parent}
    if member.name == "metadata":
        return {"resource_id": identifier, "resource_type": parent}
    assert member.child is not None
    name = f"{parent}_id"
    return {name: identifier} if name in {m.name for m in members(member.child)} else {}


def _package(names: list[str]) -> dict[str, Any]:
    resources = []
    for table in names:
        fields = [{"name": m.name, "type": "string" if m.form or not _is_number(m) else "number"} for m in columns(table)]
        keys = [
            {"fields": m.name, "reference": {"resource": m.name.removesuffix("_id"), "fields": "id"}}
            for m in columns(table)
            if m.name.removesuffix("_id") in names and m.name.endswith("_id")
        ]
        schema = {"fields": fields, "primaryKey": "id", **({"foreignKeys": keys} if keys else {})}
        resources.append({"name": table, "path": TABLES[table][0], "profile": "tabular-data-resource", "schema": schema})
    return {"name": "open-referral", "profile": "tabular-data-package", "resources": resources}


def _is_number(member: Member) -> bool:
    return bool(member.type == tables.Number)


def _write(path: Path, content: bytes) -> None:
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(content)
    os.replace(fresh, path)
