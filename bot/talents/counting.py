"""How many people have which skills, for whoever looks for partners. Numbers only; small ones are hidden by who shows them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.people.models import Person
from bot.talents.catalogue import catalogue
from bot.talents.models import Talent
from bot.talents.profile import THEIRS

AT_ONCE = 500


@dataclass
class Counts:
    """People. `things`: kind -> key -> how many have it; own words are nobody else's business and are only counted together."""

    people: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    groups: Counter[str] = field(default_factory=Counter)
    things: dict[str, Counter[str]] = field(default_factory=lambda: {"job": Counter(), "skill": Counter(), "language": Counter()})
    own_words: int = 0


def count(session: Session) -> Counts:
    """Of all lists as they are now, without keeping them in memory: keys are sealed, so the database cannot count them."""
    found, known = Counts(), catalogue()
    query = select(Talent, Person.language).join(Person, Person.id == Talent.person_id).where(Talent.state.in_(THEIRS))
    person, groups, has_own = None, set[str](), False
    for row, language in session.execute(query.order_by(Talent.person_id).execution_options(yield_per=AT_ONCE)):
        if row.person_id != person:
            found.groups.update(groups)
            found.own_words += has_own
            found.people += 1
            found.languages[language] += 1
            person, groups, has_own = row.person_id, set(), False
        has_own = has_own or row.kind == "own"
        if row.kind in found.things:
            found.things[row.kind][row.key] += 1
        entry = known.jobs.get(row.key) if row.kind == "job" else known.skills.get(row.key) if row.kind == "skill" else None
        groups |= {entry.group} if entry else set()
    found.groups.update(groups)
    found.own_words += has_own
    return found
