"""Voice messages and videos: nobody here listens, so the person is asked whether a person may, and does with theirs what they say.

What is in one is not heard, so danger in it is not either: the question names the number for danger, and a yes opens a case.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from bot import i18n
from bot.answers import people, stories
from bot.answers import recordings as answers
from bot.cases import handoffs
from bot.cases.models import Handoff, Message
from bot.conversation.incoming import Incoming
from bot.conversation.models import Inbox
from bot.conversation.turn import Turn
from bot.recordings import agreeing, bodies, keeping
from bot.recordings.models import KINDS, Recording
from bot.replies import Reply

STORY, REASON = "story", "reason"  # what a yes was an answer to


def is_recording(incoming: Incoming) -> bool:
    """Whether this is one that the channel keeps and could give out."""
    return incoming.kind == "media" and incoming.media in KINDS and bool(incoming.media_id)


def came(turn: Turn, incoming: Incoming, message: Message) -> Reply:
    """What is said of one that has just come. `message`: its line in the conversation."""
    if incoming.media_size > keeping.LARGEST:
        return answers.too_large(turn)
    if bodies.is_lost(turn.session, incoming.media_id):
        return answers.too_late(turn)
    handoff, for_story = handoffs.open_of(turn.session, turn.chat), _tells_story(turn)
    agreed = handoff is not None and not for_story and agreeing.holds(turn.session, handoff)
    if handoff is not None and not for_story and not agreed and _said_no(turn, handoff):
        return answers.still_no(turn)
    turn.session.flush()  # the message gets its id
    again = bool(keeping.asked(turn.session, turn.chat.id))
    kind, media_id = str(incoming.media), incoming.media_id
    row = keeping.ask(turn.session, turn.chat.id, message.id, kind, incoming.media_seconds, media_id, for_story=for_story)
    if handoff is not None and agreed:
        keeping.give([row], handoff)
        return answers.passed_on(turn, row)
    return answers.question(turn, row, number="" if again else _emergency(turn))


def leave(session: Session, row: Inbox) -> None:
    """The message is answered: what came with it and may not stay goes. Nothing for a channel that keeps it."""
    bodies.leave(session, row.id)


def decide(turn: Turn, answer: str, key: str) -> Reply:
    """A tap: yes, no, back (one that was sent is taken back), allow (after a no, from now on)."""
    number = int(key) if key.isascii() and key.isdecimal() and len(key) < 10 else 0
    if answer == "allow":
        return _allow(turn)
    if answer == "back":
        return _take_back(turn, number)
    rows = keeping.asked(turn.session, turn.chat.id, number)
    if not rows:
        return answers.too_late(turn)
    if answer == "yes":
        return _send(turn, rows)
    keeping.refuse(turn.session, rows, handoffs.open_of(turn.session, turn.chat))
    return answers.not_kept(turn)


def _send(turn: Turn, rows: list[Recording]) -> Reply:
    """Into the person's case, which is opened if there is none."""
    for_story = any(row.for_story for row in rows)
    handoff = handoffs.open_of(turn.session, turn.chat)
    is_held = turn.chat.held_by_handoff is not None
    if handoff is None or not is_held:
        reach = turn.chat.channel
        reason = "\n".join(_reason(row) for row in rows)
        handoff = handoffs.open_handoff(
            turn.session, turn.chat, kind="asked", urgency="any", reason=reason, reach=reach, hours=turn.hours
        )
    agreeing.agree(turn.session, handoff, answers.question(turn, rows[-1], number="").text)
    keeping.give(rows, handoff)
    if for_story:
        turn.answered, turn.chat.draft = STORY, None
        return stories.to_person(turn, handoff, voice=False)
    if (turn.chat.dialogue or {}).get("slots", {}).get("requested_slot") == "handoff_reason":
        turn.answered = REASON
    return answers.passed_on(turn, rows[-1]) if is_held else answers.sent(turn, rows[-1], handoff)


def _take_back(turn: Turn, number: int) -> Reply:
    row = keeping.of_chat(turn.session, turn.chat.id, number)
    handoff = turn.session.get(Handoff, row.handoff_id) if row is not None else None
    if row is None or handoff is None:
        return answers.too_late(turn)
    keeping.refuse(turn.session, [row], handoff)
    agreeing.end(turn.session, handoff)
    return answers.taken_back(turn)


def _allow(turn: Turn) -> Reply:
    handoff = handoffs.open_of(turn.session, turn.chat)
    if handoff is None:
        return answers.too_late(turn)
    agreeing.agree(turn.session, handoff, answers.still_no(turn).text)
    return answers.allowed(turn)


def _said_no(turn: Turn, handoff: Handoff) -> bool:
    """Their last word in this case; what was asked and not answered is no word."""
    last = keeping.last_of(turn.session, handoff)
    return last is not None and last.state == "refused"


def _tells_story(turn: Turn) -> bool:
    return turn.chat.held_by_handoff is None and (turn.chat.dialogue or {}).get("loop") == "story_form"


def _reason(row: Recording) -> str:
    """For the queue, in the console's language."""
    key = f"console.recordings.reason.{STORY if row.for_story else row.kind}"
    return i18n.t("en", key, length=keeping.length(row.seconds))


def _emergency(turn: Turn) -> str:
    """The number that leads whatever the danger is; "" where nobody has entered one."""
    first = next(iter(people.first_numbers(turn)), None)
    return first.number or "" if first is not None else ""
