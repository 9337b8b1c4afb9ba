"""Bad files: every problem with its file and line or JSON pointer, and nothing half-loaded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.errors import PermanentError
from bot.house import House
from bot.knowledge.hsds import importing, source
from bot.knowledge.hsds.plan import ProblemsError
from tests.openreferral.samples import ID, TODAY, example, record
from tests.openreferral.test_importing import stored


def problems_in(path: Path, house: House) -> list[str]:
    """Those of reading it, or of importing it; what is in the database stays."""
    before = stored(house)
    try:
        feed = source.read_files(path)
        with house.sessions.begin() as session:
            importing.apply(session, feed, today=TODAY)
    except ProblemsError as error:
        assert stored(house) == before
        return error.problems
    return []


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "f.json:1: is no JSON: Input data was truncated"),
        (b'{\n "id": 1,\n "name": }', "f.json:3: is no JSON: JSON is malformed: invalid character"),
        (b'{\n "id": 1,\n', "f.json:3: is no JSON: Input data was truncated"),
        (b'{"name": "\xff"}', "f.json:1: is no JSON: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
        (b"[" * 100_000, "f.json:1: is no JSON: is nested too deep"),
        (b"null", "f.json:1: is empty (null)"),
        (b"[]", "f.json#: holds no services"),
        (b'{"contents": []}', "f.json#: holds no services"),
        (b"7", "f.json#: must be an object"),
        (b'{"contents": [{"name": "x", "status": 3}]}', "f.json#/contents/0/id: is required"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(content: bytes, problem: str, tmp_path: Path, known: House) -> None:
    path = tmp_path / "f.json"
    path.write_bytes(content)
    assert problems_in(path, known)[0] == problem


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"id": "12"}, "id: is not a UUID"),
        ({"name": None}, "name: is required"),
        ({"name": "  "}, "name: is empty"),
        ({"name": 7}, "name: Expected `str`, got `int`"),
        ({"status": "open"}, "status: Invalid enum value 'open'"),
        ({"email": "ask us"}, "email: is not an e-mail address"),
        ({"url": "www.example.org"}, "url: is not a link (https://...)"),
        ({"url": "javascript:alert(1)"}, "url: is not a link (https://...)"),
        ({"assured_date": "soon"}, "assured_date: is not a date (YYYY-MM-DD)"),
        ({"minimum_age": 30, "maximum_age": 20}, "maximum_age: 20 is below minimum_age 30"),
        ({"phones": [{"id": ID}]}, "phones/0/number: is required"),
        ({"phones": {}}, "phones: must be a list"),
        ({"organization": []}, "organization: must be an object"),
        ({"schedules": [{"id": ID, "opens_at": "25:00"}]}, "schedules/0/opens_at: is not a time (HH:MM)"),
        (
            {"schedules": [{"id": ID, "valid_from": "2026-02-01", "valid_to": "2026-01-01"}]},
            "schedules/0/valid_to: 2026-01-01 is before valid_from 2026-02-01",
        ),
        (
            {"cost_options": [{"id": ID}, {"id": ID, "valid_from": "2026-02-01", "valid_to": "2025-01-01"}]},
            "cost_options/1/valid_to: 2025-01-01 is before valid_from 2026-02-01",
        ),
        (
            {"service_at_locations": [{"id": ID, "location": {"id": ID, "location_type": "flying"}}]},
            "service_at_locations/0/location/location_type: Invalid enum value 'flying'",
        ),
    ],
)
def test_a_wrong_value_is_named_by_its_json_pointer(changes: dict[str, Any], problem: str, tmp_path: Path, known: House) -> None:
    path = tmp_path / "services.json"
    path.write_text(
        json.dumps({"contents": [record(1), {**record(2), **changes} if changes != {"name": None} else record(2, **changes)]})
    )
    assert problems_in(path, known) == [f"services.json#/contents/1/{problem}"]


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path, known: House) -> None:
    (tmp_path / "a.json").write_text("{")
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper/b.json").write_text('{\n"x": [1,]}')
    (tmp_path / "c.json").write_text(json.dumps(record()))
    found = problems_in(tmp_path, known)
    assert [problem.split(": ")[0] for problem in found] == ["a.json:1", "deeper/b.json:2"]


def test_several_problems_of_one_record_are_all_told(tmp_path: Path, known: House) -> None:
    path = tmp_path / "s.json"
    path.write_text(json.dumps(record(status="x", email="y", phones=[{"id": "z", "number": ""}])))
    assert [problem.split(": ")[0] for problem in problems_in(path, known)] == [
        "s.json#/email",
        "s.json#/status",
        "s.json#/phones/0/id",
        "s.json#/phones/0/number",
    ]


def test_a_json_pointer_is_to_where_the_service_stands(tmp_path: Path, known: House) -> None:
    path = tmp_path / "o.json"
    organization = {"id": ID, "name": "O", "description": "", "services": [record(1, organization=None, status="x")]}
    path.write_text(json.dumps([organization]))
    assert problems_in(path, known) == ["o.json#/0/services/0/status: Invalid enum value 'x'"]


def test_a_file_that_is_not_there_or_far_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PermanentError, match="there is no such file"):
        source.read_files(tmp_path / "none.json")
    with pytest.raises(PermanentError, match="holds 0 JSON files"):
        source.read_files(tmp_path)
    with (tmp_path / "huge.json").open("wb") as handle:
        handle.truncate(source.LARGEST_FILE + 1)  # sparse: it takes no space
    with pytest.raises(ProblemsError, match="huge.json: is larger than 64 MB"):
        source.read_files(tmp_path)


def test_a_byte_order_mark_and_nulls_are_no_problem(tmp_path: Path, known: House) -> None:
    path = tmp_path / "bom.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps({**record(), "alert": None, "funding": None}).encode())
    assert problems_in(path, known) == []


@pytest.mark.shared
@pytest.mark.parametrize("name", ["taxonomy", "taxonomy_term"])
def test_what_holds_no_service_is_said_to_hold_none(name: str, tmp_path: Path, known: House) -> None:
    path = tmp_path / f"{name}.json"
    path.write_text(json.dumps(example("hsds-3.0", name)))
    assert problems_in(path, known) == [f"{name}.json#: holds no services"]
