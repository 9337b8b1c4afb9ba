"""The translator's settings are refused by name when they are wrong, and nothing is sent anywhere by default."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings
from bot.translation.choosing import translator_of

OUTSIDE = {"USEIT_TRANSLATE": "openai", "USEIT_TRANSLATE_URL": "https://example.org/v1", "USEIT_TRANSLATE_MODEL": "m"}


def read(folder: Path, **given: str) -> Settings:
    return Settings.read({"USEIT_VAR": str(folder), **given})


def test_by_default_there_is_no_translator(tmp_path: Path) -> None:
    assert read(tmp_path).translating is None and translator_of(None) is None


def test_the_key_may_stand_in_a_file_and_is_never_shown(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("k-secret\n")
    found = read(tmp_path, **OUTSIDE, USEIT_TRANSLATE_KEY_FILE=str(tmp_path / "key"))
    assert found.translating is not None and found.translating.key == "k-secret" and "k-secret" not in repr(found)
    assert (found.translating.in_house, found.translating.characters_per_day) == (False, 100_000)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("USEIT_TRANSLATE", {"USEIT_TRANSLATE": "google"}),
        ("USEIT_TRANSLATE_URL", {"USEIT_TRANSLATE": "libretranslate"}),
        ("USEIT_TRANSLATE_URL", OUTSIDE | {"USEIT_TRANSLATE_URL": "example.org"}),
        ("USEIT_TRANSLATE_URL", OUTSIDE | {"USEIT_TRANSLATE_URL": "http://example.org"}),
        ("USEIT_TRANSLATE_MODEL", OUTSIDE | {"USEIT_TRANSLATE_MODEL": ""}),
        ("USEIT_TRANSLATE_IN_HOUSE", OUTSIDE | {"USEIT_TRANSLATE_IN_HOUSE": "perhaps"}),
        ("USEIT_TRANSLATE_CHARACTERS_PER_DAY", OUTSIDE | {"USEIT_TRANSLATE_CHARACTERS_PER_DAY": "-1"}),
        ("USEIT_TRANSLATE_KEY_FILE", OUTSIDE | {"USEIT_TRANSLATE_KEY_FILE": "/nowhere/key"}),
    ],
)
def test_a_wrong_setting_is_refused_by_name(tmp_path: Path, name: str, given: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as error:
        read(tmp_path, **given)
    assert str(error.value).startswith(f"{name}:") and "\n" not in str(error.value)


def test_a_machine_in_the_house_needs_no_tls(tmp_path: Path) -> None:
    given = {
        "USEIT_TRANSLATE": "libretranslate",
        "USEIT_TRANSLATE_URL": "http://10.0.0.7:5000",
        "USEIT_TRANSLATE_IN_HOUSE": "yes",
    }
    found = read(tmp_path, **given).translating
    assert found is not None and found.in_house
