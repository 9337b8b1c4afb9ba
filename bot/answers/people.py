"""A person for a person: the questions of a hand-off, danger first, and immigration questions that only an adviser may answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from bot import i18n
from bot.answers.services import team_next
from bot.cases.hours import LONDON
from bot.cases.models import Handoff
from bot.conversation.turn import Turn
from bot.knowledge.seed import SafetyNumber
from bot.replies import Button, Reply, payload

NUMBERS = 4
REACH = ("chat", "phone")
URGENCY = ("today", "week", "any")


def question(turn: Turn, name: str) -> Reply:
    if name == "handoff_reason":
        return turn.reply(
            turn.t("ask.handoff_reason"), [turn.button("button.skip", "skip"), turn.button("button.cancel", "cancel")]
        )
    if name == "handoff_reach":
        rows = [[turn.button("answer.handoff_reach.chat", "inform", slot=name, value="chat")]]
        return turn.reply(turn.t("ask.handoff_reach"), *rows, [turn.button("button.cancel", "cancel")])
    rows = [[turn.button(f"answer.handoff_urgency.{value}", "inform", slot=name, value=value)] for value in URGENCY]
    return turn.reply(turn.t("ask.handoff_urgency"), *rows)


def begin(turn: Turn) -> Reply:
    return turn.reply(turn.t("handoff.begin", hours=team_next(turn)))


def opened(turn: Turn, handoff: Handoff) -> Reply:
    text = turn.t("handoff.opened", reference=handoff.reference, hours=team_next(turn))
    return turn.reply(text, [turn.menu_button()])


def numbers_for(turn: Turn, dangers: tuple[str, ...]) -> list[SafetyNumber]:
    """The numbers for these dangers, the first danger's first; 999 leads whenever it is one of them."""
    entries = sorted(turn.knowledge.safety.values(), key=lambda e: (e.order, e.key))
    found: list[SafetyNumber] = []
    for danger in dangers or ("violence",):
        found += [e for e in entries if danger in e.dangers and e not in found][:NUMBERS]
    return found[: NUMBERS + 1]


def danger(turn: Turn, dangers: tuple[str, ...], handoff: Handoff) -> list[Reply]:
    """Numbers first and short; then that a person was told, without a promise it cannot keep."""
    first = turn.reply(turn.t("danger.first") + "\n\n" + "\n\n".join(_lines(turn, numbers_for(turn, dangers))))
    second = turn.reply(turn.t("danger.handoff", reference=handoff.reference, hours=team_next(turn)))
    return [first, second]


def _lines(turn: Turn, entries: Iterable[SafetyNumber]) -> Iterator[str]:
    for entry in entries:
        what = turn.knowledge.words("safety", entry.key, "what", turn.language).text
        reached = entry.number or entry.url
        name = "" if entry.name == reached else f" — {entry.name}"
        yield f"☎️ {reached}{name}\n{what}"


def closed(turn: Turn, until: dt.datetime | None, kept: Handoff | None) -> Reply:
    """The bot is stopped: since when it may speak again, if that is known; who sees what they wrote; the numbers that help."""
    parts = [turn.t("stopped.closed")]
    if until is not None:
        local = until.astimezone(LONDON)
        day, time = i18n.weekday(turn.language, local.date()), i18n.clock(turn.language, local.time())
        parts.append(turn.t("stopped.until", day=day, time=time))
    if kept is not None:
        parts.append(turn.t("stopped.kept", reference=kept.reference))
    parts += [turn.t("stopped.numbers"), *_lines(turn, first_numbers(turn))]
    return turn.reply("\n\n".join(parts))


def first_numbers(turn: Turn) -> list[SafetyNumber]:
    """For somebody of whom nothing is known: the one that always leads, then the first other one of each danger, each once."""
    entries = sorted(turn.knowledge.safety.values(), key=lambda e: (e.order, e.key))
    found = {entry.key: entry for entry in entries[:1]}
    for danger in dict.fromkeys(danger for entry in entries for danger in entry.dangers):
        first = next((entry for entry in entries[1:] if danger in entry.dangers), None)
        if first is not None:
            found.setdefault(first.key, first)
    return list(found.values())


def immigration(turn: Turn, words: str) -> Reply:
    """No advice: why not, the words explained, the official link, who may advise; and a person."""
    rows = [
        [turn.button("button.legal_help", "find_help", need="legal")],
        [Button(label=turn.t("button.adviser_finder"), url="https://www.gov.uk/find-an-immigration-adviser")],
        [turn.person_button(), turn.menu_button()],
    ]
    parts = [turn.t("immigration.no_advice"), words, turn.t("immigration.who_can")]
    return turn.reply("\n\n".join(part for part in parts if part), *rows)


def technical(turn: Turn) -> Reply:
    """For a message that could not be answered now."""
    return turn.reply(turn.t("failure.sorry"), [Button(label=turn.t("button.person"), payload=payload("talk_to_person"))])
