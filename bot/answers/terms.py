"""Explaining words: one, several in a message, or a whole letter."""

from __future__ import annotations

import datetime as dt

from bot import i18n
from bot.conversation.turn import Turn
from bot.knowledge.letters import Letter
from bot.knowledge.snapshot import is_fresh
from bot.knowledge.terms import Found
from bot.replies import Button, Reply, payload

RELATED = 3
IN_LETTER = 8


def explain(turn: Turn, keys: list[str]) -> list[Reply]:
    """One reply for each term, the last with the buttons that end an answer."""
    return [term(turn, key, last=place == len(keys) - 1) for place, key in enumerate(keys)]


def term(turn: Turn, key: str, *, last: bool = True) -> Reply:
    """The English term kept, its full name, what it means, what it is not, what changed, and where this comes from."""
    knowledge, entry = turn.knowledge, turn.knowledge.terms[key]
    meaning = knowledge.words("terms", key, "meaning", turn.language)
    lines = [entry.name if not entry.expansion else f"{entry.name} = {entry.expansion}", meaning.text]
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


def unknown(turn: Turn, asked: str | None = None) -> Reply:
    """`asked`: the English words as they stand in the question, when they stick out."""
    text = turn.t("term.unknown")
    return turn.reply(f"{asked}\n{text}" if asked else text, [turn.person_button(), turn.menu_button()])


def ask_which(turn: Turn) -> Reply:
    return turn.reply(turn.t("term.ask_which"), [turn.menu_button()])


def choose(turn: Turn, found: list[Found]) -> list[Reply]:
    """The answer to a question in which these terms were found."""
    return explain(turn, [f.key for f in found])


def letter(turn: Turn, read: Letter) -> list[Reply]:
    """A letter: what it asks for and by when first, then its words, shortest explanation first."""
    parts = [turn.t("letter.intro")]
    if read.home_office:
        parts.append(turn.t("letter.home_office"))
    if read.dates:
        days = "\n".join(f"• {i18n.weekday(turn.language, d.day)} {d.day.year} — “{d.sentence}”" for d in read.dates[:6])
        parts.append(turn.t("letter.dates") + "\n" + days)
    dated = {d.sentence for d in read.dates}
    if asks := [sentence for sentence in read.asks if sentence not in dated]:
        parts.append(turn.t("letter.asks") + "\n" + "\n".join(f"• “{sentence}”" for sentence in asks[:5]))
    knowledge = turn.knowledge
    meanings = {f.key: knowledge.words("terms", f.key, "meaning", turn.language) for f in read.terms}
    if meanings:
        shortest = sorted(meanings, key=lambda key: len(meanings[key].text))[:IN_LETTER]
        lines = [f"• {knowledge.terms[key].name}: {meanings[key].text}" for key in shortest]
        parts.append(turn.t("letter.words") + "\n" + "\n".join(lines))
        if len(meanings) > IN_LETTER:
            rest = sorted(set(meanings) - set(shortest))
            parts.append(
                turn.t("letter.more_words", words=turn.t("list.separator").join(knowledge.terms[key].name for key in rest))
            )
        if turn.language != "en" and any(w.state != "reviewed" for w in meanings.values()):
            parts.append(turn.t("note.machine_drafted"))
    else:
        parts.append(turn.t("letter.no_words"))
    parts.append(turn.t("letter.not_kept"))
    rows = [[turn.button("button.legal_help", "find_help", need="legal")]] if read.home_office else []
    return [turn.reply("\n\n".join(parts), *rows, [turn.person_button(), turn.menu_button()])]
