"""ESCO's files are read as they are published, a row at a time; what is wrong in them is named, and what is in them is found."""

from __future__ import annotations

import csv
import tracemalloc
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.conversation import inbox
from bot.db.session import connect
from bot.errors import PermanentError
from bot.house import House
from bot.talents import esco, esco_import, naming, profile, telling
from bot.talents.models import EscoConcept, EscoLabel, EscoLink, Talent

SKILLS = [
    "conceptType",
    "conceptUri",
    "skillType",
    "reuseLevel",
    "preferredLabel",
    "altLabels",
    "hiddenLabels",
    "status",
    "modifiedDate",
    "scopeNote",
    "definition",
    "inScheme",
    "description",
]
JOBS = [
    "conceptType",
    "conceptUri",
    "iscoGroup",
    "preferredLabel",
    "altLabels",
    "hiddenLabels",
    "status",
    "modifiedDate",
    "regulatedProfessionNote",
    "scopeNote",
    "definition",
    "inScheme",
    "description",
    "code",
]
LINKS = ["occupationUri", "relationType", "skillType", "skillUri"]
SKILL, JOB = "http://data.europa.eu/esco/skill/", "http://data.europa.eu/esco/occupation/"


def write(path: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "esco"
    made.mkdir()
    skills = [
        {
            "conceptUri": SKILL + "s1",
            "preferredLabel": "restore cuckoo clocks",
            "altLabels": "mend cuckoo clocks\ncuckoo clock restoration",
            "status": "released",
        },
        {"conceptUri": SKILL + "s2", "preferredLabel": "wind clockwork", "status": "released"},
        {"conceptUri": SKILL + "s3", "preferredLabel": "old thing", "status": "obsolete"},
    ]
    write(made / "skills_en.csv", SKILLS, skills)
    write(
        made / "skills_ar.csv",
        SKILLS,
        [{"conceptUri": SKILL + "s1", "preferredLabel": "ترميم ساعات الوقواق", "status": "released"}],
    )
    write(
        made / "occupations_en.csv",
        JOBS,
        [{"conceptUri": JOB + "o1", "iscoGroup": "7311", "preferredLabel": "cuckoo clockmaker", "status": "released"}],
    )
    links = [
        {"occupationUri": JOB + "o1", "relationType": kind, "skillUri": SKILL + key}
        for kind, key in (("essential", "s2"), ("optional", "s1"))
    ]
    write(made / "occupationSkillRelations_en.csv", LINKS, links)
    return made


def load(house: House, folder: Path) -> esco_import.Imported:
    with house.sessions.begin() as session:
        return esco_import.load(session, folder)


def test_what_was_imported_is_found_asked_and_named_in_their_language(house: House, folder: Path) -> None:
    done = load(house, folder)
    assert (done.skills, done.jobs, done.links, done.problems) == (2, 1, 1, [])
    with house.sessions.begin() as session:
        person = inbox.chat_for(session, "cli", "a").person.id
        assert telling.tell(session, person, "I mend cuckoo clocks", "en") == "heard"
        (row,) = profile.question(session, person).rows
        assert row.key == "esco:s1" and naming.name(session, row, "ar") == "ترميم ساعات الوقواق"
        assert naming.name(session, row, "fr") == "restore cuckoo clocks"
        assert naming.codes(session, row)["esco"] == "s1"


def test_an_occupation_asks_for_what_it_essentially_needs(house: House, folder: Path) -> None:
    load(house, folder)
    with house.sessions() as session:
        found = telling.listen(session, "cuckoo clockmaker", "en")
        assert [(one.kind, one.key) for one in found.said] == [("job", "esco:o1")]
        assert [one.key for one in found.implied] == ["esco:s2"]
        job = Talent(kind="job", key="esco:o1", language="en", state="held")
        assert naming.codes(session, job) == {"isco": "7311", "esco": "o1"}


def test_importing_again_replaces(house: House, folder: Path) -> None:
    load(house, folder)
    write(folder / "occupations_en.csv", JOBS, [])
    (folder / "occupationSkillRelations_en.csv").unlink()
    load(house, folder)
    with house.sessions() as session:
        assert session.scalars(select(EscoConcept.kind).distinct()).all() == ["skill"]
        assert session.scalar(select(func.count()).select_from(EscoLink)) == 0


def test_what_is_wrong_is_listed_by_file_and_row_and_the_rest_is_taken(house: House, folder: Path) -> None:
    with (folder / "skills_en.csv").open("a", encoding="utf-8") as file:
        file.write(f"KnowledgeSkillCompetence,{SKILL}s1,,,twice,,,released,,,,,\n")
        file.write("KnowledgeSkillCompetence,,,,no uri,,,released,,,,,\n")
        file.write("too,short\n")
    with (folder / "skills_ar.csv").open("a", encoding="utf-8") as file:
        file.write(f"KnowledgeSkillCompetence,{SKILL}unknown,,,شيء,,,released,,,,,\n")
    done = load(house, folder)
    assert done.skills == 2 and done.wrong == 4
    told = "\n".join(done.problems)
    for part in ("stands twice", "no conceptUri", "it has not the columns", "not in the English file"):
        assert part in told
    assert all(problem.startswith(("skills_en.csv:", "skills_ar.csv:")) for problem in done.problems)


@pytest.mark.parametrize("break_it", ["missing", "column"])
def test_a_folder_that_is_not_esco_changes_nothing(house: House, folder: Path, break_it: str) -> None:
    load(house, folder)
    if break_it == "missing":
        (folder / "occupations_en.csv").unlink()
    else:
        write(folder / "occupations_en.csv", ["a", "b"], [])
    with pytest.raises(PermanentError, match="occupations_en"):
        load(house, folder)
    with house.sessions() as session:
        assert session.scalar(select(func.count()).select_from(EscoConcept)) == 3


def test_a_large_file_needs_little_memory(house: House, folder: Path) -> None:
    text = "x" * 2_000
    rows = ({"conceptUri": f"{SKILL}n{n}", "preferredLabel": f"skill number {n}", "description": text} for n in range(6_000))
    with (folder / "skills_en.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, SKILLS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    size = (folder / "skills_en.csv").stat().st_size
    tracemalloc.start()
    done = load(house, folder)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert done.skills == 6_000 and size > 12_000_000
    assert peak < size  # a batch, not the file


def test_short_and_small_words_are_not_looked_up(house: House, folder: Path) -> None:
    write(
        folder / "skills_en.csv",
        SKILLS,
        [{"conceptUri": SKILL + "go", "preferredLabel": "Go"}, {"conceptUri": SKILL + "w", "preferredLabel": "what"}],
    )
    load(house, folder)
    with house.sessions() as session:
        assert esco.find(session, ["go", "what"], ("en",)) == []


def test_on_postgresql_it_is_the_same(postgresql: str, folder: Path) -> None:
    from sqlalchemy.orm import Session

    from bot.db import migrate

    database = connect(postgresql)
    migrate.create(database)
    with Session(database) as session:
        done = esco_import.load(session, folder)
        assert (done.skills, done.jobs, done.labels, done.links) == (2, 1, 6, 1)
        assert esco.find(session, ["mend", "cuckoo", "clocks"], ("en",)) == [("skill", "esco:s1", 0, 2)]
        assert session.scalar(select(func.count()).select_from(EscoLabel)) == 6
        session.rollback()
    database.dispose()
