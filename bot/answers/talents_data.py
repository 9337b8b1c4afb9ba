"""The part of "everything we hold about you" that is the list of skills."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from bot import i18n
from bot.answers import talents
from bot.conversation.turn import Turn
from bot.people.models import Consent
from bot.replies import Block
from bot.talents import naming
from bot.talents.models import Talent
from bot.talents.profile import THEIRS
from bot.talents.sharing import PURPOSE


def about(turn: Turn, rows: Sequence[Talent], consents: Sequence[Consent]) -> Iterator[Block]:
    """The list; what was asked and is not on it; and what a caseworker could see since when."""
    for key, some in (
        ("mydata.talents", [row for row in rows if row.state in THEIRS]),
        ("mydata.talents_asked", [row for row in rows if row.state not in THEIRS]),
    ):
        if some:
            yield _block(turn, "heading", turn.t(key))
        for row in some:
            yield _block(turn, "text", talents.name_of(turn, row))
            if row.words and row.key:  # they call it otherwise than the list does
                yield _block(turn, "note", naming.in_list(turn.session, row.kind, row.key, turn.language))
    for consent in (one for one in consents if one.purpose == PURPOSE):
        day = i18n.date(turn.language, consent.given_at.date())
        yield _block(turn, "note", turn.t("mydata.talents_shared", date=day))
        yield _block(turn, "text", turn.t("list.separator").join(str(name) for name in dict(consent.shared).values()))


def _block(turn: Turn, kind: Literal["heading", "text", "note"], text: str) -> Block:
    return Block(kind=kind, text=text, language=turn.language)
