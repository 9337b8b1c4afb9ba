"""A wrong setting stops the start with one line that names it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import Settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("USEIT_PORT", "http"),
        ("USEIT_PORT", "70000"),
        ("USEIT_LANGUAGES", "ar,so"),
        ("USEIT_LANGUAGES", "en,xx"),
        ("USEIT_DATABASE_URL", "mysql://somewhere"),
        ("USEIT_SECRET_KEY", "short"),
        ("USEIT_TELEGRAM_TOKEN", "not-a-token"),
        ("USEIT_TELEGRAM_MODE", "carrier-pigeon"),
        ("USEIT_PUBLIC_URL", "example.org"),
        ("USEIT_KEEP_DAYS", "0"),
        ("USEIT_TELEGRAM_TOKEN_FILE", "/nowhere/token"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.read({"USEIT_VAR": str(tmp_path), name: value})
    assert name in str(refused.value) and "\n" not in str(refused.value)


def test_webhook_mode_needs_a_long_secret_and_https(tmp_path: Path) -> None:
    given = {"USEIT_VAR": str(tmp_path), "USEIT_TELEGRAM_MODE": "webhook", "USEIT_TELEGRAM_WEBHOOK_SECRET": "x" * 31}
    with pytest.raises(SettingsError, match="32 characters"):
        Settings.read(given)
    with pytest.raises(SettingsError, match="https"):
        Settings.read(given | {"USEIT_TELEGRAM_WEBHOOK_SECRET": "x" * 32})


def test_secrets_are_not_shown_when_settings_are_printed(tmp_path: Path) -> None:
    key, token = "ab" * 32, "123456:" + "A" * 35
    shown = repr(Settings.read({"USEIT_VAR": str(tmp_path), "USEIT_SECRET_KEY": key, "USEIT_TELEGRAM_TOKEN": token}))
    assert token not in shown and key not in shown and str(bytes.fromhex(key)) not in shown


def test_the_first_start_makes_a_key_that_only_the_owner_reads(tmp_path: Path) -> None:
    first = Settings.read({"USEIT_VAR": str(tmp_path)})
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0
    assert Settings.read({"USEIT_VAR": str(tmp_path)}).keys == first.keys
