"""What a caseworker can send beside their own words: what the bot knows, as the bot would say it, in the person's language."""

from __future__ import annotations

from msgspec import structs
from sqlalchemy.orm import Session

from bot.answers import papers, services, steps, terms
from bot.cases.hours import Hours
from bot.conversation.turn import Turn
from bot.db.base import now
from bot.errors import RefusedError
from bot.knowledge import snapshot
from bot.knowledge.services import Match
from bot.people import plans
from bot.people.models import Chat
from bot.replies import Button, Reply

KINDS = ("term", "step", "service", "card", "consent")
CARDS = papers.DESKS
# while a caseworker holds the chat, other buttons would be tapped in vain (bot/conversation/answering.py: ALWAYS)
_WORK = ("/give_consent", "/refuse_consent", "/ask_consent")


def made(session: Session, chat_id: int, kind: str, key: str, *, hours: Hours, need: str = "") -> Reply:
    """One message. `key`: a term's, "<pathway>/<step>" of the person's plan, a service's, or one of CARDS; `need`: for a service.

    Raises RefusedError (attachment) when there is no such thing.
    """
    turn = _turn(session, session.get_one(Chat, chat_id), hours)
    found = _reply(turn, kind, key, need)
    if found is None:
        raise RefusedError("there is no such thing to send", "attachment")
    rows = [kept for row in found.rows if (kept := [button for button in row if _works(button)])]
    return structs.replace(found, rows=rows, sender="staff")


def steps_of(session: Session, person_id: int) -> list[str]:
    """ "<pathway>/<step>" of each step of the person's newest plan, in order."""
    plan = plans.latest(session, person_id)
    return [f"{plan.pathway}/{row.step}" for row in plan.steps] if plan else []


def _reply(turn: Turn, kind: str, key: str, need: str) -> Reply | None:
    knowledge = turn.knowledge
    if kind == "term" and key in knowledge.terms:
        return terms.term(turn, key, whole=True)
    if kind == "step":
        pathway, _, step = key.partition("/")
        plan = plans.latest(turn.session, turn.person.id, pathway)
        known = plan is not None and pathway in knowledge.pathways and step in {row.step for row in plan.steps}
        exists = known and step in {entry.key for entry in knowledge.pathways[pathway].steps}
        return steps.step(turn, plan, step, whole=True) if plan is not None and exists else None
    if kind in ("service", "consent") and key in knowledge.services:
        service = knowledge.services[key]
        asked = need if need in service.needs else service.needs[0]
        if kind == "consent":
            return services.consent(turn, key, asked)
        return services.service(turn, Match(service, (), 0.0), asked, whole=True)
    return papers.desk(turn, key) if kind == "card" and key in CARDS else None


def _turn(session: Session, chat: Chat, hours: Hours) -> Turn:
    """A turn in which nobody said anything: the words are the same as if the person had asked."""
    return Turn(
        session=session,
        chat=chat,
        knowledge=snapshot.current(session),
        language=chat.person.language,
        text="",
        origin="",
        hours=hours,
        at=now(),
    )


def _works(button: Button) -> bool:
    return bool(button.url) or button.payload.startswith(_WORK)
