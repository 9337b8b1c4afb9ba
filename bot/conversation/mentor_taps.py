"""What a tap on a button about mentors does. A button may be old, and of a pair that is over: then it is said, and nothing is done."""

from __future__ import annotations

from collections.abc import Callable

from bot.answers import mentor_forms
from bot.answers import mentoring as answers
from bot.conversation import relaying
from bot.conversation.turn import Turn
from bot.errors import RefusedError
from bot.installation import features
from bot.mentoring import offers, pairs, wishes, writing
from bot.mentoring.models import MentorPair
from bot.replies import Reply

OFFER_TAPS = {"pause": "paused", "again": "active", "end": "ended"}


def may_begin(turn: Turn, side: str) -> bool:
    """Whether the form is opened: mentors are on, and there is no offer or wish of this person's already."""
    if not features.is_on(turn.session, "mentors"):
        return False
    if side == "mentor":
        mentor = offers.of(turn.session, turn.person.id)
        return mentor is None or mentor.state in ("draft", "ended")
    wish = wishes.of(turn.session, turn.person.id)
    return wish is None or wish.state == "ended"


def begin(turn: Turn, side: str, *, by_link: bool) -> list[Reply]:
    """What there is already: the pairs, then the offer or the wish. [] when the form is to be opened."""
    if by_link:
        turn.person.source = turn.person.source or "mentor"
    if not features.is_on(turn.session, "mentors"):
        return [answers.off(turn)]
    if may_begin(turn, side):
        mentor_forms.begin(turn)
        return []
    cards = [answers.card(turn, pair, mine) for pair, mine in pairs.of_person(turn.session, turn.person.id) if mine == side]
    if side == "mentor" and (mentor := offers.of(turn.session, turn.person.id)) is not None:
        return [answers.mentor_status(turn, mentor), *cards]
    wish = wishes.of(turn.session, turn.person.id)
    return cards or ([answers.wish_status(turn, wish)] if wish is not None else [])


def own(turn: Turn, what: str) -> Reply:
    """On one's own offer or wish: agree, no, pause, again, end, end_wish, no_name."""
    session = turn.session
    mentor, wish = offers.of(session, turn.person.id), wishes.of(session, turn.person.id)
    try:
        if what == "end_wish" and wish is not None and wish.state != "ended":
            wishes.end(session, wish)
            return answers.wish_ended(turn)
        if what == "no_name" and wish is not None:
            wish.called = None
            return answers.name_taken_back(turn)
        if mentor is None:
            return answers.too_late(turn)
        if what == "agree":
            offers.agree(session, mentor)
            return answers.offered(turn)
        if what == "no" and mentor.state == "draft":
            session.delete(mentor)
            return answers.not_agreed(turn)
        if what in OFFER_TAPS:
            offers.by_person(session, mentor, OFFER_TAPS[what])
            return answers.mentor_status(turn, mentor)
    except RefusedError:
        return answers.mentor_status(turn, mentor) if mentor is not None and mentor.state != "draft" else answers.too_late(turn)
    return answers.too_late(turn)


def of_pair(turn: Turn, number: str, what: str) -> Reply:
    """On a pair: yes, no, write, back, stop, report, names. Only who is one of the two is heard."""
    pair = pairs.lock(turn.session, int(number)) if number.isdecimal() and len(number) < 18 else None
    side = pairs.side_of(pair, turn.person.id) if pair is not None else None
    if pair is None or side is None or what not in _TAPS:
        return answers.too_late(turn)
    return _TAPS[what](turn, pair, side)


def _yes(turn: Turn, pair: MentorPair, side: str) -> Reply:
    if not pairs.answer(turn.session, pair, side, yes=True):
        return answers.too_late(turn)
    relaying.deliver_now(turn.session, pair)
    return answers.agreed(turn, pair, side)


def _no(turn: Turn, pair: MentorPair, side: str) -> Reply:
    done = pairs.answer(turn.session, pair, side, yes=False)
    return answers.declined(turn, side) if done else answers.too_late(turn)


def _write(turn: Turn, pair: MentorPair, side: str) -> Reply:
    if pair.state != "active" or not features.is_on(turn.session, "mentors"):
        return answers.card(turn, pair, side) if pair.state == "paused" else answers.too_late(turn)
    writing.begin(turn.session, turn.chat, pair)
    return answers.writing(turn, pair, side)


def _back(turn: Turn, pair: MentorPair, side: str) -> Reply:
    writing.end(turn.session, turn.chat)
    return answers.left(turn, pair, side, "back")


def _stop(turn: Turn, pair: MentorPair, side: str) -> Reply:
    """At once, also of what has not left yet."""
    writing.end(turn.session, turn.chat)
    if pair.state not in ("asked", "active", "paused"):
        return answers.too_late(turn)
    pairs.end(turn.session, pair, side, f"{side}_stopped")
    return answers.stopped(turn, side)


def _report(turn: Turn, pair: MentorPair, side: str) -> Reply:
    """Also of a pair that is over: somebody may find words for it only then."""
    if pair.state not in ("active", "paused", "ended"):
        return answers.too_late(turn)
    return relaying.report(turn, pair, side)


def _names(turn: Turn, pair: MentorPair, side: str) -> Reply:
    if pair.state != "active":
        return answers.too_late(turn)
    pairs.wants_names(turn.session, pair, side)
    return answers.names_wished(turn, pair, side)


_TAPS: dict[str, Callable[[Turn, MentorPair, str], Reply]] = {
    "yes": _yes,
    "no": _no,
    "write": _write,
    "back": _back,
    "stop": _stop,
    "report": _report,
    "names": _names,
}
