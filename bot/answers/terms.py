"""Explaining words: one, several in a message, or a whole letter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from msgspec import structs

from bot import i18n
from bot.conversation.turn import Turn
from bot.knowledge.seed import Term
from bot.knowledge.snapshot import is_fresh
from bot.knowledge.terms import Found
from bot.replies import Button, Reply, payload

RELATED = 3


def explain(turn: Turn, keys: list[str]) -> list[Reply]:
    """One reply for each term, the last with the buttons that end an answer."""
    return [term(turn, key, last=place == len(keys) - 1) for place, key in enumerate(keys)]


def term(turn: Turn, key: str, *, last: bool = True) -> Reply:
    """The English term kept, its full name, what it means, what it is not, what changed, and where this comes from."""
    knowledge, entry = turn.knowledge, turn.knowledge.terms[key]
    turn.used.add(("terms", key))
    meaning = knowledge.words("terms", key, "meaning", turn.language)
    lines = [_heading(entry), meaning.text]
    figure = knowledge.words("terms", key, "figure", turn.language)
    if entry.figure and figure:
        if is_fresh(entry.figure.fact, turn.at.date()):
            unsure = entry.figure.fact.sure in ("NV", "gen", "V2")
            lines.append(turn.t("term.figure_unsure", figure=figure.text) if unsure else figure.text)
        else:
            lines.append(turn.t("fact.too_old", link=entry.figure.fact.source))
    for field in ("change", "confusion"):
        if words := knowledge.words("terms", key, field, turn.language):
            lines.append(turn.t(f"term.{field}", text=words.text))
    notes = [_checked(turn, entry.fact.source, entry.fact.checked_on, entry.fact.sure)]
    if meaning.language != turn.language:
        notes.append(turn.t("note.only_english"))
    elif meaning.language != "en" and meaning.state != "reviewed":
        notes.append(turn.t("note.machine_drafted"))
    text = "\n\n".join([lines[0] + "\n" + lines[1], *lines[2:], "\n".join(notes)])
    return turn.reply(text, *(_buttons(turn, key) if last else []))


def _heading(entry: Term) -> str:
    """The term as it stands in letters, and its full name."""
    if entry.expansion:
        return f"{entry.name} = {entry.expansion}"
    return f"{entry.shared[0]} = {entry.name}" if entry.shared and entry.shared[0].isupper() else entry.name


def meaning(turn: Turn, key: str) -> str:
    """The term and what it means, in two lines."""
    return f"{turn.knowledge.terms[key].name}: " + turn.knowledge.words("terms", key, "meaning", turn.language).text


def _checked(turn: Turn, source: str, checked_on: dt.date, sure: str) -> str:
    day = i18n.date(turn.language, checked_on)
    if sure == "gen" or not source.startswith("http"):
        return turn.t("term.checked_general", date=day)
    return turn.t("term.checked" if sure == "V" else "term.checked_second_hand", source=source.split()[0], date=day)


def _buttons(turn: Turn, key: str) -> list[list[Button]]:
    entry = turn.knowledge.terms[key]
    near = [k for k in (*entry.confused_with, *entry.related) if k in turn.knowledge.terms]
    related = [Button(label=turn.knowledge.terms[k].name, payload=payload("explain_key", key=k)) for k in dict.fromkeys(near)]
    return [
        related[:RELATED],
        [
            turn.button("button.helpful_yes", "rate_answer", key=key, helpful="yes"),
            turn.button("button.helpful_no", "rate_answer", key=key, helpful="no"),
        ],
        [turn.person_button(), turn.menu_button()],
    ]


def unknown(turn: Turn, asked: str | None = None, perhaps: Sequence[str] = ()) -> Reply:
    """`asked`: the English words as they stand in the question, when they stick out. `perhaps`: terms that are offered."""
    rows = [[Button(label=turn.knowledge.terms[key].name, payload=payload("explain_key", key=key))] for key in perhaps]
    text = turn.t("term.perhaps" if perhaps else "term.unknown")
    return turn.reply(f"{asked}\n{text}" if asked else text, *rows, [turn.person_button(), turn.menu_button()])


def ask_which(turn: Turn) -> Reply:
    return turn.reply(turn.t("term.ask_which"), [turn.menu_button()])


def choose(turn: Turn, found: list[Found]) -> list[Reply]:
    """The answer to a question in which these terms were found."""
    replies = explain(turn, [f.key for f in found])
    for place, one in enumerate(found):
        if one.others:
            replies[place] = _with_others(turn, replies[place], one)
    return replies


def _with_others(turn: Turn, reply: Reply, found: Found) -> Reply:
    """The answer, and the other meanings of the abbreviation on buttons."""
    others = [Button(label=turn.knowledge.terms[k].name, payload=payload("explain_key", key=k)) for k in found.others]
    text = reply.text + "\n\n" + turn.t("term.also", abbreviation=found.as_written.upper())
    return structs.replace(reply, text=text, rows=[*([other] for other in others), *reply.rows])
