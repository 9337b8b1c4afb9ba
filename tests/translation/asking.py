"""Asking a machine as the program does, with the patience of a test."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import TranslationError
from bot.settings import Translating
from bot.translation.breaker import Breaker
from bot.translation.calling import Patience
from bot.translation.choosing import translator_of
from bot.translation.port import Translator
from tests.translation.machine import KEY, Machine

PATIENCE = Patience(connect=1.0, answer=0.4, whole=1.5, attempts=3, first_wait=0.02, longest_wait=1.1)


def settings(machine: Machine, *, in_house: bool = True, most: int = 100_000, key: str = KEY) -> Translating:
    return Translating(machine.kind, machine.url, key, "a-model", most, in_house)


def translator(machine: Machine, breaker: Breaker | None = None, key: str = KEY) -> Translator:
    made = translator_of(settings(machine, key=key), PATIENCE, breaker)
    assert made is not None
    return made


def translate(runner: asyncio.Runner, machine: Machine | Translator, text: str = "رسالة من البلدية", source: str = "ar") -> str:
    """Into English."""
    asked = translator(machine) if isinstance(machine, Machine) else machine
    (answer,) = runner.run(asked.translate([text], source, "en"))
    return answer.text


def failure(runner: asyncio.Runner, machine: Machine | Translator, source: str = "ar") -> TranslationError:
    with pytest.raises(TranslationError) as error:
        translate(runner, machine, source=source)
    return error.value
