"""The files in `data/knowledge/`: their shapes, and reading them with every problem named.

Promises: `read(folder)` returns a whole, consistent `Seed` or raises `SeedError` with all problems found, each with its
file and the key of the entry. Nothing is half-read. The formats are described in `data/knowledge/README.md`.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Literal

import msgspec
import yaml

Sure = Literal["V", "V2", "NV", "gen"]
Volatility = Literal["A", "B", "C", "D"]
Need = Literal[
    "legal", "language", "education", "employment", "health", "housing", "money", "family", "community"
]
Danger = Literal["violence", "self_harm", "exploitation", "no_shelter", "medical", "child", "detention"]
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Strict(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    pass


class Fact(Strict):
    """Where a statement comes from and how long it may be spoken (facts/law.md section 10).

    `sure`: V seen on the body's own page, V2 on another page, NV not verified, gen general knowledge.
    """

    source: str
    checked_on: dt.date
    review_by: dt.date
    volatility: Volatility
    sure: Sure


class Figure(Strict):
    """A number that ages: shown only until `fact.review_by`; `key` joins it to its translation."""

    text: str
    fact: Fact
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


class Term(Strict):
    key: str
    name: str
    domain: str
    meaning: str
    fact: Fact
    expansion: str = ""
    aliases: list[str] = []
    misspellings: list[str] = []
    related: list[str] = []
    confused_with: list[str] = []
    confusion: str = ""
    change: str = ""
    figure: Figure | None = None
    everyday: bool = False  # known to most ("GP", "council"): not what a question with another term in it is about


class Phone(Strict):
    number: str
    note: str = ""


class Opening(Strict):
    days: list[Day]
    opens: str
    closes: str


class Service(Strict):
    """One service of one organisation; what it is called follows Open Referral HSDS 3.0 where it has a word."""

    key: str
    organization: str
    name: str
    needs: list[Need]
    description: str
    fact: Fact
    towns: list[str] = []
    postcode_districts: list[str] = []
    national: bool = False
    address: str = ""
    phones: list[Phone] = []
    url: str = ""
    email: str = ""
    languages: list[str] = []
    attributes: list[
        Literal[
            "women_only",
            "childcare",
            "evenings",
            "asylum_seekers_welcome",
            "drop_in",
            "referral_needed",
            "online",
            "free",
            "step_free",
            "young_people",
            "men_welcome",
            "lgbt",
        ]
    ] = []
    immigration_level: Literal[0, 1, 2, 3] = 0
    openings: list[Opening] = []
    hours: str = ""
    bring: str = ""
    how: str = ""


class SafetyNumber(Strict):
    key: str
    name: str
    number: str
    dangers: list[Danger]
    what: str
    order: int
    fact: Fact
    hours: str = ""
    url: str = ""
    national: bool = True


class Cost(Strict):
    text: str
    fact: Fact
    low_gbp: float | None = None
    high_gbp: float | None = None
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None


class Step(Strict):
    """One step of a pathway. `when`: question key -> the answers for which the step belongs to the plan."""

    key: str
    title: str
    do: str
    who: str
    fact: Fact
    when: dict[str, list[str]] = {}
    costs: list[Cost] = []
    time: str = ""
    papers: str = ""
    trap: str = ""
    link: str = ""


class Pathway(Strict):
    key: str
    title: str
    summary: str
    regulator: str
    professions: list[str]
    questions: dict[str, list[str]]
    steps: list[Step]
    fact: Fact
    meanwhile: str = ""
    money_help: str = ""
    lost_documents: str = ""
    work_permission: str = ""
    link: str = ""


TextFields = {
    "terms": ("meaning", "confusion", "change", "figure"),
    "services": ("description", "hours", "bring", "how"),
    "safety": ("what", "hours"),
    "pathways": ("title", "summary", "meanwhile", "money_help", "lost_documents", "work_permission"),
    "steps": ("title", "do", "time", "papers", "trap", "cost"),
}


class Seed(msgspec.Struct, frozen=True):
    """All that a new installation starts with.

    `texts[language][kind][key][field]` is a translation; `names[language][term key]` are the words by which people
    who speak the language ask for the term.
    """

    terms: list[Term]
    services: list[Service]
    safety: list[SafetyNumber]
    pathways: list[Pathway]
    texts: dict[str, dict[str, dict[str, dict[str, str]]]]
    names: dict[str, dict[str, list[str]]]


class SeedError(Exception):
    """The files do not fit together. `problems`: one line each, with file and key."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(f"{len(problems)} problems in the knowledge files: {problems[0]}")


def read(folder: Path) -> Seed:
    """Reads every file below `folder`. Raises SeedError with all problems."""
    problems: list[str] = []
    terms = _entries(folder / "terms", Term, problems)
    services = _entries(folder / "services", Service, problems)
    safety = _entries(folder / "safety", SafetyNumber, problems)
    pathways = _entries(folder / "pathways", Pathway, problems)
    texts, names = _texts(folder / "texts", problems)
    seed = Seed(terms=terms, services=services, safety=safety, pathways=pathways, texts=texts, names=names)
    from bot.knowledge.consistency import problems_of

    problems += problems_of(seed)
    if problems:
        raise SeedError(problems)
    return seed


def _yaml(path: Path, problems: list[str]) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        problems.append(f"{path.name}: {' '.join(str(error).split())}")
        return None


def _entries[T](folder: Path, kind: type[T], problems: list[str]) -> list[T]:
    found: list[T] = []
    for path in sorted(folder.glob("*.yml")):
        for number, raw in enumerate(_yaml(path, problems) or [], 1):
            try:
                found.append(msgspec.convert(raw, kind))
            except msgspec.ValidationError as error:
                key = raw.get("key", f"entry {number}") if isinstance(raw, dict) else f"entry {number}"
                problems.append(f"{folder.name}/{path.name}: {key}: {error}")
    return found


def _texts(
    folder: Path, problems: list[str]
) -> tuple[dict[str, dict[str, dict[str, dict[str, str]]]], dict[str, dict[str, list[str]]]]:
    texts: dict[str, dict[str, dict[str, dict[str, str]]]] = {}
    names: dict[str, dict[str, list[str]]] = {}
    for path in sorted(folder.glob("*/*.yml")):
        language, kind = path.parent.name, path.stem.split("-")[0]
        if kind not in TextFields:
            problems.append(f"texts/{language}/{path.name}: the file name must start with one of {list(TextFields)}")
            continue
        for key, fields in (_yaml(path, problems) or {}).items():
            fields = dict(fields)
            if "names" in fields:
                names.setdefault(language, {})[str(key)] = [str(name) for name in fields.pop("names") or []]
            texts.setdefault(language, {}).setdefault(kind, {})[str(key)] = {f: str(t) for f, t in fields.items()}
    return texts, names
