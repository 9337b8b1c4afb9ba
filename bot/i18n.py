"""The program's own words, in the person's language.

Code names a text by its key; the English text is the msgid, the key is the msgctxt, in `locales/<language>/LC_MESSAGES/*.po`.
A translation that is missing falls back to English. Adding a language is a folder of catalogues and no code.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from gettext import c2py
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_time
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LOCALES = Path(__file__).resolve().parents[1] / "locales"
RIGHT_TO_LEFT = frozenset({"ar", "fa", "ps", "ur", "ckb"})


class MissingTextError(KeyError):
    """No catalogue has this key: a mistake of ours, found by the tests."""


@cache
def _catalogue(language: str) -> tuple[dict[str, tuple[str, ...]], Any]:
    """key -> its forms (one, or one per plural form), and the function that picks a plural form."""
    texts: dict[str, tuple[str, ...]] = {}
    plural = c2py("n != 1")
    for path in sorted((LOCALES / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as handle:
            catalogue: Catalog = read_po(handle, locale=language)
        plural = c2py(catalogue.plural_expr)
        for message in catalogue:
            if message.context and message.id and not message.fuzzy:
                strings = (message.string or ()) if message.pluralizable else (message.string,)
                english = message.id if message.pluralizable else (message.id,)
                forms = tuple(str(s) for s in strings if s)
                if forms or language == "en":
                    texts[str(message.context)] = forms or tuple(str(e) for e in english)
    return texts, plural


def texts(language: str) -> Mapping[str, tuple[str, ...]]:
    """Every text of a language by its key: its forms, one or one per plural form."""
    return _catalogue(language)[0]


def has(language: str, key: str) -> bool:
    return key in _catalogue(language)[0]


def t(language: str, key: str, /, *, count: int | None = None, **values: object) -> str:
    """The text `key` in `language`, else in English. `count` picks the plural form and is the value `count`.

    Values stand in `{braces}`; numbers are written in the language's digits. Raises MissingTextError.
    """
    for code in (language, "en"):
        texts, plural = _catalogue(code)
        if key in texts:
            forms = texts[key]
            form = forms[min(plural(count), len(forms) - 1)] if count is not None else forms[0]
            if count is not None:
                values["count"] = format_decimal(count, locale=locale(code))
            return form.format(**values) if values else form
    raise MissingTextError(key)


@cache
def locale(language: str) -> Locale:
    return Locale.parse({"en": "en_GB", "so": "so", "ar": "ar"}.get(language, language))


def direction(language: str) -> str:
    """`rtl` or `ltr`, for a page's dir attribute."""
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def own_name(language: str) -> str:
    """The language's name in itself, as on the button that chooses it."""
    return t(language, "language.own_name")


def date(language: str, day: dt.date) -> str:
    """A day as it is written in the language, by CLDR, in the Gregorian calendar UK offices use."""
    return format_date(day, "long", locale=locale(language))


def weekday(language: str, day: dt.date) -> str:
    return format_date(day, "EEEE d MMMM", locale=locale(language))


def clock(language: str, time: dt.time) -> str:
    return format_time(time, "HH:mm", locale=locale(language))


def plural_forms(language: str) -> int:
    """How many forms the language's catalogue must give for a counted text."""
    return {"ar": 6, "uk": 3}.get(language, 2)
