"""What waited for "more": the rest of a term, a service or a step of a plan; all of it where nothing had waited."""

from __future__ import annotations

import msgspec

from bot.answers import general, letters, services, short_first, steps, terms
from bot.answers import plans as about_plans
from bot.conversation.turn import Turn
from bot.people import plans
from bot.replies import Reply

SENDS = "/tell_more{"


def rest(turn: Turn, kind: str, key: str, what: str = "") -> Reply:
    """`key`: of the entry; of a step `<pathway>/<step>`. of a letter the keys of words. `what`: "all" for a service as a whole. What is gone is said to be."""
    knowledge = turn.knowledge
    if kind == "terms" and key in knowledge.terms:
        return terms.rest(turn, key)
    if kind == "services" and key in knowledge.services:
        return services.rest(turn, key, whole=what == short_first.ALL)
    if kind == letters.KIND:
        return letters.more_words(turn, key.split())
    pathway, _, step = key.partition("/")
    plan = plans.latest(turn.session, turn.person.id, pathway) if kind == "pathways" and pathway in knowledge.pathways else None
    if plan is not None and step in {row.step for row in about_plans.known_steps(turn, plan)}:
        return steps.rest(turn, plan, step)
    return general.say(turn, "more.nothing")


def behind(turn: Turn, reply: Reply) -> list[Reply]:
    """What the "more" of this reply gives; [] when nothing of it waits."""
    sent = [button.payload for row in reply.rows for button in row if button.payload.startswith(SENDS)]
    asked = [msgspec.json.decode("{" + one.removeprefix(SENDS), type=dict[str, str]) for one in sent]
    return [rest(turn, one["kind"], one["key"]) for one in asked]
