"""The part of "everything we hold about you" that is how somebody was, and what changed for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from bot import i18n
from bot.answers import journeys
from bot.conversation.turn import Turn
from bot.journeys.models import CheckIn, Outcome
from bot.people.reminders import PLACE
from bot.replies import Block


def held(turn: Turn, number: int, rhythm: str) -> str:
    """How much there is, in one line, and how often they are asked."""
    return turn.t("data.check_ins", number=number, rhythm=turn.t(f"check_in.rhythm.{rhythm or 'never'}"))


def blocks(turn: Turn, check_ins: Sequence[CheckIn], outcomes: Sequence[Outcome]) -> Iterator[Block]:
    if check_ins:
        yield _block(turn, "heading", turn.t("mydata.check_ins"))
    for row in check_ins:
        told = [journeys.face_words(turn, face) for face in (row.feeling, row.belonging) if face is not None]
        day = i18n.date(turn.language, row.sent_at.astimezone(PLACE).date())
        yield _block(turn, "text", f"{day}: {turn.t('list.separator').join(told) or turn.t('data.nothing')}")
    if outcomes:
        yield _block(turn, "heading", turn.t("mydata.outcomes"))
    for outcome in outcomes:
        yield from _outcome(turn, outcome)


def _outcome(turn: Turn, row: Outcome) -> Iterator[Block]:
    """What, when, who said so; a confidence with its two faces; their words in their language."""
    parts = [i18n.date(turn.language, row.happened_on), turn.t(f"mydata.outcome_how.{row.how}")]
    if row.state != "confirmed":
        parts.append(turn.t("mydata.outcome_not_confirmed"))
    yield _block(turn, "note", " · ".join(parts))
    name = journeys.name_of(turn, row)
    if row.faces:
        then, now = (journeys.face_words(turn, face) for face in row.faces)
        name = turn.t("journey.from_to", what=name, then=then, now=now)
    yield _block(turn, "text", name)
    if row.words:
        yield Block(kind="text", text=row.words, language=row.language)


def _block(turn: Turn, kind: Literal["heading", "text", "note"], text: str) -> Block:
    return Block(kind=kind, text=text, language=turn.language)
