"""What of the knowledge needs somebody's eyes: facts past their day, missing translations, hard English, references to nowhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from ahocorasick import Automaton

from bot.knowledge import branches
from bot.knowledge.readability import reading_age
from bot.knowledge.seed import KINDS, Fact, TextFields
from bot.knowledge.snapshot import Snapshot, is_fresh

# years; on one short sentence the measure is rough, and the mean is at about ten (tests/knowledge/test_quality.py)
HARDEST = 17.5
SOON_DAYS = 14
ENGLISH_FIELDS = ("meaning", "description", "summary", "do", "about", "what")


class Finding(NamedTuple):
    """`kind`: past_due, due_soon, switches, reference, untranslated, outdated, hard, pathway. `where`: kind/key, and the field."""

    kind: str
    where: str
    what: str


def look(knowledge: Snapshot, languages: Sequence[str], today: dt.date) -> list[Finding]:
    """Everything found, most pressing kind first."""
    return [
        *_dates(knowledge, today),
        *structure(knowledge),
        *_translations(knowledge, languages),
        *(Finding("hard", where, f"reads like age {age:.0f}") for where, age, _ in hard(knowledge)),
    ]


def structure(knowledge: Snapshot) -> Iterator[Finding]:
    """What does not hold together: references to nowhere, and pathways."""
    yield from _references(knowledge)
    yield from (
        Finding("pathway", f"pathways/{p.key}", line) for p in knowledge.pathways.values() for line in branches.problems_of(p)
    )


def facts(knowledge: Snapshot) -> Iterator[tuple[str, Fact]]:
    """Every fact with where it stands: an entry, a figure, a step, a cost."""
    for kind in KINDS:
        for key, entry in getattr(knowledge, kind).items():
            yield f"{kind}/{key}", entry.fact
    for term in knowledge.terms.values():
        if term.figure:
            yield f"terms/{term.key}/figure", term.figure.fact
    for pathway in knowledge.pathways.values():
        for step in pathway.steps:
            yield f"pathways/{pathway.key}/{step.key}", step.fact
            for number, cost in enumerate(step.costs, 1):
                yield f"pathways/{pathway.key}/{step.key}/cost {number}", cost.fact


def links(knowledge: Snapshot) -> dict[str, list[str]]:
    """Every web address that is shown or is a source, with where it stands."""
    found: dict[str, list[str]] = {}
    for where, fact in facts(knowledge):
        found.setdefault(fact.source.split()[0] if fact.source else "", []).append(where)
    for service in knowledge.services.values():
        found.setdefault(service.url, []).append(f"services/{service.key}")
    for pathway in knowledge.pathways.values():
        for step in pathway.steps:
            found.setdefault(step.link, []).append(f"pathways/{pathway.key}/{step.key}")
    return {link: places for link, places in found.items() if link.startswith(("http://", "https://"))}


def _dates(knowledge: Snapshot, today: dt.date) -> Iterator[Finding]:
    for where, fact in facts(knowledge):
        if not is_fresh(fact, today):
            yield Finding("past_due", where, f"to be checked by {fact.review_by}: {fact.source}")
        elif (fact.review_by - today).days <= SOON_DAYS:
            yield Finding("due_soon", where, f"to be checked by {fact.review_by}: {fact.source}")
    for pathway in knowledge.pathways.values():
        for step in pathway.steps:
            for cost in step.costs:
                if cost.valid_from and cost.valid_from > today:
                    yield Finding("switches", f"pathways/{pathway.key}/{step.key}", f"from {cost.valid_from}: {cost.text}")
            if step.costs and all(cost.valid_to and cost.valid_to < today for cost in step.costs):
                yield Finding("past_due", f"pathways/{pathway.key}/{step.key}", "every price of this step has ended")


def _references(knowledge: Snapshot) -> Iterator[Finding]:
    for term in knowledge.terms.values():
        for other in (*term.related, *term.confused_with):
            if other not in knowledge.terms:
                yield Finding("reference", f"terms/{term.key}", f"names the term {other}, which is not there")


def _translations(knowledge: Snapshot, languages: Sequence[str]) -> Iterator[Finding]:
    for kind, key, field in knowledge.english():
        for language in languages:
            if language != "en" and field != "names":
                state = knowledge.state(kind, key, field, language)
                if state is None:
                    yield Finding("untranslated", f"{kind}/{key}/{field}", language)
                elif state == "outdated":
                    yield Finding("outdated", f"{kind}/{key}/{field}", language)


def names_in(knowledge: Snapshot) -> Callable[[str], set[str]]:
    """Gives the names of terms and professions that stand in a text. Tens of thousands are looked for in one pass."""
    finder = Automaton()
    names = {form for term in knowledge.terms.values() for form in (term.name, term.expansion, *term.aliases) if form}
    for name in names | {name for pathway in knowledge.pathways.values() for name in pathway.professions}:
        finder.add_word(name, name)
    finder.make_automaton()
    return lambda text: {name for _, name in finder.iter(text)} if len(finder) else set()


def hard(knowledge: Snapshot) -> Iterator[tuple[str, float, str]]:
    """Each English text that is too hard: where it is, the age it reads like in years, and the text."""
    named = names_in(knowledge)
    shown = {field for fields in TextFields.values() for field in fields}.intersection(ENGLISH_FIELDS)
    for kind, key, field in knowledge.english():
        if field.rpartition("/")[2] in shown:
            text = knowledge.words(kind, key, field, "en").text
            if (age := reading_age(text, named(text))) > HARDEST:
                yield f"{kind}/{key}/{field}", age, text
