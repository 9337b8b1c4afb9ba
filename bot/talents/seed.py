"""The shapes of data/skills (described in its README.md), and reading them: all of it, or every problem that there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from bot.errors import PermanentError
from bot.settings import ROOT

FOLDER = ROOT / "data/skills"
PROFESSIONS = ROOT / "data/lookup"
LANGUAGES = ("en", "ar", "so", "fa", "ps", "ur", "uk", "fr")
_KEY = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_CODE = re.compile(r"\d{4}")
_URI = re.compile(r"http://data\.europa\.eu/esco/(skill|occupation)/[0-9a-f-]{36}")
T = TypeVar("T")
Words = list[str]  # the first is how we call it; "cook*" is every word that begins so


class Strict(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    pass


class Spoken(Strict, frozen=True):
    """A thing's words in the languages of the program."""

    en: Words
    ar: Words
    so: Words
    fa: Words
    ps: Words
    ur: Words
    uk: Words
    fr: Words

    def of(self, language: str) -> Words:
        """In English for a language that is not among them."""
        found: Words = getattr(self, language, self.en)
        return found

    def name(self, language: str) -> str:
        return self.of(language)[0].removesuffix("*")


class Skill(Spoken, frozen=True):
    """What somebody can do, as a verb phrase: "give injections". `esco`: the URI, only where it was looked up."""

    key: str
    group: str
    esco: str = ""


class Job(Spoken, frozen=True):
    """What somebody was. `skills`: what most of them can do; `profession`: of data/lookup, whose words count too."""

    key: str
    group: str
    skills: list[str] = []
    profession: str = ""
    isco: str = ""
    soc: str = ""
    esco: str = ""


class Tongues(Strict, frozen=True):
    """`speak`: "speak {language}" in each language; `words`: code -> what people call it besides its CLDR names."""

    speak: dict[str, str]
    codes: list[str]
    words: dict[str, list[str]]


class Small(Strict, frozen=True):
    """Of one language. `before`, `after`: words of "not", by where they stand; `years`: of "year"; `numbers`: words from 1 to 20."""

    years: Words
    before: Words = []
    after: Words = []
    numbers: dict[str, int] = {}


class SkillSeed(Strict, frozen=True):
    groups: dict[str, dict[str, str]]
    skills: list[Skill]
    jobs: list[Job]
    tongues: Tongues
    small: dict[str, Small]
    refused: dict[str, Words]
    professions: dict[str, dict[str, Words]]  # language -> profession -> how people call it


def read(folder: Path = FOLDER, lookup: Path = PROFESSIONS) -> SkillSeed:
    """Everything below `folder`. Raises PermanentError with every problem, a line each; nothing is half-read."""
    problems: list[str] = []
    seed = SkillSeed(
        groups=_one(folder / "groups.yml", dict[str, dict[str, str]], problems) or {},
        skills=list(_entries(folder / "skills", Skill, problems)),
        jobs=list(_entries(folder / "jobs", Job, problems)),
        tongues=_one(folder / "languages.yml", Tongues, problems) or Tongues(speak={}, codes=[], words={}),
        small=_one(folder / "small_words.yml", dict[str, Small], problems) or {},
        refused=_one(folder / "refused.yml", dict[str, Words], problems) or {},
        professions={code: _one(lookup / code / "professions.yml", dict[str, Words], problems) or {} for code in LANGUAGES},
    )
    problems += _problems_of(seed)
    if problems:
        raise PermanentError("\n".join(problems))
    return seed


def _load(path: Path, problems: list[str]) -> Any:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        problems.append(f"{path.name}: {' '.join(str(error).split())}")
        return None


def _one(path: Path, shape: type[T], problems: list[str]) -> T | None:
    try:
        return msgspec.convert(_load(path, problems), shape)
    except msgspec.ValidationError as error:
        problems.append(f"{path.name}: {error}")
        return None


def _entries(folder: Path, shape: type[T], problems: list[str]) -> Iterator[T]:
    """A file is a group; in it an entry is its key and its fields."""
    for path in sorted(folder.glob("*.yml")):
        for key, fields in (_load(path, problems) or {}).items():
            try:
                yield msgspec.convert({"key": key, "group": path.stem, **fields}, shape)
            except (msgspec.ValidationError, TypeError) as error:
                problems.append(f"{path.name}: {key}: {error}")


def _problems_of(seed: SkillSeed) -> Iterator[str]:
    """What no shape can say: keys, languages, and what one file says of another."""
    skills, seen = {skill.key for skill in seed.skills}, set[tuple[str, str]]()
    professions = seed.professions["en"]
    entries: list[Skill | Job] = [*seed.skills, *seed.jobs]
    for entry in entries:
        kind = "skill" if isinstance(entry, Skill) else "job"
        if not _KEY.fullmatch(entry.key):
            yield f"{kind} {entry.key}: a key is of small letters, digits and hyphens"
        if (kind, entry.key) in seen:
            yield f"{kind} {entry.key}: stands twice"
        seen.add((kind, entry.key))
        if entry.group not in seed.groups:
            yield f"{kind} {entry.key}: there is no group {entry.group}"
        yield from (f"{kind} {entry.key}: no words in {code}" for code in LANGUAGES if not all(entry.of(code) or [""]))
        if entry.esco and not _URI.fullmatch(entry.esco):
            yield f"{kind} {entry.key}: {entry.esco} is no URI of ESCO"
    for job in seed.jobs:
        yield from (f"job {job.key}: there is no skill {key}" for key in job.skills if key not in skills)
        yield from (
            f"job {job.key}: {code} is no code of four digits"
            for code in (job.isco, job.soc)
            if code and not _CODE.fullmatch(code)
        )
        if job.profession and job.profession not in professions:
            yield f"job {job.key}: there is no profession {job.profession}"
    for name, spoken in {**{f"group {key}": names for key, names in seed.groups.items()}, "speak": seed.tongues.speak}.items():
        yield from (f"{name}: no words in {code}" for code in LANGUAGES if not spoken.get(code))
    yield from (f"small_words.yml: nothing in {code}" for code in LANGUAGES if code not in seed.small)
