"""What must hold between the entries of the knowledge files, beyond each one's own shape."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from bot.knowledge import branches
from bot.knowledge.seed import KINDS, PLACEHOLDERS, Canned, Fact, Opportunity, Pathway, Seed, Service, Term, TextFields

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
STEP_KEY = re.compile(r"[a-z0-9-]+/[a-z0-9-]+")
LINK = re.compile(r"https?://\S+")
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


def problems_of(seed: Seed) -> list[str]:
    """One line for each thing that is wrong; empty when all is well."""
    return [
        *_keys(seed),
        *_terms(seed.terms),
        *(problem for service in seed.services for problem in _service(service)),
        *(problem for pathway in seed.pathways for problem in branches.problems_of(pathway)),
        *_professions(seed.pathways),
        *(problem for reply in seed.replies for problem in _reply(reply)),
        *(problem for one in seed.opportunities for problem in _opportunity(one)),
        *_dates(seed),
        *_translations(seed),
    ]


def _keys(seed: Seed) -> Iterator[str]:
    for kind in KINDS:
        keys = [entry.key for entry in getattr(seed, kind)]
        yield from (f"{kind}: {key}: used {n} times" for key, n in Counter(keys).items() if n > 1)
        yield from (f"{kind}: {key}: a key has only a-z, 0-9 and -" for key in keys if not KEY.fullmatch(key))


def _terms(terms: list[Term]) -> Iterator[str]:
    keys = {term.key for term in terms}
    owners: dict[str, str] = {}
    sharing: dict[str, list[str]] = {}
    for term in terms:
        for other in (*term.related, *term.confused_with):
            if other not in keys:
                yield f"terms: {term.key}: there is no term {other}"
        for alias in {a.casefold() for a in (term.name, *term.aliases)}:
            if owners.setdefault(alias, term.key) != term.key:
                yield f"terms: {term.key}: '{alias}' also belongs to {owners[alias]}"
        for abbreviation in {a.casefold() for a in term.shared}:
            sharing.setdefault(abbreviation, []).append(term.key)
        if term.shared and not term.context:
            yield f"terms: {term.key}: shares {', '.join(term.shared)} and names no context that tells them apart"
        if len(term.meaning.split()) > 45:
            yield f"terms: {term.key}: the meaning has more than 45 words"

    for abbreviation, sharers in sharing.items():
        if len(sharers) == 1:
            yield f"terms: {sharers[0]}: nobody shares '{abbreviation}' with it"
        if owner := owners.get(abbreviation):
            yield f"terms: {', '.join(sharers)}: '{abbreviation}' is shared and also belongs to {owner}"


def _service(service: Service) -> Iterator[str]:
    if not (service.phones or service.url or service.email or service.address):
        yield f"services: {service.key}: has no way to reach it"
    for opening in service.openings:
        if opening.opens >= opening.closes:
            yield f"services: {service.key}: closes ({opening.closes}) before it opens ({opening.opens})"


def _opportunity(one: Opportunity) -> Iterator[str]:
    if not (one.phones or one.url or one.email):
        yield f"opportunities: {one.key}: has no way to reach it"
    if one.kind == "vacancy" and not one.paid:
        yield f"opportunities: {one.key}: a vacancy that is not paid is no vacancy"


def placeholders(text: str) -> set[str]:
    """What stands in braces."""
    return set(re.findall(r"\{(\w*)\}", text))


def _reply(reply: Canned) -> Iterator[str]:
    yield from (f"replies: {reply.key}: there is no {{{name}}}" for name in placeholders(reply.text) - set(PLACEHOLDERS))


def _professions(pathways: list[Pathway]) -> Iterator[str]:
    owners: dict[str, str] = {}
    for pathway in pathways:
        for profession in pathway.professions:
            if owners.setdefault(profession, pathway.key) != pathway.key:
                yield f"pathways: {pathway.key}: '{profession}' also belongs to {owners[profession]}"


def _dates(seed: Seed) -> Iterator[str]:
    facts: list[tuple[str, Fact]] = []
    for kind in KINDS:
        facts += [(f"{kind}: {entry.key}", entry.fact) for entry in getattr(seed, kind)]
    facts += [(f"terms: {t.key}: figure", t.figure.fact) for t in seed.terms if t.figure]
    facts += [(f"pathways: {p.key}/{s.key}", s.fact) for p in seed.pathways for s in p.steps]
    facts += [(f"pathways: {p.key}/{s.key}: cost", c.fact) for p in seed.pathways for s in p.steps for c in s.costs]
    yield from (f"{where}: review_by is before checked_on" for where, fact in facts if fact.review_by < fact.checked_on)


def sources(seed: Seed) -> dict[str, dict[str, dict[str, str]]]:
    """The English texts in the same shape as one language of `Seed.texts`; empty texts are left out."""
    found: dict[str, dict[str, dict[str, str]]] = {kind: {} for kind in TextFields}
    for kind in KINDS:
        for entry in getattr(seed, kind):
            found[kind][entry.key] = {}
            for field, text in english_of(kind, msgspec.to_builtins(entry)).items():
                step, slash, name = field.rpartition("/")
                place = found["steps"].setdefault(f"{entry.key}/{step}", {}) if slash else found[kind][entry.key]
                if text:
                    place[name] = text
    return found


def english_of(kind: str, data: Mapping[str, Any]) -> dict[str, str]:
    """field -> English text of one entry, "" where it has none; a pathway's steps have theirs as `<step>/<field>`."""
    texts = {field: str(data.get(field) or "") for field in TextFields[kind]}
    if "figure" in texts:
        texts["figure"] = str((data.get("figure") or {}).get("text", ""))
    for step in data.get("steps", ()) if kind == "pathways" else ():
        for field in TextFields["steps"]:
            costs = " / ".join(str(cost.get("text", "")) for cost in step.get("costs", ()))
            texts[f"{step['key']}/{field}"] = costs if field == "cost" else str(step.get(field) or "")
    return texts


def _translations(seed: Seed) -> Iterator[str]:
    english = sources(seed)
    for language, kinds in seed.texts.items():
        for kind, entries in kinds.items():
            for key, texts in entries.items():
                where = f"texts/{language}/{kind}: {key}"
                source = english[kind].get(key)
                if source is None:
                    yield f"{where}: there is no such entry"
                    continue
                for field, text in texts.items():
                    if field not in source:
                        yield f"{where}: there is no English {field} to translate"
                    else:
                        yield from (f"{where}: {field}: {p}" for p in differences(source[field], text))
                        if kind == "replies" and placeholders(source[field]) != placeholders(text):
                            yield f"{where}: {field}: the places in braces differ from the English"
                        if (kind, field) == ("steps", "cost") and source[field].count(" / ") != text.count(" / "):
                            yield f"{where}: cost: must have as many parts between ' / ' as the English"
                yield from (f"{where}: {field} is not translated" for field in source if field not in texts)
            for key in english[kind].keys() - entries.keys():
                yield from (f"texts/{language}/{kind}: {key}: {field} is not translated" for field in english[kind][key])


def differences(source: str, text: str) -> Iterator[str]:
    """Links and numbers must be the same on both sides; digits may be Arabic-Indic or Persian."""
    if not text.strip():
        yield "is empty"
    if set(LINK.findall(source)) != set(LINK.findall(text)):
        yield "the links differ from the English"

    def numbers(words: str) -> list[str]:
        return sorted(re.findall(r"\d+", words.translate(DIGITS).replace("٬", ",").replace("٫", ".")))

    if numbers(source) != numbers(text):
        yield f"the numbers differ from the English: {numbers(source)} and {numbers(text)}"
