"""What Rasa calls: one file for each conversation skill. `all_actions()` is what the engine is loaded with."""

from __future__ import annotations

from rasa_sdk import Action

from actions import (
    cases,
    desk,
    general,
    help,
    journeys,
    mentoring,
    more,
    opportunities,
    people,
    qualification,
    referrals,
    reminders,
    stories,
    suggestions,
    talents,
    words,
)
from actions.skill import Skill, Validate
from bot.answers import mentor_forms, plans


def all_actions() -> list[Action]:
    """One instance of every action that `domain.yml` names."""
    found: list[Action] = []
    for module in (
        cases,
        desk,
        general,
        help,
        journeys,
        mentoring,
        more,
        opportunities,
        people,
        qualification,
        referrals,
        reminders,
        stories,
        suggestions,
        talents,
        words,
    ):
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, Skill | Validate) and "action" in vars(thing):
                found.append(thing())
    found += [saying() for saying in general.SAYINGS]
    found += [qualification.Ask(slot) for slot in plans.QUESTIONS]
    found += [help.Ask(slot) for slot in help.SLOTS]
    found += [people.Ask(slot) for slot in people.SLOTS]
    found += [mentoring.Ask(slot) for slot in (*mentor_forms.MENTOR, *mentor_forms.MENTEE)]
    return found
