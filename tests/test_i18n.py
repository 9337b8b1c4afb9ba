"""Every sentence is there in every language, with plurals, direction, digits and dates as the language has them."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot import i18n
from bot.settings import KNOWN_LANGUAGES, ROOT
from tools import check_wording
from tools.check_catalogues import problems

KEYS = re.compile(r'(?:\.t|\bsay|\bbutton|\bi18n\.t|_saying|\bmenu)\([^"\n]*?"([a-z_]+(?:\.[a-z_0-9]+)+)"')


def test_catalogues_are_complete_and_agree() -> None:
    assert list(problems()) == []


PO_CHECKS = (
    "pythonbraceformat", "printf", "xmltags", "urls", "emails", "newlines", "blank", "startwhitespace", "endwhitespace", "nplurals",
    "escapes",
)  # fmt: skip
TRANSLATED = sorted(code for code in KNOWN_LANGUAGES if code != "en")


@pytest.mark.parametrize("language", TRANSLATED)
def test_pofilter_finds_nothing(language: str, tmp_path: Path) -> None:
    """Without the checks of brackets and of the unchanged: an English term in brackets and a name are what we want there."""
    out, source = tmp_path / "out", ROOT / "locales" / language / "LC_MESSAGES"
    checks = [argument for check in PO_CHECKS for argument in ("-t", check)]
    pofilter = Path(sys.executable).with_name("pofilter")
    subprocess.run([pofilter, *checks, "-i", source, "-o", out], check=True, capture_output=True)
    assert [path.read_text(encoding="utf-8") for path in out.rglob("*.po")] == []  # it exits 0 always and writes what it found


@pytest.mark.parametrize("language", TRANSLATED)
def test_dennis_finds_nothing(language: str) -> None:
    """W302, a translation that equals the English, stands for names and is looked at by hand."""
    files = sorted((ROOT / "locales" / language / "LC_MESSAGES").glob("*.po"))
    dennis = Path(sys.executable).with_name("dennis-cmd")
    found = subprocess.run([dennis, "lint", "--strict", "--excluderules", "W302", *files], capture_output=True, text=True)
    assert found.returncode == 0, found.stdout


@pytest.mark.parametrize("language", TRANSLATED)
def test_one_thing_is_called_by_one_word(language: str) -> None:
    assert check_wording.problems(language) == []


def test_every_key_that_code_names_is_in_the_catalogue() -> None:
    missing = []
    for folder in ("bot", "actions"):
        for path in (ROOT / folder).rglob("*.py"):
            for key in KEYS.findall(path.read_text(encoding="utf-8")):
                if not i18n.has("en", key):
                    missing.append(f"{path.name}: {key}")
    assert missing == []


@pytest.mark.parametrize(("language", "counts"), [("ar", (0, 1, 2, 3, 11, 100)), ("so", (1, 2)), ("en", (1, 2))])
def test_plural_forms(language: str, counts: tuple[int, ...]) -> None:
    said = {i18n.t(language, "help.intro", count=n, need="x").translate({ord(c): None for c in "0123456789"}) for n in counts}
    assert len(said) >= len(counts) - 1  # a language may say two of them alike


def test_direction_and_dates() -> None:
    assert [i18n.direction(code) for code in ("en", "ar", "so", "fa")] == ["ltr", "rtl", "ltr", "rtl"]
    assert "2026" in i18n.date("en", dt.date(2026, 12, 14)) and i18n.date("en", dt.date(2026, 12, 14)) != i18n.date(
        "so", dt.date(2026, 12, 14)
    )


def test_a_text_nobody_wrote_is_a_mistake_of_ours() -> None:
    with pytest.raises(i18n.MissingTextError):
        i18n.t("ar", "no.such.key")


def test_braces_in_values_are_only_text() -> None:
    assert "{x.__class__}" in i18n.t("en", "fact.too_old", link="{x.__class__}")
