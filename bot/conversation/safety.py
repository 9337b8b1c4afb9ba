"""What happens when somebody is in danger, asks for advice that only an adviser may give, or asks for a person.

The same whether the safety layer heard it before the engine or the engine understood it itself.
"""

from __future__ import annotations

from bot.answers import people, terms
from bot.cases import handoffs
from bot.cases.models import Handoff
from bot.conversation.turn import Turn
from bot.replies import Reply

MOST_WORDS = 2  # immigration words explained beside "we may not advise"


def danger(turn: Turn, dangers: tuple[str, ...], reason: str | None = None) -> list[Reply]:
    """Numbers first, then an urgent hand-off. `reason`: what it says instead of the person's words."""
    handoff = handoffs.open_handoff(
        turn.session,
        turn.chat,
        kind="danger",
        urgency="danger",
        reason=turn.text if reason is None else reason,
        reach=turn.chat.channel,
        hours=turn.hours,
    )
    return people.danger(turn, dangers, handoff)


def immigration(turn: Turn) -> Reply:
    """The words in the question explained, and who may advise. A hand-off is offered, not opened."""
    found = turn.knowledge.term_index.in_question(turn.text, turn.language)[:MOST_WORDS] if turn.text else []
    status = [f.key for f in found if turn.knowledge.terms[f.key].domain == "status"]
    words = "\n\n".join(terms.meaning(turn, key) for key in status)
    return people.immigration(turn, words)


def remember_reason(turn: Turn, words: str) -> None:
    turn.chat.draft = {**(turn.chat.draft or {}), "reason": words}


def remember_reach(turn: Turn, words: str) -> None:
    turn.chat.draft = {**(turn.chat.draft or {}), "reach": words}


def open_asked(turn: Turn, urgency: str, by_phone: bool) -> Handoff:
    """The hand-off a person asked for, with the words they gave on the way."""
    draft, turn.chat.draft = turn.chat.draft or {}, None
    return handoffs.open_handoff(
        turn.session,
        turn.chat,
        kind="asked",
        urgency=urgency,
        reason=str(draft.get("reason", "")),
        reach=str(draft.get("reach", "")) if by_phone else turn.chat.channel,
        hours=turn.hours,
    )
