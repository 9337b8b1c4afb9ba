"""JSON into tables and back, without loss: every problem with its JSON pointer, every unknown member kept."""

from __future__ import annotations

import types
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple, TypeVar, get_args, get_origin

import msgspec
from msgspec import UNSET

from bot.knowledge.hsds import forms, tables
from bot.knowledge.hsds.tables import Record

R = TypeVar("R", bound=Record)
_FORMS: tuple[tuple[Any, forms.Form], ...] = (
    (tables.Identifier, forms.IDENTIFIER),
    (tables.Reference, forms.IDENTIFIER),
    (tables.Link, forms.LINK),
    (tables.Email, forms.EMAIL),
    (tables.Day, forms.DAY),
    (tables.Clock, forms.CLOCK),
    (tables.Moment, forms.MOMENT),
)
# what must not come after what
_ORDER: dict[type[Record], tuple[tuple[str, str], ...]] = {
    tables.Schedule: (("valid_from", "valid_to"), ("dtstart", "until")),
    tables.CostOption: (("valid_from", "valid_to"),),
}
_FILLED = frozenset({"name", "number"})  # others may be empty: nobody has described most organisations
DEEPEST = 40  # tables inside tables; the standard's own nesting ends at about ten


class Member(NamedTuple):
    """One member of a table. `child`: the table it holds, once or (`many`) as a list; None for a plain value."""

    name: str
    required: bool
    child: type[Record] | None
    many: bool
    type: Any
    form: forms.Form | None


@cache
def members(kind: type[Record]) -> tuple[Member, ...]:
    """All of a table's members but `extra`, in the standard's order."""
    found = []
    for field in msgspec.structs.fields(kind):
        if field.name != "extra":
            child, many = _child(field.type)
            form = next((form for shape, form in _FORMS if field.type == shape), None)
            found.append(Member(field.name, field.required, child, many, field.type, form))
    return tuple(sorted(found, key=lambda m: (m.name != "id", m.name in ("attributes", "metadata"))))


def read(kind: type[R], raw: Any, where: str, problems: list[str]) -> R | None:
    """The record, or None after every problem was added to `problems` as "<where>/<json/pointer>: what is wrong".

    A null is an absent member: published feeds are full of them.
    """
    before = len(problems)
    found = _read(kind, raw, where, problems, 0)
    return found if len(problems) == before else None


def dump(record: Record) -> dict[str, Any]:
    """The JSON object of a record; unset members and empty lists are left out."""
    found: dict[str, Any] = {}
    for member in members(type(record)):
        value = getattr(record, member.name)
        if value is UNSET or (member.many and not value):
            continue
        if member.child is not None:
            value = [dump(item) for item in value] if member.many else dump(value)
        found[member.name] = value
    return found | record.extra


def _read(kind: type[R], raw: Any, where: str, problems: list[str], depth: int) -> R | None:
    if not isinstance(raw, dict):
        problems.append(f"{where}: must be an object")
        return None
    if depth > DEEPEST:
        problems.append(f"{where}: is nested more than {DEEPEST} deep")
        return None
    values: dict[str, Any] = {}
    for member in members(kind):
        value = raw.get(member.name)
        if value is None or (member.many and value == []):
            if member.required:
                problems.append(f"{where}/{member.name}: is required")
        elif member.child is not None:
            values[member.name] = _nested(member, value, f"{where}/{member.name}", problems, depth)
        else:
            problems.extend(f"{where}/{member.name}: {problem}" for problem in _plain(member, value))
            values[member.name] = value
    problems.extend(f"{where}/{problem}" for problem in _disorder(kind, values))
    known = {member.name for member in members(kind)}
    extra = {name: value for name, value in raw.items() if name not in known}
    if not all(member.name in values for member in members(kind) if member.required):
        return None
    return kind(**values, extra=extra)


def _nested(member: Member, value: Any, where: str, problems: list[str], depth: int) -> Any:
    assert member.child is not None
    if not member.many:
        return _read(member.child, value, where, problems, depth + 1)
    if not isinstance(value, list):
        problems.append(f"{where}: must be a list")
        return []
    return [_read(member.child, item, f"{where}/{n}", problems, depth + 1) for n, item in enumerate(value)]


def _plain(member: Member, value: Any) -> Iterator[str]:
    try:
        msgspec.convert(value, member.type)
    except msgspec.ValidationError as error:
        yield str(error)
        return
    if member.name in _FILLED and isinstance(value, str) and not value.strip():
        if member.required:
            yield "is empty"
    elif member.form and not member.form[0](value):
        yield member.form[1]


def _disorder(kind: type[Record], values: dict[str, Any]) -> Iterator[str]:
    for first, last in _ORDER.get(kind, ()):
        start, end = forms.day_of(values.get(first)), forms.day_of(values.get(last))
        if start and end and end < start:
            yield f"{last}: {end} is before {first} {start}"
    low, high = values.get("minimum_age"), values.get("maximum_age")
    if isinstance(low, int | float) and isinstance(high, int | float) and high < low:
        yield f"maximum_age: {high} is below minimum_age {low}"


def _child(shape: Any) -> tuple[type[Record] | None, bool]:
    if get_origin(shape) is list:
        return get_args(shape)[0], True
    parts = get_args(shape) if isinstance(shape, types.UnionType) else (shape,)
    return next((p for p in parts if isinstance(p, type) and issubclass(p, Record)), None), False
