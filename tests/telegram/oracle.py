"""What the Bot API's own description says of a call: the method exists, its fields are known, there and of their type."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.settings import ROOT

SPECIFICATION = ROOT.parent / "shared/standards/telegram/api.json"
NOT_TEXT = ("chat_id", "offset", "timeout", "limit", "drop_pending_updates")


@dataclass(frozen=True)
class Upload:
    """A file in a multipart form: what the description calls InputFile."""

    name: str
    kind: str  # its content type
    body: bytes


@lru_cache(maxsize=1)
def specification(path: Path = SPECIFICATION) -> dict[str, Any] | None:
    """The description, or None where ../shared/ is absent."""
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None


def decode(method: str, form: dict[str, str | Upload]) -> dict[str, Any]:
    """The fields of a form, those that are no text read as JSON, files as they are. Without the description: `NOT_TEXT` and
    objects."""
    spec = specification()
    types = {f["name"]: f["types"] for f in (spec["methods"].get(method, {}).get("fields", []) if spec else [])}
    return {name: value if isinstance(value, Upload) else _decode(name, value, types.get(name)) for name, value in form.items()}


def _decode(name: str, value: str, types: list[str] | None) -> Any:
    if types == ["String"] or (types is None and name not in NOT_TEXT and not value.startswith(("{", "["))):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def faults(method: str, fields: dict[str, Any]) -> list[str]:
    """What is wrong with a call, one line each; empty when nothing is, or without the description."""
    spec = specification()
    if spec is None:
        return []
    if method not in spec["methods"]:
        return [f"there is no method {method}"]
    return _faults_of_fields(spec, method, spec["methods"][method].get("fields", []), fields)


def _faults_of_fields(spec: dict[str, Any], where: str, known: list[dict[str, Any]], given: dict[str, Any]) -> list[str]:
    found = [f"{where}: {name} is not a field" for name in given if name not in {f["name"] for f in known}]
    for field in known:
        name = field["name"]
        if name not in given:
            found += [f"{where}: {name} is required"] if field["required"] else []
            continue
        attempts = [_faults_of_value(spec, f"{where}.{name}", kind, given[name]) for kind in field["types"]]
        found += min(attempts, key=len)
    return found


def _faults_of_value(spec: dict[str, Any], where: str, kind: str, value: Any) -> list[str]:
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{where}: must be a list"]
        inner = kind.removeprefix("Array of ")
        return [fault for n, item in enumerate(value) for fault in _faults_of_value(spec, f"{where}[{n}]", inner, item)]
    if kind == "InputFile":
        return [] if isinstance(value, Upload) else [f"{where}: must be a file"]
    plain = {"String": str, "Integer": int, "Boolean": bool, "Float": (int, float)}
    if kind in plain:
        right = isinstance(value, plain[kind]) and (kind == "Boolean" or not isinstance(value, bool))
        return [] if right else [f"{where}: must be {kind}"]
    if not isinstance(value, dict):
        return [f"{where}: must be {kind}"]
    shape = spec["types"][kind]
    if shape.get("subtypes"):
        return min((_faults_of_value(spec, where, sub, value) for sub in shape["subtypes"]), key=len)
    return _faults_of_fields(spec, where, shape.get("fields", []), value)
