"""Every sentence is there in every language, with plurals, direction, digits and dates as the language has them."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from bot import i18n
from bot.settings import ROOT
from tools.check_catalogues import problems

KEYS = re.compile(r'(?:\.t|\bsay|\bbutton|\bi18n\.t|_saying|\bmenu)\([^"\n]*?"([a-z_]+(?:\.[a-z_0-9]+)+)"')


def test_catalogues_are_complete_and_agree() -> None:
    assert list(problems()) == []


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
