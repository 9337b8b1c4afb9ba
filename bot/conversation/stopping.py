"""While the bot is stopped: it says so with the numbers that help, and what people write waits for a caseworker.

Danger, a chat that a caseworker holds, and what people may do with their own data are looked at before this
(bot/conversation/answering.py).
"""

from __future__ import annotations

from bot.answers import people
from bot.cases import handoffs
from bot.conversation.turn import Turn
from bot.replies import Reply


def closed(turn: Turn, words: str) -> list[Reply]:
    """`words`: what the person wrote, which a caseworker will see; "" for a tap or a letter, which are not kept for anybody."""
    kept = None
    if words:
        kept = handoffs.open_handoff(
            turn.session, turn.chat, kind="stopped", urgency="any", reason=words, reach=turn.chat.channel, hours=turn.hours
        )
    stop = turn.installation.stopped(turn.at)
    return [people.closed(turn, stop.until if stop else None, kept)]
