"""What a message seems to be about, in English, from our own lists alone: word by word, with gaps. It is no translation.

Nothing leaves the house for it. It tells a caseworker which cases to open first and what to ask an interpreter about.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from babel import Locale

from bot import i18n
from bot.conversation.choices import plain_answer
from bot.knowledge.snapshot import Snapshot
from bot.settings import KNOWN_LANGUAGES
from bot.translation import lexicon
from bot.translation.protection import Guarded, protect
from engine.nlu.language import small_words
from engine.nlu.lookup import Found, lookup
from engine.nlu.text import clean, fold

LISTS = "data/lookup"
GAP = "…"
LONGEST = 1_500  # characters of a message; the rest is not glossed
MOST_WORDS = 120  # shown
_LATIN = re.compile(r"[a-z0-9']+")
_LATIN_LANGUAGES = frozenset(("en", "fr", "so"))


@dataclass(frozen=True)
class Gloss:
    """`answer`: yes, no or "". `about`: terms, profession, country, area and needs, each once. `words`: in the message's order.
    `known` of `total` words were in a list.
    """

    answer: str
    about: tuple[str, ...]
    words: tuple[str, ...]
    known: int
    total: int


def gloss(text: str, language: str, knowledge: Snapshot) -> Gloss:
    """Never raises for anything that people write; finds little in a language we have no lists of."""
    text = clean(text)[:LONGEST]
    guarded = protect(text, language, "en", knowledge)
    folded = fold(guarded.text).split()
    listed = _listed(guarded.text)
    about = [keep.value for keep in guarded.kept if keep.is_term]
    said: list[str] = []
    known = at = 0
    while at < len(folded):
        length, english, found = _at(folded, at, language, guarded, listed, knowledge)
        about += [_named(one) for one in found]
        if english is None:
            said += [GAP] if said[-1:] != [GAP] else []
        else:
            said.append(english)
            known += length
        at += length
    place = plain_answer(text, language)
    answer = "" if place is None else ("yes", "no")[place]
    return Gloss(answer, tuple(dict.fromkeys(about)), tuple(said[:MOST_WORDS]), known, len(folded))


def written(found: Gloss) -> str:
    """As it is kept beside a message, in English."""
    if found.answer:
        return i18n.t("en", f"gloss.{found.answer}")
    if not found.known:
        return i18n.t("en", "gloss.nothing")
    lines = [i18n.t("en", "gloss.about", things="; ".join(found.about))] if found.about else []
    words = " ".join(found.words)
    return "\n".join([*lines, i18n.t("en", "gloss.words", words=words, known=str(found.known), total=str(found.total))])


def _at(
    folded: list[str], at: int, language: str, guarded: Guarded, listed: dict[str, list[Found]], knowledge: Snapshot
) -> tuple[int, str | None, list[Found]]:
    """How many words from here belong together, what they are in English, and what the look-up lists say of them."""
    if token := guarded.pattern.fullmatch(folded[at]):
        return 1, guarded.kept[int(token[1]) - 1].value, []
    everyday = {key for key, term in knowledge.terms.items() if not term.keeps_its_name}  # the others are tokens
    for length in range(min(lexicon.LONGEST, len(folded) - at), 0, -1):
        piece = " ".join(folded[at : at + length])
        found = listed.get(piece, [])
        sure = [one for one in found if one.entity != "need"]
        if english := (_named(sure[0]) if sure else lexicon.lexicon(language).find(piece)):
            return length, english, found
        if found:
            return length, f"({_named(found[0])})", found
        if piece not in small_words() and (key := knowledge.term_index.lookup(piece, language)) in everyday:
            return length, knowledge.terms[key].name, []
    if language not in _LATIN_LANGUAGES and _LATIN.fullmatch(folded[at]):  # an English word, or their own in Latin letters
        return 1, folded[at], []
    return 1, None, []


def _listed(text: str) -> dict[str, list[Found]]:
    """The pieces of the folded text that stand in a look-up list."""
    whole = fold(text)
    found: dict[str, list[Found]] = {}
    for one in lookup(LISTS, KNOWN_LANGUAGES).find(text):
        found.setdefault(whole[one.start : one.end], []).append(one)
    return found


def _named(one: Found) -> str:
    if one.entity == "country":
        return str(Locale("en").territories.get(one.value, one.value))
    if one.entity == "need":
        return i18n.t("en", f"need.{one.value}")
    if one.entity == "area":
        return i18n.t("en", f"area.{one.value}") if i18n.has("en", f"area.{one.value}") else one.value
    return one.value.replace("-", " ")
