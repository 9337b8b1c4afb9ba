"""Explaining words: one, several in a message, or a whole letter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from msgspec import structs

from bot import i18n
from bot.answers import short_first
from bot.answers.short_first import Part
from bot.conversation.turn import Turn
from bot.knowledge import cutting
from bot.knowledge.called import Found
from bot.knowledge.seed import Term
from bot.knowledge.snapshot import is_fresh
from bot.replies import Button, Reply, in_list, payload

RELATED = 3


def explain(turn: Turn, keys: list[str]) -> list[Reply]:
    """One reply for each term, the last with the buttons that end an answer."""
    return [term(turn, key, last=place == len(keys) - 1) for place, key in enumerate(keys)]


def term(turn: Turn, key: str, *, last: bool = True, whole: bool = False) -> Reply:
    """The English term kept, its full name, what it means, what it is not, what changed, and where this comes from.

    Short first, unless it is wanted `whole`: what is not needed at once waits for "more".
    """
    turn.used.add(("terms", key))
    said, waiting = short_first.halves(_parts(turn, key), whole=whole)
    more = [[short_first.button(turn, "terms", key)]] if waiting else []
    return turn.reply("\n\n".join([*said, *_drafted(turn, key)]), *more, *(_buttons(turn, key) if last else []))


def rest(turn: Turn, key: str) -> Reply:
    """What waited; all of it when nothing did."""
    said, waiting = short_first.halves(_parts(turn, key))
    lines = [turn.knowledge.terms[key].name, *waiting] if waiting else said
    return turn.reply("\n\n".join([*lines, *_drafted(turn, key)]), [turn.person_button(), turn.menu_button()])


def _parts(turn: Turn, key: str) -> list[Part]:
    """A figure, its day and what changed are said at once, and a short source, too; what the word is not and a long source may wait."""
    entry = turn.knowledge.terms[key]
    meaning = turn.knowledge.words("terms", key, "meaning", turn.language)
    parts = [short_first.begins(meaning.text, _english(turn, key, "meaning"), _heading(entry) + "\n")]
    figure = turn.knowledge.words("terms", key, "figure", turn.language)
    if entry.figure and figure:
        if is_fresh(entry.figure.fact, turn.at.date()):
            unsure = entry.figure.fact.sure in ("NV", "gen", "V2")
            parts.append(short_first.stays(turn.t("term.figure_unsure", figure=figure.text) if unsure else figure.text))
        else:
            parts.append(short_first.stays(turn.t("fact.too_old", link=entry.figure.fact.source)))
    if words := turn.knowledge.words("terms", key, "change", turn.language):
        parts.append(short_first.stays(turn.t("term.change", text=words.text)))
    if words := turn.knowledge.words("terms", key, "confusion", turn.language):
        parts.append(short_first.waits(turn.t("term.confusion", text=words.text), _english(turn, key, "confusion")))
    checked = _checked(turn, entry.fact.source, entry.fact.checked_on, entry.fact.sure)
    is_dated = entry.figure or entry.change or entry.fact.sure != "V"  # its day belongs to a figure, or it says "check first"
    is_said = is_dated or cutting.is_short(entry.fact.source)
    return [*parts, short_first.stays(checked) if is_said else short_first.waits(checked)]


def _english(turn: Turn, key: str, field: str) -> str:
    return turn.knowledge.words("terms", key, field, "en").text


def _drafted(turn: Turn, key: str) -> list[str]:
    """That nobody has checked the translation, or that there is none."""
    meaning = turn.knowledge.words("terms", key, "meaning", turn.language)
    if meaning.language != turn.language:
        return [turn.t("note.only_english")]
    return [turn.t("note.machine_drafted")] if meaning.language != "en" and meaning.state != "reviewed" else []


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
    buttons = in_list(Button(label=turn.knowledge.terms[key].name, payload=payload("explain_key", key=key)) for key in perhaps)
    text, ways = turn.t("term.perhaps" if perhaps else "term.unknown"), [turn.person_button(), turn.menu_button()]
    reply = turn.reply(f"{asked}\n{text}" if asked else text, *([button] for button in buttons), ways)
    return structs.replace(reply, numbered=[button.payload for button in buttons])


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
