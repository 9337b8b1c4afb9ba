"""What an entry is made of, as a form asks for it: worked out from its shape, so that a new kind of entry has a form at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

from msgspec import inspect

from bot.knowledge import branches, checks
from bot.knowledge.seed import Step, TextFields

# fields written one on each line in a form of their own: telephones with what they are for, hours with their days
LINES = frozenset({"phones", "openings"})
# which fields stand together, the most used first; what is not named here comes last, together
SECTIONS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "terms": (
        ("find", ("name", "expansion", "aliases", "misspellings", "shared", "context", "topic", "everyday")),
        ("near", ("domain", "related", "confused_with")),
        ("figure", ("figure",)),
    ),
    "services": (
        ("service", ("name", "organization", "needs", "phones", "url", "email", "openings")),
        ("where", ("address", "locations", "towns", "postcode_districts", "national")),
        ("people", ("languages", "attributes", "interpreters", "min_age", "max_age", "immigration_level")),
        ("us", ("referral_email", "follow_up_days", "takes_links")),
    ),
    "safety": (("number", ("name", "number", "dangers", "order", "national", "url")),),
    "pathways": (
        ("who", ("regulator", "professions", "link")),
        ("questions", ("questions", "stages", "country_groups")),
        ("codes", ("codes",)),
    ),
    "steps": (("step", ("who", "after", "when", "goal", "paid_work", "weeks", "link")), ("costs", ("costs",))),
}


@dataclass(frozen=True)
class Field:
    """`widget`: text (English beside a translation), line, number, yes, select, checks, commas, lines, date, range (from, to),
    map (name: values), group (its `fields`), rows (any number of them), questions, conditions, stages, after, entries (other terms).

    `optional`: may be left out altogether. `whole`: a number without fractions.
    """

    name: str
    widget: str
    options: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    optional: bool = False
    whole: bool = False


@cache
def fields_of(kind: str) -> tuple[Field, ...]:
    """The fields of a kind of entry, and of "steps", in the order of its shape; without its key and a pathway's steps."""
    shape = Step if kind == "steps" else checks.SHAPES[kind]
    special = {
        "pathways": {"questions": "questions", "stages": "stages"},
        "steps": {"when": "conditions", "after": "after"},
        "terms": {"related": "entries", "confused_with": "entries"},
    }.get(kind, {})
    found = []
    hints = get_type_hints(shape)
    for field in inspect.type_info(shape).fields:  # type: ignore[attr-defined]  # of a struct
        if field.name == "key" or (kind, field.name) == ("pathways", "steps"):
            continue
        if field.name in special:
            found.append(Field(field.name, special[field.name], _answers() if field.name == "questions" else ()))
        elif field.name in TextFields[kind] and isinstance(field.type, inspect.StrType):
            found.append(Field(field.name, "text"))
        elif made := _field(field.name, field.type, hints[field.name]):
            found.append(made)
    return tuple(found)


def sections(kind: str) -> Iterator[tuple[str, tuple[Field, ...]]]:
    """The fields by section, without the texts and without where the entry comes from."""
    rest = {field.name: field for field in fields_of(kind) if field.widget != "text" and field.name != "fact"}
    for name, wanted in SECTIONS.get(kind, ()):
        if own := tuple(rest.pop(field) for field in wanted if field in rest):
            yield name, own
    if rest:
        yield "facts", tuple(rest.values())


def _answers() -> tuple[str, ...]:
    return ("country", *branches.ANSWERS)


def _field(name: str, kind: inspect.Type, hint: Any) -> Field | None:
    """None for what no form can show (another program's record)."""
    optional = False
    if isinstance(kind, inspect.UnionType):
        optional = any(isinstance(one, inspect.NoneType) for one in kind.types)
        kind = next(one for one in kind.types if not isinstance(one, inspect.NoneType))
    match kind:
        case inspect.BoolType():
            return Field(name, "yes")
        case inspect.IntType() | inspect.FloatType():
            return Field(name, "number", optional=optional, whole=isinstance(kind, inspect.IntType))
        case inspect.DateType():
            return Field(name, "date", optional=optional)
        case inspect.LiteralType():
            return Field(name, "select", _options(hint), whole=isinstance(kind.values[0], int))
        case inspect.TupleType():
            return Field(name, "range", optional=True)
        case inspect.StructType():
            return Field(name, "group", fields=_inner(kind), optional=optional)
        case inspect.ListType(item_type=inspect.StructType() as item):
            return Field(name, "lines" if name in LINES else "rows", fields=_inner(item))
        case inspect.ListType(item_type=inspect.LiteralType()):
            return Field(name, "checks", _options(hint))
        case inspect.ListType():
            return Field(name, "commas")
        case inspect.DictType(value_type=inspect.AnyType()) | inspect.AnyType():
            return None
        case inspect.DictType():
            return Field(name, "map")
    return Field(name, "line")


def _inner(kind: inspect.StructType) -> tuple[Field, ...]:
    hints = get_type_hints(kind.cls)
    fields = inspect.type_info(kind.cls).fields  # type: ignore[attr-defined]  # of a struct
    return tuple(made for field in fields if (made := _field(field.name, field.type, hints[field.name])))


def _options(hint: Any) -> tuple[str, ...]:
    """What may be chosen, in the order in which the shape names it."""
    while get_origin(hint) is not Literal:
        hint = next(one for one in get_args(hint) if one is not type(None))
    return tuple(str(value) for value in get_args(hint))
