"""Replies that caseworkers send often: kept with the knowledge, sent in the person's language, with places that are filled in."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot import i18n
from bot.cases import telling
from bot.cases.hours import LONDON
from bot.cases.models import Handoff, Referral
from bot.errors import RefusedError
from bot.knowledge import snapshot
from bot.knowledge.consistency import placeholders
from bot.knowledge.snapshot import Snapshot
from engine.nlu.text import fold

_PLACE = re.compile(r"\{(\w*)\}")
_LINK = re.compile(r"https?://[^\s/]+\S*")


@dataclass(frozen=True)
class Choice:
    """A reply to choose from. `english` and `text` still have their places in braces, `wanted` are their names; `language` is
    the one of `text`: not the person's when nobody has translated it."""

    key: str
    name: str
    english: str
    text: str
    language: str
    wanted: tuple[str, ...]


@dataclass(frozen=True)
class Values:
    """What fills the places. `at`: for {date} and {time}. What is empty has no value."""

    name_of_service: str = ""
    reference: str = ""
    at: dt.datetime | None = None
    link: str = ""


@dataclass(frozen=True)
class Filled:
    """A reply as it will be read. `note`: what is said under it when it is not in the person's language, in that language."""

    text: str
    language: str
    note: str = ""

    @property
    def whole(self) -> str:
        return f"{self.text}\n\n{self.note}" if self.note else self.text


def choices(session: Session, language: str, asked: str = "") -> list[Choice]:
    """Every reply whose name or English has all the words asked for, by name."""
    knowledge = snapshot.current(session)
    words = fold(asked).split()
    found = [_choice(knowledge, key, language) for key in knowledge.replies]
    fitting = [one for one in found if all(word in fold(f"{one.name} {one.english}") for word in words)]
    return sorted(fitting, key=lambda one: one.name.casefold())


def values_for(
    session: Session, handoff: Handoff, referral: Referral | None = None, at: dt.datetime | None = None, link: str = ""
) -> Values:
    """What is known of this case: the referral's service and reference where there is one, else the case's own reference."""
    if referral is None:
        return Values(reference=handoff.reference, at=at, link=link)
    service = snapshot.current(session).receivers.get(referral.service)
    name = service.name if service else referral.service
    return Values(name_of_service=name, reference=referral.reference, at=at, link=link)


def fill(session: Session, handoff: Handoff, key: str, values: Values) -> Filled:
    """The reply in the person's language, else in English with a line in theirs that says so.

    Raises RefusedError: attachment (no such reply), placeholder_missing (a place has no value), link.
    """
    knowledge, language = snapshot.current(session), telling.language(session, handoff)
    if key not in knowledge.replies:
        raise RefusedError("there is no such reply", "attachment")
    choice = _choice(knowledge, key, language)
    given = _given(choice.language, values)
    if missing := [name for name in choice.wanted if not given.get(name)]:
        raise RefusedError(f"{', '.join(missing)}: must be filled in", "placeholder_missing")
    text = _PLACE.sub(lambda match: given[match[1]], choice.text)
    foreign = choice.language != language
    note = i18n.t(language, "case.other_language", language=_called(choice.language, language)) if foreign else ""
    return Filled(text, choice.language, note)


def _choice(knowledge: Snapshot, key: str, language: str) -> Choice:
    english = knowledge.words("replies", key, "text", "en").text
    words = knowledge.words("replies", key, "text", language)
    return Choice(key, knowledge.replies[key].name, english, words.text, words.language, tuple(sorted(placeholders(words.text))))


def _given(language: str, values: Values) -> dict[str, str]:
    if values.link and not _LINK.fullmatch(values.link):
        raise RefusedError("a link begins with http:// or https://", "link")
    local = values.at.astimezone(LONDON) if values.at else None
    return {
        "name_of_service": values.name_of_service,
        "reference": values.reference,
        "link": values.link,
        "date": i18n.weekday(language, local.date()) if local else "",
        "time": i18n.clock(language, local.time()) if local else "",
    }


def _called(language: str, reader: str) -> str:
    return str(i18n.locale(reader).languages.get(language, language))
