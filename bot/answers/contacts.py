"""Trusted places near somebody, said beside the services that were found."""

from __future__ import annotations

from babel.numbers import format_decimal

from bot import i18n
from bot.conversation.turn import Turn
from bot.opportunities.contacts import Near, near
from bot.replies import Reply
from bot.talents.catalogue import tongue

CLOSER_THAN = 0.5  # miles: about the middle of a district is all we know of where somebody is


def beside(turn: Turn, need: str, area: str | None) -> list[Reply]:
    """One message about all of them; none when there is none near."""
    found = near(turn.knowledge, area, need, turn.language, turn.at.date()) if turn.installation.is_on("contacts") else []
    if not found:
        return []
    return [turn.reply("\n\n".join([turn.t("contact.near"), *(_one(turn, place) for place in found)]))]


def _one(turn: Turn, place: Near) -> str:
    one = place.contact
    turn.used.add(("contacts", one.key))

    def words(field: str) -> str:
        return turn.knowledge.words("contacts", one.key, field, turn.language).text

    rounded = format_decimal(round(place.miles, 1), locale=i18n.locale(turn.language))
    away = turn.t("reason.near_you") if place.miles < CLOSER_THAN else turn.t("reason.near", miles=rounded)
    lines = [f"📍 {one.name} ({turn.t(f'contact.place.{one.place}')}): {away}", words("helps")]
    if one.address:
        lines.append(" ".join(part for part in (one.address, one.postcode) if part))
    if hours := words("hours"):
        lines.append(turn.t("opportunity.hours", text=hours))
    if one.languages:
        spoken = turn.t("list.separator").join(tongue(code, turn.language) for code in one.languages)
        lines.append(turn.t("opportunity.languages", text=spoken))
    lines.append(turn.t("contact.assured", date=i18n.date(turn.language, one.assured_on)))
    return "\n".join(line for line in lines if line)
