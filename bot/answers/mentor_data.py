"""What is held of somebody for mentoring, as blocks of the file that they may ask for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from bot import i18n
from bot.answers.mentoring import describe
from bot.cases.hours import LONDON
from bot.conversation.turn import Turn
from bot.mentoring.own import Mine
from bot.mentoring.states import GENDERS
from bot.replies import Block


def blocks(turn: Turn, mine: Mine) -> Iterator[Block]:
    """Nothing for who neither offered nor asked."""
    if not mine:
        return
    yield Block(kind="heading", text=turn.t("mydata.mentoring"), language=turn.language)
    if (offer := mine.offer) is not None:
        reason = {"profession": offer.profession, "languages": offer.languages, "times": offer.times, "way": offer.way}
        what = describe(turn.knowledge, turn.language, reason)
        yield _text(turn, turn.t("mydata.mentor_offer", date=_day(turn, offer.created_at), what=what))
        if offer.way_words:
            yield Block(kind="note", text=turn.t("mydata.mentor_way"), language=turn.language)
            yield _text(turn, offer.way_words)
        if offer.called:
            yield _text(turn, turn.t("mydata.mentor_called", called=offer.called))
        if offer.gender in GENDERS:
            yield _text(turn, turn.t("mydata.mentor_gender", gender=turn.t(f"mentor.gender.mentor.{offer.gender}")))
        if offer.references:
            yield _text(turn, turn.t("mydata.mentor_references"))
    if (wish := mine.wish) is not None:
        what = describe(
            turn.knowledge, turn.language, {"profession": wish.profession, "languages": wish.languages, "times": wish.times}
        )
        gender = turn.t(f"mentor.gender.mentee.{wish.gender if wish.gender in GENDERS else 'any'}")
        yield _text(turn, turn.t("mydata.mentor_wish", date=_day(turn, wish.created_at), what=what, gender=gender))
        if wish.called:
            yield _text(turn, turn.t("mentor.called.mentee", called=wish.called))
    for message in mine.wrote:
        yield Block(kind="note", text=turn.t("mydata.mentor_wrote", date=_day(turn, message.at)), language=turn.language)
        yield Block(kind="text", text=message.text or "", language=message.language)


def _text(turn: Turn, text: str) -> Block:
    return Block(kind="text", text=text, language=turn.language)


def _day(turn: Turn, at: dt.datetime) -> str:
    return i18n.date(turn.language, at.astimezone(LONDON).date())
