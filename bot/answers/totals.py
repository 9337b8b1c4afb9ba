"""What the steps that are left cost and take together, as lines that say how sure that is."""

from __future__ import annotations

from collections.abc import Sequence

from babel.numbers import format_decimal

from bot import i18n
from bot.conversation.turn import Turn
from bot.knowledge import plans
from bot.knowledge.seed import Step

WEEKS_IN_MONTH = 52 / 12


def lines(turn: Turn, steps: Sequence[Step]) -> list[str]:
    """One line on money and one on time, each only where something is known."""
    total = plans.totals(steps, turn.at.date())
    found = []
    if total.checked_on is not None and total.pounds[1] > 0:
        low, high = (format_decimal(round(p), locale=i18n.locale(turn.language)) for p in total.pounds)
        key = "plan.total_cost" if total.pounds[0] != total.pounds[1] else "plan.total_cost_one"
        found.append(turn.t(key, low=low, high=high, date=i18n.date(turn.language, total.checked_on)))
        if total.unpriced:
            found.append(turn.t("plan.total_unpriced", count=total.unpriced))
    if total.weeks[1] > 0:
        months = [max(1, round(weeks / WEEKS_IN_MONTH)) for weeks in total.weeks]
        low, high = (format_decimal(month, locale=i18n.locale(turn.language)) for month in months)
        found.append(turn.t("plan.total_months", low=low, high=high))
    return found
