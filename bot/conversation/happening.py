"""Taps and words that answer a check-in. A button may be old, and of a conversation that was deleted: then it does nothing.

After "something else" the next words are what happened, for a day and until anything else is tapped. Danger and an own
immigration case are heard before (bot/conversation/answering.py).
"""

from __future__ import annotations

import datetime as dt

from bot.answers import general
from bot.answers import journeys as answers
from bot.conversation.turn import Turn
from bot.errors import RefusedError
from bot.journeys import checkins, english, outcomes, rhythms
from bot.journeys.models import CheckIn
from bot.replies import Reply

DRAFT, LASTS = "happened", dt.timedelta(days=1)


def check_in(turn: Turn, key: str, question: str, value: str) -> list[Reply]:
    """Without a key the person wants to be asked now."""
    if not key:
        return (
            [answers.ask_feeling(turn, rhythms.begin(turn.session, turn.chat, turn.at))]
            if answers.is_on(turn)
            else [answers.off(turn)]
        )
    found = checkins.find(turn.session, turn.person.id, key)
    if found is None:
        return [general.say(turn, "button.old")]
    try:
        face = checkins.answer(turn.session, found, question, value, turn.at)
    except RefusedError:
        return [general.say(turn, "button.old")]
    return answers.after_face(turn, found, question, face)


def rhythm(turn: Turn, choice: str) -> Reply:
    """Stopping works also where check-ins are switched off."""
    if choice not in rhythms.RHYTHMS:
        return answers.ask_rhythm(turn, rhythms.of(turn.session, turn.person.id)) if answers.is_on(turn) else answers.off(turn)
    if choice != rhythms.NEVER and not answers.is_on(turn):
        return answers.off(turn)
    return answers.rhythm_chosen(turn, rhythms.choose(turn.session, turn.chat, choice, turn.at))


def happened(turn: Turn, key: str, kind: str, answer: str) -> list[Reply]:
    """What happened was tapped; or, with `answer`, what we proposed is confirmed or not, or it is said that it was English."""
    if answer in ("yes", "no"):
        row = outcomes.decide(turn.session, turn.person.id, key, yes=answer == "yes")
        return [answers.decided(turn, row, yes=answer == "yes") if row is not None else general.say(turn, "button.old")]
    if answer:
        return [_english(turn, key, answer)]
    found = checkins.find(turn.session, turn.person.id, key)
    if found is None:
        return [general.say(turn, "button.old")]
    checkins.heard(turn.session, found, turn.at)
    if kind == "none":
        return [answers.done(turn)]
    try:
        outcome = outcomes.said(turn.session, found, kind, turn.at)
    except RefusedError:
        return [general.say(turn, "button.old")]
    if kind == "other":
        _await_words(turn, found)
        return [answers.ask_words(turn, found)]
    return [answers.noted(turn, found, outcome)]


def _english(turn: Turn, key: str, answer: str) -> Reply:
    """`answer`: ask, or a level."""
    row = outcomes.confirmed(turn.session, turn.person.id, key)
    if row is None:
        return general.say(turn, "button.old")
    if answer == "ask":
        return answers.ask_level(turn, row)
    try:
        english.note(row, answer)
    except RefusedError:
        return general.say(turn, "button.old")
    asked = checkins.find(turn.session, turn.person.id, row.source.removeprefix("check_in:"))
    return answers.noted(turn, asked, row) if asked is not None else answers.decided(turn, row, yes=True)


def words(turn: Turn, text: str) -> list[Reply]:
    """What is written after "something else"; [] for everything else, which goes its own way."""
    draft = turn.chat.draft if isinstance(turn.chat.draft, dict) else {}
    waits = draft.get(DRAFT)
    if not waits or (turn.chat.dialogue or {}).get("loop"):
        return []
    forget(turn)
    if not text or dt.datetime.fromisoformat(waits["until"]) < turn.at:
        return []
    found = checkins.find(turn.session, turn.person.id, str(waits["key"]))
    if found is None:
        return []
    outcomes.add_words(turn.session, outcomes.said(turn.session, found, "other", turn.at), text, turn.language)
    return answers.words_noted(turn, found)


def forget(turn: Turn) -> None:
    """A tap or a command ends the waiting for words."""
    if isinstance(turn.chat.draft, dict) and DRAFT in turn.chat.draft:
        turn.chat.draft = {name: value for name, value in turn.chat.draft.items() if name != DRAFT} or None


def _await_words(turn: Turn, found: CheckIn) -> None:
    draft = turn.chat.draft if isinstance(turn.chat.draft, dict) else {}
    turn.chat.draft = {**draft, DRAFT: {"key": found.id, "until": (turn.at + LASTS).isoformat()}}
