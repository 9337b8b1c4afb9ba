"""Reading a folder of ESCO's CSV files into the tables, a batch at a time; what is wrong is listed and left out."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from bot.errors import PermanentError
from bot.talents.forms import compact
from bot.talents.models import EscoConcept, EscoLabel, EscoLink
from bot.talents.seed import LANGUAGES

KINDS = {"skills": "skill", "occupations": "job"}
NEEDED = {"skills": {"conceptUri", "preferredLabel"}, "occupations": {"conceptUri", "preferredLabel"}}
LINKS = {"occupationUri", "relationType", "skillUri"}
AT_ONCE = 1_000  # rows of a file in one go
LONGEST_LABEL, LONGEST_FIELD = 200, 1_000_000
MOST_PROBLEMS = 100  # that are listed; the rest is counted
GONE = ("obsolete", "replaced")


@dataclass
class Imported:
    """What an import did. `problems`: "file:row: what is wrong", the first MOST_PROBLEMS; `wrong`: how many there were."""

    skills: int = 0
    jobs: int = 0
    labels: int = 0
    links: int = 0
    wrong: int = 0
    problems: list[str] = field(default_factory=list)

    def note(self, file: Path, row: int, problem: str) -> None:
        self.wrong += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(f"{file.name}:{row}: {problem}")


def load(session: Session, folder: Path) -> Imported:
    """Replaces what was imported before. The caller commits. Raises PermanentError when the folder lacks the English files or a
    file lacks a column: then nothing is changed."""
    files = {(name, code): folder / f"{name}_{code}.csv" for name in KINDS for code in LANGUAGES}
    missing = [files[name, "en"].name for name in KINDS if not files[name, "en"].is_file()]
    if missing:
        raise PermanentError(f"{folder}: there is no {' and no '.join(missing)}")
    relations = folder / "occupationSkillRelations_en.csv"
    present = {where: path for where, path in files.items() if path.is_file()}
    for (name, _), path in present.items():
        _check_columns(path, NEEDED[name])
    if relations.is_file():
        _check_columns(relations, LINKS)
    done = Imported()
    for table in (EscoLink, EscoLabel, EscoConcept):
        session.execute(delete(table))
    csv.field_size_limit(LONGEST_FIELD)
    for name, kind in KINDS.items():
        _concepts(session, present[name, "en"], kind, done)
    ids = dict(session.execute(select(EscoConcept.key, EscoConcept.id)).tuples().all())  # some tens of thousands of numbers
    for (_, code), path in present.items():
        _labels(session, path, code, ids, done)
    if relations.is_file():
        _links(session, relations, ids, done)
    return done


def _concepts(session: Session, path: Path, kind: str, done: Imported) -> None:
    seen: set[str] = set(session.scalars(select(EscoConcept.key)))
    for batch in _batches(path, done):
        rows = []
        for number, row in batch:
            key, name = _key(row.get("conceptUri")), _label(row.get("preferredLabel"))
            if row.get("status") in GONE:
                continue
            if not key or not name:
                done.note(path, number, "no conceptUri" if not key else "no preferredLabel that can be used")
            elif key in seen:
                done.note(path, number, f"{key} stands twice")
            else:
                seen.add(key)
                rows.append({"key": key, "kind": kind, "isco": _isco(row.get("iscoGroup")), "name": name})
        if rows:
            session.execute(insert(EscoConcept), rows)
        done.skills += len(rows) if kind == "skill" else 0
        done.jobs += len(rows) if kind == "job" else 0


def _labels(session: Session, path: Path, language: str, ids: dict[str, int], done: Imported) -> None:
    for batch in _batches(path, Imported()):  # what is wrong with the rows of a file was noted, in English, once
        rows: dict[tuple[int, str], dict[str, object]] = {}
        for number, row in batch:
            concept = ids.get(_key(row.get("conceptUri")))
            if concept is None:
                if language != "en" and row.get("status") not in GONE:
                    done.note(path, number, "its concept is not in the English file")
                continue
            for name, preferred in _names(row):
                found = {
                    "concept_id": concept,
                    "language": language,
                    "compact": compact(name),
                    "name": name,
                    "preferred": preferred,
                }
                if found["compact"]:
                    rows.setdefault((concept, str(found["compact"])), found)
        if rows:
            session.execute(insert(EscoLabel), list(rows.values()))
            done.labels += len(rows)


def _links(session: Session, path: Path, ids: dict[str, int], done: Imported) -> None:
    seen: set[tuple[int, int]] = set()
    for batch in _batches(path, done):
        rows = []
        for number, row in batch:
            job, skill = ids.get(_key(row.get("occupationUri"))), ids.get(_key(row.get("skillUri")))
            if row.get("relationType") != "essential":
                continue
            if job is None or skill is None:
                done.note(path, number, "it names a concept that is not in the other files")
            elif (job, skill) not in seen:
                seen.add((job, skill))
                rows.append({"job_id": job, "skill_id": skill})
        if rows:
            session.execute(insert(EscoLink), rows)
            done.links += len(rows)


def _names(row: dict[str, str]) -> Iterator[tuple[str, bool]]:
    """The preferred label first; the others stand below each other in one field."""
    if name := _label(row.get("preferredLabel")):
        yield name, True
    for column in ("altLabels", "hiddenLabels"):
        yield from ((name, False) for line in (row.get(column) or "").splitlines() if (name := _label(line)))


def _batches(path: Path, done: Imported) -> Iterator[list[tuple[int, dict[str, str]]]]:
    """(number, row), AT_ONCE of them; what is no UTF-8 or no row of the file's columns is noted."""
    batch: list[tuple[int, dict[str, str]]] = []
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        reader = csv.DictReader(file)
        while True:
            try:
                row = next(reader, None)
            except csv.Error as error:
                done.note(path, reader.line_num, str(error))
                continue
            if row is None:
                break
            if None in row or None in row.values() or any("\ufffd" in value for value in row.values()):
                done.note(path, reader.line_num, "it has not the columns of its file, or is no UTF-8")
                continue
            batch.append((reader.line_num, row))
            if len(batch) == AT_ONCE:
                yield batch
                batch = []
    if batch:
        yield batch


def _check_columns(path: Path, needed: set[str]) -> None:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        found = next(csv.reader(file), [])
    if lacks := sorted(needed - set(found)):
        raise PermanentError(f"{path.name}: it has no column {', '.join(lacks)}; is it a file of ESCO's CSV package?")


def _key(uri: str | None) -> str:
    return (uri or "").strip().rstrip("/").rpartition("/")[2]


def _label(text: str | None) -> str:
    name = " ".join((text or "").split())
    return name if len(name) <= LONGEST_LABEL else ""


def _isco(group: str | None) -> str:
    code = (group or "").strip().removeprefix("C")
    return code if code.isdecimal() and len(code) == 4 else ""
