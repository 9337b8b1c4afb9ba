"""The program's own sentences: which there are, and how each stands in a language here.

A sentence is named by its key. The shipped texts stand in the catalogues (bot/i18n.py); what an installation says instead, and what
people said of a translation, stands in the table `wordings`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from babel.messages.pofile import read_po
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import i18n
from bot.knowledge.checks import cleaned
from bot.wording.models import Wording

CATALOGUES = ("bot", "web", "cases")  # what people read; the console's own words and Telegram's are nobody's to change
Forms = tuple[str, ...]


@dataclass(frozen=True)
class Sentence:
    """How a sentence stands in a language. `forms`: what is said, () when nothing is (then English is); `shipped`: the catalogue's.

    `english`: what is said in English, as many forms as English has. `made_from`: the English that the translation is of, None: the
    present one. `state`: missing, machine-drafted, draft, reviewed, outdated. `own`: this installation says it otherwise.
    `fits`: False when what was written here cannot be said any more, and the shipped one is.
    """

    key: str
    catalogue: str
    language: str
    english: Forms
    forms: Forms
    shipped: Forms
    state: str
    made_from: Forms | None = None
    own: bool = False
    fits: bool = True


@cache
def catalogue_of() -> Mapping[str, str]:
    """The key of every sentence that can be changed, in the catalogue's order, and the name of its catalogue."""
    found: dict[str, str] = {}
    for name in CATALOGUES:
        with (i18n.LOCALES / "en" / "LC_MESSAGES" / f"{name}.po").open("rb") as handle:
            found |= {str(message.context): name for message in read_po(handle, locale="en") if message.context and message.id}
    return found


def listed(session: Session, language: str) -> list[Sentence]:
    """All of them as they stand in `language`."""
    rows = {(row.language, row.key): row for row in _rows(session, language)}
    return [_stands(key, language, rows.get((language, key)), rows.get(("en", key))) for key in catalogue_of()]


def find(session: Session, language: str, key: str) -> Sentence | None:
    """One of them; None when there is no such sentence."""
    if key not in catalogue_of():
        return None
    rows = {row.language: row for row in _rows(session, language) if row.key == key}
    return _stands(key, language, rows.get(language), rows.get("en"))


def row_of(session: Session, language: str, key: str) -> Wording | None:
    return session.scalar(select(Wording).where(Wording.language == language, Wording.key == key))


def _rows(session: Session, language: str) -> Iterable[Wording]:
    return session.scalars(select(Wording).where(Wording.language.in_((language, "en"))))


def _stands(key: str, language: str, row: Wording | None, english_row: Wording | None) -> Sentence:
    from_catalogue = i18n.shipped("en")[key]
    english = _said(english_row, "en", key) or from_catalogue
    shipped = from_catalogue if language == "en" else i18n.shipped(language).get(key, ())
    own = _said(row, language, key)
    fits = row is None or row.forms is None or bool(own)
    state, made_from = _state(language, english, shipped, from_catalogue, row)
    return Sentence(
        key, catalogue_of()[key], language, english, own or shipped, shipped, state, made_from, bool(row and row.forms), fits
    )


def _state(language: str, english: Forms, shipped: Forms, from_catalogue: Forms, row: Wording | None) -> tuple[str, Forms | None]:
    """Of a translation of the catalogue the English is the catalogue's: when that is said otherwise here, it is outdated."""
    if row is None:
        if language == "en":
            return "reviewed", None
        if not shipped:
            return "missing", None
        return ("machine-drafted", None) if english == from_catalogue else ("outdated", from_catalogue)
    # of the English the catalogue's is the source
    source = from_catalogue if language == "en" else english
    changed = tuple(row.english) != source or (row.forms is None and tuple(row.shipped) != shipped)
    return ("outdated", tuple(row.english)) if changed else (row.state, None)


def _said(row: Wording | None, language: str, key: str) -> Forms:
    if row is None or row.forms is None or i18n.misfit(language, key, row.forms):
        return ()
    return tuple(row.forms)


def spread(forms: Sequence[str], language: str) -> Forms:
    """English forms beside those of another language: the singular beside the form for one, the plural beside every other."""
    if len(forms) < 2:
        return tuple(forms)
    one = i18n.singular(language)
    return tuple(forms[0] if place == one else forms[-1] for place in range(i18n.plural_forms(language)))


def tidied(key: str, form: str) -> str:
    """A form as it is kept: cleaned, with the spaces that the English has around it (of a comma between two things: one after it)."""
    english = i18n.shipped("en")[key][-1]
    inner = english.strip()
    begin = english.index(inner)
    return english[:begin] + cleaned(form) + english[begin + len(inner) :]
