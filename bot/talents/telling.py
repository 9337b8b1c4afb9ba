"""One message of somebody who tells what they can do, taken into their list as questions."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from sqlalchemy.orm import Session

from bot.errors import RefusedError
from bot.talents import esco, profile
from bot.talents.catalogue import catalogue, offered
from bot.talents.hearing import MOST_IMPLIED, Candidate, Heard, hear
from bot.talents.naming import ESCO

Told = Literal["renamed", "heard", "own", "refused", "some_refused", "full", "known", "nothing"]
SHORTEST = 3  # letters of what is kept in somebody's own words


def listen(session: Session, text: str, language: str) -> Heard:
    """What is in a message; nothing is written. Also what was imported of ESCO is found in it."""
    languages = tuple(dict.fromkeys((language, "en")))
    heard = hear(text, language, catalogue(), lambda words: esco.find(session, words, languages))
    jobs = [one.key for one in heard.said if one.kind == "job" and one.key.startswith(ESCO)]
    needed = [Candidate("skill", key, implied_by=job) for job in jobs for key in esco.needed_by(session, job, MOST_IMPLIED)]
    return replace(heard, implied=(*heard.implied, *needed)[:MOST_IMPLIED])


def tell(session: Session, person_id: int, text: str, language: str) -> Told:
    """Takes one message: a new name that was asked for, what is known by the list, else the words themselves.

    Nothing is on the list before the person has said yes (bot/talents/profile.py: confirm).
    """
    asked = profile.question(session, person_id)
    if asked.asks == "rename":
        return _rename(session, asked.rows[0].id, person_id, text, language)
    heard = listen(session, text, offered(language))
    if heard.refused and not heard.said:
        return "refused"
    try:
        if heard.said:
            is_asked = profile.take(session, person_id, heard, language) > 0
            return "some_refused" if heard.refused else "heard" if is_asked else "known"
        if sum(map(str.isalpha, text)) < SHORTEST:
            return "nothing"
        profile.take_own_words(session, person_id, text, language)
        return "own"
    except RefusedError:
        return "full"


def _rename(session: Session, talent_id: int, person_id: int, text: str, language: str) -> Told:
    """Also a name is not taken when it is a crime."""
    row = next(row for row in profile.held(session, person_id) if row.id == talent_id)
    if hear(text, offered(language), catalogue()).refused or sum(map(str.isalpha, text)) < SHORTEST:
        return "refused"
    profile.rename(session, row, text, language)
    return "renamed"
