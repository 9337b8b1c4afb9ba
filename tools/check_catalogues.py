"""Checks the program's own sentences: complete, same placeholders, links and digits, right plural forms, nothing unused.

Usage: python tools/check_catalogues.py. Exit 1 with a line for each problem.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

LOCALES = Path(__file__).resolve().parents[1] / "locales"
ENGLISH_ONLY = {"console.po", "api.po", "service.po"}
PLACEHOLDER, LINK = re.compile(r"\{(\w*)\}"), re.compile(r"https?://[^\s،؛]+")
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
FORMS = {"en": 2, "so": 2, "ar": 6, "fa": 2, "ps": 2, "ur": 2, "uk": 3, "fr": 2}


def messages(path: Path) -> dict[str, Message]:
    with path.open("rb") as handle:
        return {str(m.context): m for m in read_po(handle, locale=path.parts[-3]) if m.id}


def strings(value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, tuple | list) else [str(value or "")]


def differences(english: str, text: str) -> Iterator[str]:
    if not text.strip():
        yield "is not translated"
        return
    if set(PLACEHOLDER.findall(english)) != set(PLACEHOLDER.findall(text)):
        yield "other placeholders than the English"
    if set(LINK.findall(english)) != set(LINK.findall(text)):
        yield "other links than the English"
    numbers = (sorted(re.findall(r"\d+", s.translate(DIGITS))) for s in (english, text))
    if next(numbers) != next(numbers):
        yield "other numbers than the English"


def problems() -> Iterator[str]:
    for source in sorted((LOCALES / "en/LC_MESSAGES").glob("*.po")):
        english = messages(source)
        for language in sorted(p.name for p in LOCALES.iterdir() if p.is_dir() and p.name != "en"):
            if source.name in ENGLISH_ONLY:
                continue
            path = LOCALES / language / "LC_MESSAGES" / source.name
            if not path.exists():
                yield f"{language}/{source.name}: is missing"
                continue
            translated = messages(path)
            yield from (f"{language}/{source.name}: {key}: is not in the English" for key in translated.keys() - english)
            for key, message in english.items():
                where = f"{language}/{source.name}: {key}"
                if key not in translated:
                    yield f"{where}: is missing"
                    continue
                given = strings(translated[key].string)
                if message.pluralizable and len(given) != FORMS[language]:
                    yield f"{where}: has {len(given)} plural forms, {FORMS[language]} are needed"
                forms = strings(message.id)
                if message.pluralizable:  # a dual or a zero may leave the number out
                    yield from (f"{where}: is not translated" for text in given if not text.strip())
                    continue
                yield from (f"{where}: {p}" for p in differences(forms[0], given[0]))
                if str(translated[key].id) != str(message.id):
                    yield f"{where}: was translated from another English text"


if __name__ == "__main__":
    found = list(problems())
    print("\n".join(found) or "catalogues: no problems")
    sys.exit(bool(found))
