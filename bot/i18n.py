"""The program's own words, in the person's language.

Code names a text by its key; the English text is the msgid, the key is the msgctxt, in `locales/<language>/LC_MESSAGES/*.po`.
A translation that is missing falls back to English. Adding a language is a folder of catalogues and no code.

An installation may say a text otherwise (`use_overrides`). Whoever wrote it, it can name only the places that the shipped text has.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
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


Overrides = Mapping[str, Mapping[str, Sequence[str]]]  # language -> key -> forms
_said: dict[str, tuple[dict[str, tuple[str, ...]], Any]] = {}  # languages with overrides: as _catalogue, with them in it
_swaps = 0
_PLACE = re.compile(r"\{([A-Za-z_]\w*)\}")


def use_overrides(overrides: Overrides) -> list[tuple[str, str]]:
    """From now on, in this process, these are said instead of the catalogues' texts; what was given before is forgotten.

    Returns (language, key) of those that do not fit (`misfit`): of them the shipped text is said.
    """
    global _said, _swaps
    made: dict[str, tuple[dict[str, tuple[str, ...]], Any]] = {}
    wrong = []
    for language, texts in overrides.items():
        shipped, plural = _catalogue(language)
        fitting = {key: tuple(forms) for key, forms in texts.items() if not misfit(language, key, forms)}
        wrong += [(language, key) for key in texts if key not in fitting]
        made[language] = ({**shipped, **fitting}, plural)
    _said, _swaps = made, _swaps + 1  # whole: who reads meanwhile sees either
    return wrong


def swaps() -> int:
    """How often `use_overrides` was called: what was made from texts is as old as this number."""
    return _swaps


def places(text: str) -> set[str] | None:
    """The names in braces; None when there is any other brace: nothing but a name is ever put into a text."""
    return None if re.search(r"[{}]", _PLACE.sub("", text)) else set(_PLACE.findall(text))


def misfit(language: str, key: str, forms: Sequence[str]) -> str:
    """Why these forms cannot be said for `key`: unknown, forms (not as many as the language has), empty, places; "" when they can.

    A counted text may leave `{count}` out: languages have words for one and two.
    """
    english = _catalogue("en")[0].get(key)
    if english is None:
        return "unknown"
    if len(forms) != (plural_forms(language) if len(english) > 1 else 1):
        return "forms"
    if not all(isinstance(form, str) and form.strip() for form in forms):
        return "empty"
    wanted = set[str]().union(*(places(form) or set() for form in english))
    free = {"count"} if len(english) > 1 else set[str]()
    for form in forms:
        found = places(form)
        if found is None or not found <= wanted or wanted - found - free:
            return "places"
    return ""


def shipped(language: str) -> Mapping[str, tuple[str, ...]]:
    """Every text of the catalogues of a language by its key, whatever is said instead."""
    return _catalogue(language)[0]


def texts(language: str) -> Mapping[str, tuple[str, ...]]:
    """Every text of a language by its key: its forms, one or one per plural form."""
    return (_said.get(language) or _catalogue(language))[0]


def has(language: str, key: str) -> bool:
    return key in texts(language)


def t(language: str, key: str, /, *, count: int | None = None, **values: object) -> str:
    """The text `key` in `language`, else in English. `count` picks the plural form and is the value `count`.

    Values stand in `{braces}`; numbers are written in the language's digits. Raises MissingTextError.
    """
    for code in (language, "en"):
        texts, plural = _said.get(code) or _catalogue(code)
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


def singular(language: str) -> int:
    """Which form of a counted text is said for one."""
    return int(_catalogue(language)[1](1))


def plural_rule(language: str) -> str:
    """As gettext writes it, for a catalogue of the language."""
    with (LOCALES / language / "LC_MESSAGES" / "bot.po").open("rb") as handle:
        return str(read_po(handle, locale=language).plural_forms)


def plural_examples(language: str) -> tuple[str, ...]:
    """For each form of a counted text the first numbers that it is said for: ("0", "1", "2", "3, 4, 5", ...)."""
    plural = _catalogue(language)[1]
    found: list[list[str]] = [[] for _ in range(plural_forms(language))]
    for number in range(201):
        group = found[min(plural(number), len(found) - 1)]
        if len(group) < 3:
            group.append(str(number))
    return tuple(", ".join(group) for group in found)
