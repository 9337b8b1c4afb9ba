"""Services of a feed into the knowledge base: first what would change, then all of it or nothing. An edit made here stays.

An entry belongs to a feed when it was imported (`Service.hsds`) and nobody edited it since. Every other one is a conflict
when the feed says something else, and stays unless its key is taken.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from bot.errors import RefusedError
from bot.knowledge import checks, seed
from bot.knowledge.hsds import choosing, incoming, reading, writing
from bot.knowledge.hsds.choosing import Choice
from bot.knowledge.hsds.comparing import changes_of, feed_says_else, is_ours
from bot.knowledge.hsds.ids import identify, key_for
from bot.knowledge.hsds.plan import Item, Plan, ProblemsError, What, check_taken
from bot.knowledge.hsds.source import Feed, Found
from bot.knowledge.hsds.tables import Service
from bot.knowledge.models import Entry

WHO = "import"


@dataclass(frozen=True)
class _Step:
    """An item of the plan with what doing it takes."""

    item: Item
    entry: Entry | None = None
    service: seed.Service | None = None
    theirs: seed.Service | None = None  # the feed's own, before anything of ours is kept in `service`
    is_active: bool = True


@dataclass
class _Known:
    """What is here: by Open Referral id, and every key that is taken."""

    by_id: dict[str, Entry]
    keys: set[str]
    seen: set[str] = field(default_factory=set)


def offer(session: Session, feed: Feed, *, today: dt.date) -> Plan:
    """What could be taken: each item with its differences field by field, for somebody to choose (`take_chosen`)."""
    steps = _steps(session, feed, frozenset(), today, to_change=False)
    return Plan(feed.name, [_offered(step) for step in steps], list(feed.notes))


def take_chosen(session: Session, feed: Feed, choice: Choice, *, today: dt.date, who: str = WHO) -> Plan:
    """Does exactly what was chosen, in one go; the caller commits. What is refused or not in `choice` stays as it is.

    An entry of which some fields were taken keeps the others as corrections: the feed does not change them by itself.
    """
    steps = [step for step in _steps(session, feed, frozenset(), today, to_change=True) if step.item.key in choice]
    done = []
    for step in steps:
        item, fields = _offered(step), choice[step.item.key]
        if item.what == "added" and step.service is not None:
            writing.add(session, step.service, step.item.published)
        elif item.what == "gone" and step.entry is not None:
            writing.withdraw(session, step.entry, who, feed.name)
        elif item.what in ("changed", "conflict") and step.entry is not None and step.theirs is not None:
            merged = choosing.merged(step.entry, step.theirs, fields)
            published = step.is_active if choosing.PUBLISHED in fields else step.entry.published
            writing.change(session, step.entry, merged, published, who, feed.name)
            step.entry.edited = choosing.is_corrected(merged, step.theirs) or published != step.is_active
        else:
            continue
        done.append(item)
    writing.finish(session, bool(done))
    return Plan(feed.name, done, list(feed.notes))


def plan(session: Session, feed: Feed, *, today: dt.date, take: Collection[str] = ()) -> Plan:
    """What importing would do; nothing is changed. Raises RefusedError for a feed without services or a wrong `take`."""
    return _plan(feed, _steps(session, feed, frozenset(take), today, to_change=False), frozenset(take))


def apply(session: Session, feed: Feed, *, today: dt.date, take: Collection[str] = (), without_refused: bool = False) -> Plan:
    """Does it. The caller commits. Raises ProblemsError, with nothing done, when a record is refused, unless the rest is
    wanted `without_refused`."""
    steps = _steps(session, feed, frozenset(take), today, to_change=True)
    found = _plan(feed, steps, frozenset(take))
    if found.problems and not without_refused:
        raise ProblemsError(found.problems)
    for step in steps:
        if step.item.what == "added" and step.service is not None:
            writing.add(session, step.service, step.item.published)
        elif step.item.what == "changed" and step.entry is not None and step.service is not None:
            writing.change(session, step.entry, step.service, step.item.published, WHO, feed.name)
        elif step.item.what == "gone" and step.entry is not None and not step.item.kept:
            writing.withdraw(session, step.entry, WHO, feed.name)
    writing.finish(session, any(step.item.what in ("added", "changed", "gone") for step in steps))
    return found


def _plan(feed: Feed, steps: list[_Step], take: frozenset[str]) -> Plan:
    items = [step.item for step in steps]
    taken = [item for item in items if item.key in take and item.what in ("changed", "gone")]
    check_taken(items, take - {item.key for item in taken})
    return Plan(feed.name, items, list(feed.notes))


def _steps(session: Session, feed: Feed, take: frozenset[str], today: dt.date, *, to_change: bool) -> list[_Step]:
    if not feed.records:
        raise RefusedError(f"{feed.name}: holds no services", "empty")
    query = select(Entry).where(Entry.kind == "services").options(selectinload(Entry.texts)).order_by(Entry.id)
    entries = list(session.scalars(query.with_for_update() if to_change else query))
    known = _Known({_identifier(entry): entry for entry in entries}, {entry.key for entry in entries})
    steps = [_step(feed, found, known, take, today) for found in feed.records]
    if feed.complete:
        steps += [_gone(entry, take) for entry in entries if _is_gone(entry, feed, known.seen)]
    return steps


def _step(feed: Feed, found: Found, known: _Known, take: frozenset[str], today: dt.date) -> _Step:
    problems: list[str] = []
    record = reading.read(Service, found.raw, found.where, problems)
    raw: dict[str, Any] = found.raw if isinstance(found.raw, dict) else {}
    identifier, name = str(raw.get("id") or "").lower(), str(raw.get("name") or "")
    entry = known.by_id.get(identifier)
    if identifier and identifier in known.seen:
        problems.append(f"{found.where}/id: another record has this id")
    known.seen.add(identifier)
    if record is None or problems:
        return _refused(entry.key if entry else found.where, name, problems)
    key = entry.key if entry else _new_key(record, raw, known)
    service = incoming.service_of(record, raw, key, incoming.fact_of(record, feed.name, today))
    if entry is not None:
        service = incoming.with_ours(service, msgspec.convert(entry.data, seed.Service))
    if not incoming.has_contact(service):
        return _refused(key, name, [f"{found.where}: has no way to reach it: no phone, e-mail, link or address"])
    try:
        checks.check_data("services", msgspec.to_builtins(service))
    except RefusedError as error:
        return _refused(key, name, [f"{found.where}: {error}"])
    known.keys.add(key)
    is_published = record.status == "active"
    if entry is None:
        return _Step(Item("added", key, service.name, published=is_published), None, service)
    changes = changes_of(entry, service, is_published)
    if not changes:
        return _Step(Item("unchanged", key, service.name, published=entry.published))
    theirs, is_active = service, is_published
    what: What = "conflict" if is_ours(entry) and key not in take and feed_says_else(entry, service, changes) else "changed"
    if what == "changed" and is_ours(entry) and key not in take:
        service = msgspec.structs.replace(msgspec.convert(entry.data, seed.Service), hsds=raw)
        is_published = entry.published
    return _Step(Item(what, key, service.name, changes, published=is_published), entry, service, theirs, is_active)


def _offered(step: _Step) -> Item:
    """The item with a choice for each field. Without a difference that anybody could see it is settled by itself."""
    if step.entry is None or step.theirs is None:
        return step.item
    found = choosing.differences(step.entry, step.theirs, step.is_active)
    what: What = "conflict" if any(change.standing == "conflict" for change in found) else "changed"
    return replace(step.item, what=what, changes=found)


def _is_gone(entry: Entry, feed: Feed, seen: set[str]) -> bool:
    is_theirs = bool(entry.data.get("hsds")) and entry.data["fact"]["source"] == feed.name
    return is_theirs and entry.published and _identifier(entry) not in seen


def _gone(entry: Entry, take: frozenset[str]) -> _Step:
    kept = is_ours(entry) and entry.key not in take
    return _Step(Item("gone", entry.key, entry.data["name"], published=kept, kept=kept), entry)


def _refused(key: str, name: str, reasons: list[str]) -> _Step:
    return _Step(Item("refused", key, name, reasons=tuple(reasons), published=False))


def _identifier(entry: Entry) -> str:
    record: dict[str, Any] = entry.data.get("hsds") or {}
    return str(record.get("id") or identify("service", entry.key)).lower()


def _new_key(record: Service, raw: dict[str, Any], known: _Known) -> str:
    """That of the record's maker where it is a service of this program; else of its name and the beginning of its id."""
    wanted = (incoming.own_key(raw), key_for(record.name, record.id), key_for(record.name, record.id) + record.id[8:].lower())
    return next(key for key in wanted if key and key not in known.keys)
