"""All published services as Open Referral JSON: one file, or a folder with a file for each."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.knowledge import seed, snapshot
from bot.knowledge.hsds import outgoing
from bot.knowledge.models import Entry

Format = Literal["oruk", "hsds"]
_OURS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.json")
# what only the UK profile has -> where HSDS says the same
_UK_ONLY = {"service_area": "name", "accessibility": "description", "term": "name"}


@dataclass(frozen=True)
class Exported:
    """A service and its record, made of it, its translations and the moment of its last change. `left_out`: fields of ours
    whose value the standard does not allow."""

    service: seed.Service
    texts: dict[str, dict[str, dict[str, str]]]
    modified: dt.datetime
    record: dict[str, Any]
    left_out: list[str]


def collect(session: Session, languages: tuple[str, ...], before: Mapping[str, Exported] | None = None) -> list[Exported]:
    """Every published service, by key, with its translations into `languages`. Those that are as they were `before` (by key)
    are the same objects again."""
    knowledge = snapshot.current(session)
    rows = session.execute(select(Entry.key, Entry.updated_at).where(Entry.kind == "services", Entry.published))
    modified = {row.key: row.updated_at for row in rows}
    found = []
    for key, service in sorted(item for item in knowledge.services.items() if item[0] in modified):
        texts = outgoing.translations(knowledge, service, languages)
        old = (before or {}).get(key)
        if old is None or (old.service, old.texts, old.modified) != (service, texts, modified[key]):
            record = outgoing.record_of(service, modified=modified[key], texts=texts)
            old = Exported(service, texts, modified[key], record, outgoing.left_out(service))
        found.append(old)
    return found


def formed(record: dict[str, Any], form: Format) -> dict[str, Any]:
    """`oruk`: HSDS and what the UK profile adds, which is the record as it is. `hsds`: without the additions."""
    return record if form == "oruk" else _without_uk(record)


def write(records: Iterable[dict[str, Any]], to: Path) -> int:
    """Writes a page of all records to a file that ends in .json, else a file a record into a folder, where an earlier export's
    files go away. A file is there whole or not at all. Returns how many records there were."""
    all_records = list(records)
    if to.suffix == ".json":
        _write(to, _page(all_records))
        return len(all_records)
    to.mkdir(parents=True, exist_ok=True)
    names = {f"{record['id']}.json": record for record in all_records}
    for name, record in names.items():
        _write(to / name, record)
    for path in to.iterdir():
        if _OURS.fullmatch(path.name) and path.name not in names:
            path.unlink()
    return len(all_records)


def _page(records: list[dict[str, Any]]) -> dict[str, Any]:
    """As an API would answer that has one page."""
    counts = {"total_items": len(records), "total_pages": 1, "page_number": 1, "size": len(records)}
    return {**counts, "first_page": True, "last_page": True, "empty": not records, "contents": records}


def _write(path: Path, value: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode(value), indent=1))
    os.replace(fresh, path)


def _without_uk(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_uk(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {name: _without_uk(part) for name, part in value.items()}
    for name, standard in _UK_ONLY.items():
        if isinstance(found.get(name), str):
            found.setdefault(standard, found.pop(name))
    return found
