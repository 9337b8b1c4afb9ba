"""How well terms are found: `python tools/measure_finding.py [MISSES.tsv]`.

Asks the kept-apart questions of tests/data and reads its letters, as the program would, and prints a line for each set. The
misses go into a file to be looked at only for a set that is no longer fresh.
"""

from __future__ import annotations

import csv
import sys
import tempfile
from collections import Counter
from pathlib import Path

from bot.db import migrate
from bot.house import House
from bot.knowledge import loading, reading, snapshot
from bot.knowledge.terms import TermIndex
from bot.settings import ROOT, Settings

DATA = ROOT / "tests/data"


def main() -> None:
    index, misses = shipped(), []
    for path in sorted(DATA.glob("term_questions*.tsv")):
        right, asked = Counter[str](), Counter[str]()
        for row in rows(path):
            found = [f.key for f in index.in_question(row["question"], row["lang"])]
            asked[row["lang"]] += 1
            right[row["lang"]] += found[:1] == [row["key"]]
            if found[:1] != [row["key"]]:
                misses.append([path.stem, row["lang"], row["key"], " ".join(found[:3]), row["question"]])
        each = " ".join(f"{language} {right[language]}/{asked[language]}" for language in asked)
        print(f"{path.stem}: {right.total()} of {asked.total()}, {right.total() / asked.total():.1%} ({each})")
    for folder in sorted(path for path in DATA.glob("letters*") if path.is_dir()):
        found = expected = known = 0
        read = {path.name: index.in_letter(path.read_text(encoding="utf-8")) for path in folder.glob("*.txt")}
        for row in rows(folder / "expected.tsv"):
            keys = {f.key for f in read[row["file"]]}
            is_found = not keys.isdisjoint(row["key"].split("|"))
            found, expected, known = found + is_found, expected + 1, known + (row["key"] != "-")
            if not is_found:
                misses.append([folder.name, "en", row["key"], "", row["jargon"]])
        print(f"{folder.name}: {found} of {expected} found, {found / expected:.1%}; {found / known:.1%} of the {known} known")
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text("".join("\t".join(miss) + "\n" for miss in misses), encoding="utf-8")


def shipped() -> TermIndex:
    """The index of a new installation."""
    with tempfile.TemporaryDirectory() as var:
        house = House.open(Settings.read({"USEIT_VAR": var}))
        migrate.create(house.database)
        with house.sessions.begin() as session:
            loading.load(session, reading.read(ROOT / "data/knowledge"))
        with house.sessions() as session:
            index = snapshot.current(session).term_index
        house.database.dispose()
    return index


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter="\t", quoting=csv.QUOTE_NONE))


if __name__ == "__main__":
    main()
