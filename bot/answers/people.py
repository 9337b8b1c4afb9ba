"""A person for a person: the questions of a hand-off, danger first, and immigration questions that only an adviser may answer."""

from __future__ import annotations

from bot.answers.services import team_next
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
    lines = []
    for entry in numbers_for(turn, dangers):
        what = turn.knowledge.words("safety", entry.key, "what", turn.language).text
        reached = entry.number or entry.url
        name = "" if entry.name == reached else f" — {entry.name}"
        lines.append(f"☎️ {reached}{name}\n{what}")
    first = turn.reply(turn.t("danger.first") + "\n\n" + "\n\n".join(lines))
    second = turn.reply(turn.t("danger.handoff", reference=handoff.reference, hours=team_next(turn)))
    return [first, second]


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
