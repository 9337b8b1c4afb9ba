"""`useit skills`: check the list of skills that ships, and import the public ESCO files."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.house import House
from bot.settings import Settings
from bot.talents import esco_import
from bot.talents.catalogue import Catalogue
from bot.talents.seed import read


def add_to(parser: argparse.ArgumentParser) -> None:
    """`skills check`, `skills import-esco FOLDER`."""
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verbs.add_parser("check", help="read data/skills and say how much is in it").set_defaults(run=check)
    imported = verbs.add_parser("import-esco", help="read ESCO's CSV files; what was imported before is replaced")
    imported.add_argument(
        "folder", type=Path, help="with skills_en.csv, occupations_en.csv, occupationSkillRelations_en.csv, ..."
    )
    imported.set_defaults(run=import_esco)


def check(options: argparse.Namespace) -> int:
    """Raises PermanentError with every problem of the files."""
    known = Catalogue(read())
    print(f"{len(known.skills)} skills, {len(known.jobs)} jobs, {len(known.languages)} languages")
    return 0


def import_esco(options: argparse.Namespace) -> int:
    """What was wrong goes to stderr, a line each; 1 when anything was. Raises PermanentError; then nothing is changed."""
    house = House.open(Settings.read())
    with house.sessions.begin() as session:
        done = esco_import.load(session, options.folder)
    for problem in done.problems:
        print(problem, file=sys.stderr)
    if done.wrong > len(done.problems):
        print(f"and {done.wrong - len(done.problems)} more", file=sys.stderr)
    print(f"{done.skills} skills, {done.jobs} occupations, {done.labels} labels, {done.links} links")
    return 1 if done.wrong else 0
