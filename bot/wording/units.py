"""Every text that people read and that is translated, in one shape: what the bot knows, and the program's own sentences.

A text is named by its place: `<kind>/<key>/<field>` for the knowledge (a pathway's step: `pathways/<key>/<step>/<field>`),
`sentences/<key>` for a sentence. How people ask for a term (`names`) is no translation of anything and not among them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import i18n
from bot.knowledge import editing, loading
from bot.knowledge.models import WORDING, Entry, Text, Use
from bot.knowledge.seed import KINDS
from bot.wording import sentences
from bot.wording.sentences import Forms, Sentence

SENTENCES = "sentences"
ALL_KINDS = (*KINDS, SENTENCES)
STATES = ("missing", "outdated", "draft", "machine-drafted", "reviewed")  # the one most in need of work first
PLACES_IN = (SENTENCES, "replies")  # names in braces are filled in here; elsewhere a brace is a brace


@dataclass(frozen=True)
class Unit:
    """One text in one language. `english` and `text` have as many forms as the language: one, or one for each plural.

    A form of `text` is "" when there is none. `made_from`: the English it was made from, None when that is the present one or not
    known. `asked`: how often people were answered from it. `own`: a sentence that is said otherwise here.
    """

    place: str
    kind: str
    name: str
    field: str
    language: str
    english: Forms
    text: Forms
    state: str
    made_from: Forms | None = None
    counted: bool = False
    asked: int = 0
    own: bool = False
    fits: bool = True

    @property
    def token(self) -> str:
        """Of the text and its English as they are; a form carries it, and one that carries another is stale."""
        seen = json.dumps([self.english, self.text, self.state], ensure_ascii=False)
        return hashlib.sha256(seen.encode()).hexdigest()[:20]

    @property
    def source(self) -> Forms:
        """The English as it is written: one form, or singular and plural."""
        if not self.counted:
            return self.english
        one = i18n.singular(self.language)
        return self.english[one], self.english[one - 1]

    @property
    def has_places(self) -> bool:
        return self.kind in PLACES_IN


def listed(session: Session, language: str) -> list[Unit]:
    """All of a language, in the order of the kinds, then of the names. Of English: the sentences."""
    found = [_of_sentence(one) for one in sentences.listed(session, language)]
    return found if language == "en" else [*_knowledge(session, language), *found]


def find(session: Session, language: str, place: str) -> Unit | None:
    """One text as it stands now; None when there is no such place, or no English to translate."""
    kind, _, rest = place.partition("/")
    if kind == SENTENCES:
        found = sentences.find(session, language, rest)
        return _of_sentence(found) if found else None
    key, _, field = rest.partition("/")
    if language == "en" or not field:
        return None
    return next((unit for unit in _knowledge(session, language, (kind, key)) if unit.field == field), None)


def locked(session: Session, language: str, place: str) -> Unit | None:
    """The same, which nobody else changes until this transaction ends."""
    kind, _, rest = place.partition("/")
    if kind == SENTENCES:
        loading.touch(session, WORDING)
    elif kind in KINDS:
        editing.find(session, kind, rest.partition("/")[0], to_change=True)
    return find(session, language, place)


def _knowledge(session: Session, language: str, only: tuple[str, str] | None = None) -> Iterator[Unit]:
    mine = [Entry.published, *([Entry.kind == only[0], Entry.key == only[1]] if only else [])]
    names = {
        (kind, key): name
        for kind, key, name in session.execute(select(Entry.kind, Entry.key, Entry.data["name"].as_string()).where(*mine))
    }
    texts = (
        select(Entry.kind, Entry.key, Text.field, Text.language, Text.text, Text.state, Text.made_from)
        .join(Entry, Entry.id == Text.entry_id)
        .where(*mine, Text.language.in_(("en", language)), Text.text != "", Text.field != "names")
        .order_by(Text.id)
    )
    english: dict[tuple[str, str, str], str] = {}
    theirs: dict[tuple[str, str, str], tuple[str, str, str | None]] = {}
    for kind, key, field, code, text, state, made_from in session.execute(texts):
        if code == "en":
            english[kind, key, field] = text
        else:
            theirs[kind, key, field] = (text, state, made_from)
    uses = _uses(session)
    for kind, key, field in _in_order(english, names):
        source = english[kind, key, field]
        text, state, made_from = theirs.get((kind, key, field), ("", "missing", None))
        yield Unit(
            place=f"{kind}/{key}/{field}",
            kind=kind,
            name=names[kind, key] or english.get((kind, key, "title")) or english.get((kind, key, "name")) or key,
            field=field,
            language=language,
            english=(source,),
            text=(text,),
            state=state,
            made_from=(made_from,) if made_from and made_from != source else None,
            asked=uses.get((kind, key), 0),
        )


def _in_order(places: Iterable[tuple[str, str, str]], names: dict[tuple[str, str], str]) -> list[tuple[str, str, str]]:
    """By kind and name; the texts of one entry stay together as they came."""
    ranks = {kind: rank for rank, kind in enumerate(KINDS)}
    return sorted(places, key=lambda p: (ranks.get(p[0], len(ranks)), (names[p[0], p[1]] or p[1]).casefold(), p[1]))


def _uses(session: Session) -> dict[tuple[str, str], int]:
    totals = select(Use.kind, Use.key, func.sum(Use.times)).group_by(Use.kind, Use.key)
    return {(kind, key): int(times) for kind, key, times in session.execute(totals)}


def _of_sentence(one: Sentence) -> Unit:
    counted = len(one.english) > 1
    number = i18n.plural_forms(one.language) if counted else 1
    return Unit(
        place=f"{SENTENCES}/{one.key}",
        kind=SENTENCES,
        name=one.key,
        field=one.catalogue,
        language=one.language,
        english=sentences.spread(one.english, one.language),
        text=one.forms or ("",) * number,
        state=one.state,
        made_from=sentences.spread(one.made_from, one.language) if one.made_from and one.made_from != one.english else None,
        counted=counted,
        own=one.own,
        fits=one.fits,
    )
