"""Every setting that can be changed while the program runs: how it is written, read back and checked, and what holds without it.

A value is written as one text, the same in a form, on the command line and in the record of changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.cases.hours import Hours
from bot.cases.retention import WARNING
from bot.errors import RefusedError, SettingsError
from bot.installation import texts
from bot.installation.features import FEATURES
from bot.settings import KNOWN_LANGUAGES, Settings

MOST_DAYS = 3650
LEAST_DAYS = WARNING.days + 1  # whoever holds a case is told a week before: the notice must fit in
FOLLOW_UP_DAYS = 14


@dataclass(frozen=True)
class Definition:
    """`read`: from the text, raising RefusedError with the reason an edge words; `write`: into it; `without`: what the environment
    says, as a value."""

    read: Callable[[str], Any]
    write: Callable[[Any], str]
    without: Callable[[Settings], Any]


def _languages(text: str) -> list[str]:
    chosen = {code.strip() for code in text.split(",") if code.strip()}
    if not chosen <= set(KNOWN_LANGUAGES) or "en" not in chosen:
        raise RefusedError(f"must hold en and others of {', '.join(KNOWN_LANGUAGES)}, by commas", "setting_languages")
    return [code for code in KNOWN_LANGUAGES if code in chosen]


def _hours(text: str) -> str:
    wanted = " ".join(text.lower().split())
    try:
        Hours.parse(wanted)
    except SettingsError as error:
        raise RefusedError(str(error).partition(": ")[2], "setting_hours") from error
    return wanted


def _number(text: str, low: int) -> int:
    number = text.strip()
    if not (number.isascii() and number.isdecimal()) or len(number) > 6 or not low <= int(number) <= MOST_DAYS:
        raise RefusedError(f"must be a whole number of days from {low} to {MOST_DAYS}", "setting_days")
    return int(number)


def _keys(text: str) -> list[str]:
    return sorted({key for part in text.split(",") if (key := part.strip())})


def _switch(text: str) -> bool:
    if text.strip() not in ("on", "off"):
        raise RefusedError("must be on or off", "setting_switch")
    return text.strip() == "on"


def _joined(values: Any) -> str:
    return ",".join(values)


def _on_off(value: Any) -> str:
    return "on" if value else "off"


def _days(low: int, without: Callable[[Settings], int]) -> Definition:
    return Definition(partial(_number, low=low), str, without)


SETTINGS: dict[str, Definition] = {
    "languages": Definition(_languages, _joined, lambda base: list(base.languages)),
    "hours": Definition(_hours, str, lambda base: base.hours),
    "keep_days": _days(LEAST_DAYS, lambda base: base.keep_days),
    "close_after_days": _days(LEAST_DAYS, lambda base: base.close_after_days),
    "delete_after_days": _days(LEAST_DAYS, lambda base: base.delete_after_days),
    "follow_up_days": _days(1, lambda base: FOLLOW_UP_DAYS),
    "ours": Definition(_keys, _joined, lambda base: list[str]()),
    **{f"greeting.{code}": Definition(texts.greeting, str, lambda base: "") for code in KNOWN_LANGUAGES},
    **{f"feature.{name}": Definition(_switch, _on_off, lambda base: True) for name in FEATURES},
}


def of(name: str) -> Definition:
    """Raises RefusedError (setting) for a name that is none."""
    if name not in SETTINGS:
        raise RefusedError(f"there is no setting {name!r}: ./useit settings list says which there are", "setting")
    return SETTINGS[name]
