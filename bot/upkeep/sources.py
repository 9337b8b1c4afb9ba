"""The looks at the knowledge that a list of what needs care is made of. Another room joins with a function in SOURCES."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sqlalchemy import func, select

from bot.cases import service_quality
from bot.knowledge import quality, uses
from bot.knowledge.models import Unknown
from bot.suggestions.models import Suggestion
from bot.upkeep import contradictions, duplicates, links
from bot.upkeep.found import Found, Look, Source

UNUSED_AFTER = dt.timedelta(days=90)
COUNTED_KINDS = ("terms", "services", "pathways")  # whose uses are counted (bot/conversation/turn.py)


def dates(look: Look) -> Iterator[Found]:
    """Facts past their day, and those that soon will be: the entry's own, a figure's, a step's, each cost's."""
    for where, fact in quality.facts(look.knowledge):
        left = (fact.review_by - look.today).days
        if left <= quality.SOON_DAYS:
            says = {"day": fact.review_by.isoformat(), "source": fact.source}
            yield look.found("past_due" if left < 0 else "due_soon", where, **says)


def ended(look: Look) -> Iterator[Found]:
    """Steps whose every price has ended: nothing can be said of what they cost today."""
    for pathway in look.knowledge.pathways.values():
        for step in pathway.steps:
            ends = [cost.valid_to for cost in step.costs if cost.valid_to]
            if ends and len(ends) == len(step.costs) and max(ends) < look.today:
                yield look.found(
                    "past_due", f"pathways/{pathway.key}/{step.key}/prices", day=max(ends).isoformat(), source=step.link
                )


def broken(look: Look) -> Iterator[Found]:
    """References to nowhere, and pathways that do not hold together."""
    for finding in quality.structure(look.knowledge):
        yield look.found("broken", f"{finding.where}/{finding.what}"[:200], what=finding.what)


def hard(look: Look) -> Iterator[Found]:
    for where, age, text in quality.hard(look.knowledge):
        yield look.found("hard", where, of=text, age=f"{age:.0f}")


def outdated(look: Look) -> Iterator[Found]:
    """Translations whose English has changed: one for an entry and language, however many of its texts."""
    behind: dict[tuple[str, str, str], list[str]] = {}
    for kind, key, field in look.knowledge.english():
        for language in look.languages:
            if language != "en" and look.knowledge.state(kind, key, field, language) == "outdated":
                behind.setdefault((kind, key, language), []).append(field)
    for (kind, key, language), fields in behind.items():
        texts = "\n".join(look.knowledge.words(kind, key, field, "en").text for field in sorted(fields))
        yield look.found("outdated", f"{kind}/{key}/{language}", of=texts, language=language, texts=str(len(fields)))


def sinking(look: Look) -> Iterator[Found]:
    for flag in service_quality.flagged(look.session):
        if flag.service in look.knowledge.services:
            yield look.found("sinking", f"services/{flag.service}", no_place=str(flag.no_place), answers=str(flag.answers))


def unused(look: Look) -> Iterator[Found]:
    """Entries that were part of no answer for UNUSED_AFTER: said only when uses have been counted for as long."""
    first, day = uses.counted_from(look.session), look.today - UNUSED_AFTER
    if first is None or first > day:
        return
    used = uses.since(look.session, day)
    for kind in COUNTED_KINDS:
        for key in getattr(look.knowledge, kind):
            if (kind, key) not in used:
                yield look.found("unused", f"{kind}/{key}", days=str(UNUSED_AFTER.days))


def wrong(look: Look) -> Iterator[Found]:
    """Answers of which people said that they did not help: how often, by entry and language, never whose."""
    times: dict[tuple[str, str], int] = {}
    for row in look.session.scalars(select(Unknown).where(Unknown.kind == "rated", Unknown.state == "open")):
        times[row.about, row.language] = times.get((row.about, row.language), 0) + row.times
    for (about, language), count in sorted(times.items()):
        kind, _, key = about.partition("/")
        if key.partition("/")[0] in getattr(look.knowledge, kind, {}):
            yield look.found("wrong", f"{kind}/{key}/{language}", language=language, times=str(count))


def reported(look: Look) -> Iterator[Found]:
    """What people say is wrong with an entry, as long as nobody has decided about it. Their words stay where they are sealed."""
    waiting = select(Suggestion.about_kind, Suggestion.about_key, Suggestion.what, func.count(), func.max(Suggestion.id))
    waiting = waiting.where(Suggestion.state.in_(("open", "taken")), Suggestion.about_key != "")
    groups = waiting.group_by(Suggestion.about_kind, Suggestion.about_key, Suggestion.what)
    for kind, key, what, count, latest in look.session.execute(groups.order_by(func.max(Suggestion.id))):
        yield look.found("reported", f"{kind}/{key}/{what}", of=str(latest), what=what, times=str(count))


SOURCES: tuple[Source, ...] = (
    reported,
    wrong,
    dates,
    ended,
    links.dead,
    contradictions.fees,
    contradictions.by_subject,
    sinking,
    broken,
    outdated,
    duplicates.terms,
    duplicates.services,
    hard,
    unused,
)
