"""The translator that the settings name."""

from __future__ import annotations

from bot.settings import Translating
from bot.translation.breaker import Breaker
from bot.translation.calling import Caller, Patience
from bot.translation.libretranslate import LibreTranslate
from bot.translation.openai_compatible import OpenAiCompatible
from bot.translation.port import Translator


def translator_of(
    settings: Translating | None, patience: Patience | None = None, breaker: Breaker | None = None
) -> Translator | None:
    """None where there is none: then there is our own gloss (bot/translation/gloss.py)."""
    if settings is None:
        return None
    if settings.kind == "libretranslate":
        return LibreTranslate(Caller(settings.url, patience=patience, breaker=breaker), settings.key)
    base = settings.url if settings.url.endswith("/v1") else f"{settings.url}/v1"
    headers = {"authorization": f"Bearer {settings.key}"} if settings.key else {}
    return OpenAiCompatible(Caller(base, headers, patience, breaker), settings.model)
