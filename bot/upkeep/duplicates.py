"""Entries that seem to be the same: terms that answer to one name, services of one house with nearly one name."""

from __future__ import annotations

from collections.abc import Iterator

from rapidfuzz import fuzz

from bot.knowledge import seed
from bot.upkeep.found import Found, Look
from engine.nlu.text import fold

ALIKE = 90.0  # of 100: rapidfuzz's token_sort_ratio, which does not mind the order of words
LONGEST_ABBREVIATION = 5  # letters
MOST = 200  # services compared with each other because they share something; of more, sharing it says nothing


def terms(look: Look) -> Iterator[Found]:
    """Two terms with one name in a language, each two once. Abbreviations that terms share on purpose (`shared`) are no names here.

    Two abbreviations that English tells apart ("BMI", "BMA") are two things, however alike their letters are spoken in another
    language; so are two terms of which one says that people take it for the other.
    """
    owners: dict[tuple[str, str], str] = {}
    said: set[tuple[str, str, str]] = set()
    for key, term in sorted(look.knowledge.terms.items()):
        names = {("en", name) for name in (term.name, *term.aliases)}
        names |= {(language, name) for language, known in look.knowledge.all_names.items() for name in known.get(key, [])}
        for language, name in sorted(names):
            other = owners.setdefault((language, fold(name)), key)
            if other != key and (key, other, language) not in said and not _are_told_apart(look, key, other, language):
                said.add((key, other, language))
                says = {"word": name, "language": language, "other": look.name("terms", other)}
                yield look.found("duplicate", f"terms/{key}/{other}/{language}/{fold(name)}", **says)


def _are_told_apart(look: Look, key: str, other: str, language: str) -> bool:
    one, two = look.knowledge.terms[key], look.knowledge.terms[other]
    if other in one.confused_with or key in two.confused_with:
        return True
    return language != "en" and _is_abbreviation(one.name) and _is_abbreviation(two.name)


def _is_abbreviation(name: str) -> bool:
    letters = name.replace(".", "").replace("&", "")
    return len(letters) <= LONGEST_ABBREVIATION and letters.isupper()


def services(look: Look) -> Iterator[Found]:
    """Two services with nearly one name that share an organisation, a number or a page."""
    alike: dict[tuple[str, str], list[seed.Service]] = {}
    for service in sorted(look.knowledge.services.values(), key=lambda one: one.key):
        shares = {("house", fold(service.organization)), ("page", service.url.rstrip("/"))}
        shares |= {("number", "".join(filter(str.isdigit, phone.number))) for phone in service.phones}
        for share in shares:
            if share[1]:
                alike.setdefault(share, []).append(service)
    said: set[tuple[str, str]] = set()
    for group in alike.values():
        for place, one in enumerate(group if len(group) <= MOST else ()):
            for other in group[:place]:
                if (one.key, other.key) not in said and _alike(one, other):
                    said.add((one.key, other.key))
                    yield look.found(
                        "duplicate", f"services/{one.key}/{other.key}", word=one.name, language="en", other=other.name
                    )


def _alike(one: seed.Service, other: seed.Service) -> bool:
    """By name, and by place: a house that gives one service in two towns has two services."""
    same_place = not (one.towns and other.towns) or bool({*one.towns} & {*other.towns})
    return same_place and fuzz.token_sort_ratio(_name(one), _name(other)) >= ALIKE


def _name(service: seed.Service) -> str:
    return " ".join(word for word in fold(service.name).split() if word not in ("the", "a", "an"))
