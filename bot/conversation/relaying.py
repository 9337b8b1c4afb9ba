"""Words that go to the other of a pair instead of to the bot: looked at first, and what does not go is said to who wrote it.

Danger comes before everything, as in every message; then an own immigration case; then what may not pass (bot/mentoring/gate.py).
The words stand in no conversation that caseworkers read: only in the pair's own messages, sealed, for a short time.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from bot import i18n
from bot.answers import mentoring as answers
from bot.cases import crew, handoffs, notices
from bot.conversation import outbox, safety
from bot.conversation.choices import Choice
from bot.conversation.incoming import Incoming
from bot.conversation.turn import Turn
from bot.conversation.understanding import Understanding
from bot.db.base import now
from bot.installation import features
from bot.mentoring import gate, pairs, post, writing
from bot.mentoring.models import MentorMessage, MentorPair, MentorWriting
from bot.mentoring.states import other
from bot.people.models import Chat
from bot.replies import Reply

MARK = "[mentor]"  # what stands in the conversation for words between two
PIECES = dt.timedelta(minutes=30)  # within which pieces of a number are put together
DAY, MOST_A_DAY = dt.timedelta(days=1), 60
OWN_BUTTONS = ("/mentor_pair",)


def begun(session: Session, chat: Chat) -> MentorWriting | None:
    """That this chat writes to the other of a pair, or did until a moment ago."""
    return writing.of(session, chat)


def is_for_the_other(row: MentorWriting | None, chat: Chat, incoming: Incoming, choice: Choice | None) -> bool:
    """Whether this goes to the other of the pair: words or media, no tap and no command, and no caseworker talks with them."""
    if row is None or row.until <= now() or chat.held_by_handoff is not None or choice is not None:
        return False
    return incoming.kind in ("text", "edited", "media") and incoming.photo is None


def left(this: Turn, row: MentorWriting, choice: Choice | None) -> list[Reply]:
    """The person is with the bot again without having said so: it is said, so that nothing goes to the wrong one."""
    if choice is not None and choice.payload.startswith(OWN_BUTTONS):
        return []
    pair, over = pairs.lock(this.session, row.pair_id), row.until <= this.at
    writing.end(this.session, this.chat)
    side = pairs.side_of(pair, this.person.id) if pair else None
    if pair is None or side is None:
        return []
    return [answers.left(this, pair, side, "held" if this.chat.held_by_handoff else "over" if over else "back")]


def relay(this: Turn, row: MentorWriting, incoming: Incoming, heard: Understanding) -> list[Reply]:
    """What the writer is told; the words are on their way, or not, as it says."""
    pair = pairs.lock(this.session, row.pair_id)
    side = pairs.side_of(pair, this.person.id) if pair else None
    if pair is None or side is None or pair.state != "active" or _is_off(this):
        writing.end(this.session, this.chat)
        return [*_danger(this, None, "", heard), answers.not_now(this)]
    row.until = this.at + writing.LASTS
    if heard.alarm.dangers:
        return _danger(this, pair, side, heard)
    if incoming.kind == "media" or not heard.text.strip():
        return [answers.only_words(this, pair, side)]
    if heard.alarm.immigration:
        return [answers.cannot_go(this, pair, side, {"immigration"}), safety.immigration(this)]
    return [_pass_on(this, pair, side, heard)]


def report(this: Turn, pair: MentorPair, side: str) -> Reply:
    """Somebody of the team is told at once, nothing passes until they have looked, and the other hears no reason."""
    pairs.alarm(pair, "reported", side)
    pairs.pause(this.session, pair, "reported", told=(other(side),))
    writing.end(this.session, this.chat)
    handoff = handoffs.open_handoff(
        this.session,
        this.chat,
        kind="mentor",
        urgency="danger",
        reason=i18n.t(
            "en", "console.mentors.report_reason", side=i18n.t("en", f"console.mentors.side.{other(side)}"), pair=pair.id
        ),
        reach=this.chat.channel,
        hours=this.hours,
    )
    notices.tell(this.session, crew.ids(this.session, None), "mentor_alarm", f"mentor_pair:{pair.id}")
    return answers.reported(this, pair, handoff)


def deliver_now(session: Session, pair: MentorPair) -> None:
    """What waits for the two, as far as it may go now; the rest is the clock's (bot/conversation/due_mentoring.py)."""
    session.flush()
    for message in post.waiting_of(session, pair):
        send(session, message, pair)


def send(session: Session, message: MentorMessage, pair: MentorPair) -> bool:
    """Into the outbox of whom it is for, when it may go now. True when it is there."""
    found, chat = post.decide(session, message, pair)
    if found != "send" or chat is None:
        return False
    said = answers.to_other(message, pair, chat.person.language)
    outbox.enqueue(session, chat.id, [said], origin=f"mentor:{message.id}", shown=MARK if message.kind == "words" else None)
    return True


def _is_off(this: Turn) -> bool:
    """The installation is stopped for now, or has no mentors any more."""
    return this.installation.stopped(this.at) is not None or not features.is_on(this.session, "mentors")


def _danger(this: Turn, pair: MentorPair | None, side: str, heard: Understanding) -> list[Reply]:
    """Numbers first, then a person; and that it was not sent."""
    if not heard.alarm.dangers:
        return []
    writing.end(this.session, this.chat)
    said = safety.danger(this, heard.alarm.dangers)
    if pair is None:
        return said
    post.put(this.session, pair, other(side), "words", heard.text, heard.language, state="held")
    pairs.alarm(pair, "danger", side)
    notices.tell(this.session, crew.ids(this.session, None), "mentor_alarm", f"mentor_pair:{pair.id}")
    return [*said, answers.cannot_go(this, pair, side, {"danger"}, back=True)]


def _pass_on(this: Turn, pair: MentorPair, side: str, heard: Understanding) -> Reply:
    session = this.session
    verdict = gate.look(heard.text, names=pair.names, before=post.lately(session, pair, side, this.at - PIECES))
    kinds = (
        set(verdict.kinds) | ({"identifier"} if heard.masked else set()) | ({"long"} if heard.letter or heard.too_long else set())
    )
    if verdict.held:
        return _hold(this, pair, side, heard, verdict.held)
    if kinds:
        return answers.cannot_go(this, pair, side, kinds)
    if post.count_since(session, pair, side, this.at - DAY) >= MOST_A_DAY:
        return answers.cannot_go(this, pair, side, {"many"})
    message = post.put(session, pair, other(side), "words", heard.text, heard.language)
    send(session, message, pair)
    if message.state == "dropped":  # they said stop, or do not take messages
        return answers.cannot_go(this, pair, side, {"away"})
    later = message.state == "waiting" and not post.is_decent(this.at)
    return answers.passed_on(this, pair, side, later=later)


def _hold(this: Turn, pair: MentorPair, side: str, heard: Understanding, kind: str) -> Reply:
    """A threat or a question of money: nobody gets it, a caseworker reads it; after a threat nothing passes at all."""
    post.put(this.session, pair, other(side), "words", heard.text, heard.language, state="held")
    pairs.alarm(pair, kind, side)
    notices.tell(this.session, crew.ids(this.session, None), "mentor_alarm", f"mentor_pair:{pair.id}")
    if kind == "threats":
        pairs.pause(this.session, pair, kind, told=(other(side),))
    return answers.cannot_go(this, pair, side, {kind}, back=kind == "threats")
