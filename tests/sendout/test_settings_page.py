"""docs/settings.md names every setting that the program reads, and no other."""

from __future__ import annotations

import re

from bot.settings import ROOT

READS = re.compile(r"\b(?:read|self)\.\w+\(\s*\"([A-Z_]+)\"")


def test_the_table_holds_every_setting() -> None:
    code = (ROOT / "bot/settings.py").read_text(encoding="utf-8")
    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    read = set(READS.findall(code)) | set(re.findall(r"USEIT_([A-Z_]+): ", code))
    told = set(re.findall(r"`USEIT_([A-Z_]+)`", page))
    assert read - told == set(), "a setting is not in docs/settings.md"
    assert told - read - {"SECRET_KEY"} == set(), "docs/settings.md names what nobody reads"
