"""From a pathway and a person's answers to their steps, and what these cost and take on a given day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.knowledge.branches import holds
from bot.knowledge.seed import Cost, Pathway, Step
from bot.knowledge.snapshot import is_fresh

# The EEA states and Switzerland: their qualifications have routes of their own (facts/pathways.md 1 E).
EEA_SWISS = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "HR",
        "CY",
        "CZ",
        "DK",
        "EE",
        "FI",
        "FR",
        "DE",
        "GR",
        "HU",
        "IE",
        "IT",
        "LV",
        "LT",
        "LU",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SK",
        "SI",
        "ES",
        "SE",
        "IS",
        "LI",
        "NO",
        "CH",
    ]
)
COSTS_JOINED_BY = " / "


def country_group(pathway: Pathway, country: str | None) -> str:
    """The answer to the pathway's question `country` for an ISO code; "unknown" without one."""
    if not country or country == "unknown":
        return "unknown"
    groups = {**pathway.country_groups, "eea_swiss": pathway.country_groups.get("eea_swiss") or EEA_SWISS}
    if country in groups:  # a plan that was made before knows the group only
        return country
    return next((group for group, codes in groups.items() if country in codes and _asked(pathway, group)), "other")


def _asked(pathway: Pathway, group: str) -> bool:
    return group in pathway.questions.get("country", ())


def steps_for(pathway: Pathway, answers: Mapping[str, str]) -> list[Step]:
    """The steps whose conditions all hold; an answer that is missing or not known counts as "unknown"."""
    known = {q: answers[q] if answers.get(q) in allowed else "unknown" for q, allowed in pathway.questions.items()}
    return [step for step in pathway.steps if holds(step, known)]


@dataclass(frozen=True)
class CostToday:
    """One cost of a step with the words that say it in the person's language."""

    cost: Cost
    words: str


def costs_on(step: Step, words: str, today: dt.date) -> list[CostToday]:
    """The costs that are due on `today`. `words`: the text of all of them together, as translations hold it."""
    texts = words.split(COSTS_JOINED_BY)
    if len(texts) != len(step.costs):  # an admin's text that is not cut the same way stands for all
        return [CostToday(cost, words) for cost in step.costs[:1]] if words else []
    return [CostToday(cost, text) for cost, text in zip(step.costs, texts, strict=True) if is_due(cost, today)]


def is_due(cost: Cost, today: dt.date) -> bool:
    """Whether this is the price of the day: a price that was announced for later or has ended is not."""
    return (cost.valid_from is None or cost.valid_from <= today) and (cost.valid_to is None or today <= cost.valid_to)


@dataclass(frozen=True)
class Totals:
    """What the steps of a plan cost and take together, as far as figures are known and fresh.

    Pounds and weeks, from and to; the weeks are those of one step after the other. `checked_on`: the oldest day behind a
    figure. `sure`: every figure was seen on the body's own page. `unpriced`: steps with a fee that cannot be counted.
    """

    pounds: tuple[float, float]
    weeks: tuple[float, float]
    checked_on: dt.date | None
    sure: bool
    unpriced: int


def totals(steps: Sequence[Step], today: dt.date) -> Totals:
    due = [cost for step in steps for cost in step.costs if is_due(cost, today) and not cost.yearly]
    counted = [c for c in due if c.low_gbp is not None and c.high_gbp is not None and is_fresh(c.fact, today)]
    weeks = [step.weeks for step in steps if step.weeks]
    return Totals(
        pounds=(sum(c.low_gbp or 0 for c in counted), sum(c.high_gbp or 0 for c in counted)),
        weeks=(sum(w[0] for w in weeks), sum(w[1] for w in weeks)),
        checked_on=min((c.fact.checked_on for c in counted), default=None),
        sure=all(c.fact.sure == "V" for c in counted),
        unpriced=len(due) - len(counted),
    )
