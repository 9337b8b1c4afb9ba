"""The fields of an entry as a form shows them and sends them back. What cannot be read stays as it was typed, until it is right."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from bot.knowledge import checks
from bot.knowledge.shape import Field

Value = Callable[[str], str]
Values = Callable[[str], list[str]]
MOST_ROWS = 40
_OPENING = re.compile(r"((?:[a-z]{3}[ ,]+)+)(\d\d:\d\d) ?[-–] ?(\d\d:\d\d)")


def shown(field: Field, value: Any) -> Any:
    """What stands in the form for a value: text, or for a group and rows again by field, with two empty rows to fill in."""
    match field.widget:
        case "commas" | "checks" | "after" | "entries":
            values = [str(item) for item in _list(value)]
            return ", ".join(values) if field.widget == "commas" else values
        case "lines":
            return "\n".join(_line(field.name, item) for item in _list(value))
        case "map":
            return "\n".join(f"{name}: {', '.join(items)}" for name, items in _dict(value).items())
        case "group":
            return {inner.name: shown(inner, _dict(value).get(inner.name)) for inner in field.fields}
        case "rows":
            rows = [_dict(row) for row in _list(value)] + [{}, {}]
            return [{inner.name: shown(inner, row.get(inner.name)) for inner in field.fields} for row in rows]
        case "range":
            both = _list(value)
            return [_text(both[0]), _text(both[1])] if len(both) == 2 else ["", ""]
        case "yes":
            return bool(value)
        case "questions" | "conditions":
            return {name: list(answers) for name, answers in _dict(value).items()}
        case "stages":
            return _dict(value)
    return _text(value)


def given(field: Field, prefix: str, value: Value, values: Values, names: Iterable[str]) -> Any:
    """The value that the form sends. `names`: of everything in the form, to know how many rows and which questions there are."""
    name = prefix + field.name
    match field.widget:
        case "text":
            return checks.cleaned(value(name))
        case "yes":
            return "yes" in values(name)
        case "number":
            return _number(value(name), field)
        case "select":
            return int(value(name)) if field.whole and value(name).isdecimal() else value(name)
        case "date":
            return value(name).strip() or (None if field.optional else "")
        case "commas":
            return list(dict.fromkeys(part.strip() for part in re.split(r"[,\n]", value(name)) if part.strip()))
        case "checks":
            return [option for option in field.options if option in values(name)]
        case "after":
            return list(dict.fromkeys(values(name)))
        case "entries":  # those that are ticked, and what stands in the search box
            added = value(f"{name}.add").split(",")
            return list(dict.fromkeys(part.strip() for part in (*values(name), *added) if part.strip()))
        case "lines":
            read = _opening if field.name == "openings" else _phone
            return [read(line) for line in value(name).splitlines() if line.strip()]
        case "range":
            pair = [_number(value(f"{name}.{end}"), field) for end in ("from", "to")]
            return None if pair == [None, None] else pair
        case "map":
            return {key: items for line in value(name).splitlines() for key, items in [_named(line)] if key}
        case "questions" | "conditions":
            asked = sorted({one.removeprefix(f"{name}.") for one in names if one.startswith(f"{name}.")})
            return {question: values(f"{name}.{question}") for question in asked}
        case "stages":
            stages = {one.removeprefix(f"{name}."): value(one) for one in names if one.startswith(f"{name}.")}
            return {stage: step for stage, step in stages.items() if step}
        case "group":
            made = {inner.name: given(inner, f"{name}.", value, values, names) for inner in field.fields}
            return None if field.optional and not _is_filled(field.fields, made) else made
        case "rows":
            return _rows(field, name, value, values, names)
    return " ".join(value(name).split())


def _rows(field: Field, name: str, value: Value, values: Values, names: Iterable[str]) -> list[Any]:
    pattern = re.compile(re.escape(name) + r"\.(\d{1,2})\.")
    numbers = sorted({int(match[1]) for one in names if (match := pattern.match(one))})[:MOST_ROWS]
    rows = [{inner.name: given(inner, f"{name}.{number}.", value, values, names) for inner in field.fields} for number in numbers]
    return [row for row in rows if _is_filled(field.fields, row)]


def _is_filled(fields: Iterable[Field], made: Mapping[str, Any]) -> bool:
    """Whether anything was typed; what is chosen from a list stands there by itself."""
    for field in fields:
        value = made[field.name]
        if field.widget == "group":
            if value and _is_filled(field.fields, value):
                return True
        elif field.widget not in ("select", "yes") and value not in (None, "", []):
            return True
    return False


def _line(name: str, item: Any) -> str:
    if not isinstance(item, dict):
        return str(item)
    if name == "openings":
        return f"{' '.join(item.get('days', []))} {item.get('opens', '')}-{item.get('closes', '')}"
    return " | ".join(part for part in (item.get("number", ""), item.get("note", "")) if part)


def _phone(line: str) -> dict[str, str]:
    number, _, note = line.partition("|")
    return {"number": number.strip(), "note": note.strip()}


def _opening(line: str) -> Any:
    match = _OPENING.fullmatch(" ".join(line.lower().split()))
    if match is None:
        return line.strip()
    return {"days": re.findall(r"\w{3}", match[1]), "opens": match[2], "closes": match[3]}


def _named(line: str) -> tuple[str, list[str]]:
    name, _, items = line.partition(":")
    return name.strip(), [item.strip() for item in items.split(",") if item.strip()]


def _number(raw: str, field: Field) -> Any:
    text = raw.strip()
    if not text:
        return None
    try:
        return int(text) if field.whole or re.fullmatch(r"-?\d+", text) else float(text)
    except ValueError:
        return text


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    return "" if value is None else str(value)
