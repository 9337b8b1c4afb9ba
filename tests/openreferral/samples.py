"""Services, terms and records of the tests' own, and the standard's validators."""

from __future__ import annotations

import copy
import datetime as dt
import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import yaml

from bot.knowledge.hsds.source import Feed, Found
from bot.knowledge.seed import Fact, Location, Opening, Phone, Seed, Service, Term
from bot.settings import ROOT

STANDARDS = ROOT.parent / "shared/standards"
TODAY = dt.date(2026, 11, 26)
NOW = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
FEED = "https://council.example/api"
FACT = Fact(
    source="https://example.org", checked_on=dt.date(2026, 11, 1), review_by=dt.date(2027, 5, 1), volatility="C", sure="V"
)
HUB = Service(
    key="advice-hub",
    organization="Learning Works",
    name="Advice hub",
    needs=["housing", "legal"],
    description="Free advice about housing.",
    towns=["Birmingham"],
    postcode_districts=["B16"],
    locations=[
        Location(name="The Hall", address="1 High Street", town="Birmingham", postcode="B16 8TH", accessibility="A ramp.")
    ],
    address="22 Mill Lane, Smethwick, B66 1AA",
    phones=[Phone(number="+44 121 000 0000", note="mornings")],
    url="https://example.org/hub",
    email="hub@example.org",
    languages=["ar", "ckb"],
    attributes=["free", "drop_in"],
    immigration_level=2,
    openings=[Opening(days=["mon", "tue"], opens="09:00", closes="17:00"), Opening(days=["sat"], opens="10:00", closes="12:00")],
    hours="Monday, Tuesday and Saturday morning.",
    bring="Your letters.",
    how="Just come.",
    who="Everybody who is new here.",
    min_age=16,
    max_age=70,
    cost="Nothing.",
    interpreters=True,
    fact=FACT,
)
LINE = Service(
    key="night-line",
    organization="Night Line",
    name="Night Line",
    needs=["community"],
    description="Somebody to talk to.",
    national=True,
    phones=[Phone(number="0800 000 000")],
    fact=FACT,
)
TERM = Term(
    key="council-tax",
    name="Council Tax",
    domain="council",
    meaning="Money that each home pays to the council.",
    aliases=["CT", "local tax, yearly"],
    fact=FACT,
)
BAND = Term(key="band-d", name="Band D", domain="council", meaning="A level of Council Tax.", related=["council-tax"], fact=FACT)
TEXTS = {
    "ar": {
        "services": {"advice-hub": {"description": "نصيحة مجانية حول السكن."}},
        "terms": {"council-tax": {"meaning": "مال يدفعه كل بيت للمجلس."}},
    }
}
SEED = Seed(
    terms=[TERM, BAND],
    services=[HUB, LINE],
    safety=[],
    pathways=[],
    letters=[],
    texts=TEXTS,
    names={"ar": {"council-tax": ["ضريبة البلدية"]}},
)
ID = "0b1f0a52-0000-4000-8000-000000000001"
RECORD: dict[str, Any] = {
    "id": ID,
    "name": "Food parcels",
    "description": "<p>Food for <b>families</b>.</p><ul><li>Every week</li></ul>",
    "status": "active",
    "email": "food@example.org",
    "url": "https://example.org/food",
    "wait_time": "One day",
    "assured_date": "2026-11-20",
    "last_modified": "2026-11-20T10:00:00Z",
    "phones": [{"id": "0b1f0a52-0000-4000-8000-000000000002", "number": "0121 111 1111", "extension": 5}],
    "schedules": [
        {
            "id": "0b1f0a52-0000-4000-8000-000000000003",
            "freq": "WEEKLY",
            "byday": "WE",
            "opens_at": "10:00:00",
            "closes_at": "12:00:00",
            "notes": "Not in August",
        }
    ],
    "organization": {"id": "0b1f0a52-0000-4000-8000-000000000004", "name": "Food Friends", "description": ""},
    "contacts": [
        {"id": "0b1f0a52-0000-4000-8000-000000000005", "name": "Ann Persona", "title": "Manager", "email": "ann@example.org"}
    ],
    "attributes": [
        {
            "id": "0b1f0a52-0000-4000-8000-000000000006",
            "taxonomy_term": {
                "id": "0b1f0a52-0000-4000-8000-000000000007",
                "name": "Food bank",
                "description": "",
                "taxonomy": "Theirs",
            },
        }
    ],
    "theirs": {"anything": [1, None, 2.5]},
}


def record(number: int = 1, **changes: Any) -> dict[str, Any]:
    """A record of a council; the same number is the same service."""
    found = copy.deepcopy(RECORD)
    found["id"] = f"{number:08x}-0000-4000-8000-000000000001"
    return {name: value for name, value in (found | changes).items() if value is not None}


def feed(*records: Any, name: str = FEED, complete: bool = True) -> Feed:
    return Feed(name, [Found(f"services/{n}#", raw) for n, raw in enumerate(records)], complete)


def our_services() -> list[Service]:
    """Every service a new installation starts with."""
    found: list[Service] = []
    for path in sorted((ROOT / "data/knowledge/services").glob("*.yml")):
        found += msgspec.convert(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader), list[Service])
    return found


def example(standard: str, name: str) -> Any:
    return json.loads((STANDARDS / standard / "examples" / f"{name}.json").read_text(encoding="utf-8"))


@cache
def _validator(name: str) -> jsonschema.Draft202012Validator:
    checker = jsonschema.FormatChecker()
    assert {"uuid", "uri", "email", "date-time"} <= set(checker.checkers)  # without these, anything passes
    path: Path = STANDARDS / "oruk-3.0/schema" / f"{name}.json"
    return jsonschema.Draft202012Validator(json.loads(path.read_text(encoding="utf-8")), format_checker=checker)


def against_uk(value: Any, schema: str = "service") -> list[str]:
    """What is wrong with a value by the UK profile's schema of this name."""
    return [f"{'/'.join(map(str, error.path))}: {error.message}" for error in _validator(schema).iter_errors(value)]
