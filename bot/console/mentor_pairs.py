"""Introductions that wait for a caseworker, the pairs, and what was reported. What two people write is seen only where one reported
or a danger was heard, until that is dealt with; each look is in the audit."""

from __future__ import annotations

from starlette.responses import Response

from bot.cases import notice_board
from bot.console import mentor_words
from bot.console.fields import number_in_form, number_in_path
from bot.console.visits import NotHereError, StaffVisit
from bot.mentoring import listing as found
from bot.mentoring import pairs
from bot.mentoring.models import Mentor, MentorPair, MentorWish
from bot.mentoring.states import KNOWN_TO_BOTH
from bot.numbers.suppression import FEWEST
from bot.people.models import Chat

OVER = ("ended", "declined", "rejected")


def introductions(visit: StaffVisit) -> Response:
    visit.record("mentors.introductions", "mentors:waiting")
    visit.note(lambda session: notice_board.see(session, visit.staff.id, "mentors:introductions"))
    say = mentor_words.Words(visit.session)
    return visit.page("mentor_introductions.html", rows=found.waiting(visit.session), say=say)


def approve(visit: StaffVisit) -> Response:
    pair = _pair(visit, to_change=True)
    pairs.approve(visit.session, pair)
    return _done(visit, pair, "approve", "/mentors/introductions", "mentor_asked")


def reject(visit: StaffVisit) -> Response:
    pair = _pair(visit, to_change=True)
    pairs.reject(visit.session, pair)
    return _done(visit, pair, "reject", "/mentors/introductions", "mentor_rejected")


def choose(visit: StaffVisit) -> Response:
    """Another mentor than the one who was proposed."""
    wish = visit.session.get(MentorWish, number_in_path(visit), with_for_update=True)
    mentor = visit.session.get(Mentor, number_in_form(visit, "mentor"))
    if wish is None or mentor is None:
        raise NotHereError
    pair = pairs.choose(visit.session, wish, mentor)
    return _done(visit, pair, "choose", "/mentors/introductions", "mentor_asked")


def listing(visit: StaffVisit) -> Response:
    over = visit.query("show") == "over"
    visit.record("mentors.pairs", "mentors:over" if over else "mentors:pairs")
    return visit.page(
        "mentor_pairs.html",
        rows=found.pairs(visit.session, OVER if over else KNOWN_TO_BOTH),
        over=over,
        is_open=found.is_open,
        figures=mentor_words.hidden(found.figures(visit.session)),
        fewest=FEWEST,
        say=mentor_words.Words(visit.session),
    )


def pair(visit: StaffVisit) -> Response:
    row = _pair(visit)
    words = found.words(visit.session, row)
    visit.record("mentors.read_words" if words else "mentors.read_pair", f"mentor_pair:{row.id}", row.alarm if words else "")
    visit.note(lambda session: notice_board.see(session, visit.staff.id, f"mentor_pair:{row.id}"))
    return visit.page(
        "mentor_pair.html",
        pair=row,
        words=words,
        open=found.is_open(row),
        languages={
            "mentor": visit.session.get_one(Chat, row.mentor.chat_id).person.language,
            "mentee": visit.session.get_one(Chat, row.wish.chat_id).person.language,
        },
        say=mentor_words.Words(visit.session),
    )


def pause(visit: StaffVisit) -> Response:
    row = _pair(visit, to_change=True)
    pairs.pause(visit.session, row, "staff")
    return _done(visit, row, "pause", f"/mentors/pairs/{row.id}", "mentor_paused")


def resume(visit: StaffVisit) -> Response:
    row = _pair(visit, to_change=True)
    pairs.resume(visit.session, row)
    return _done(visit, row, "resume", f"/mentors/pairs/{row.id}", "mentor_resumed")


def end(visit: StaffVisit) -> Response:
    row = _pair(visit, to_change=True)
    pairs.end(visit.session, row, "staff", "staff")
    return _done(visit, row, "end", f"/mentors/pairs/{row.id}", "mentor_ended")


def handled(visit: StaffVisit) -> Response:
    row = _pair(visit, to_change=True)
    pairs.handled(row)
    return _done(visit, row, "handled", f"/mentors/pairs/{row.id}", "mentor_handled")


def _pair(visit: StaffVisit, *, to_change: bool = False) -> MentorPair:
    number = number_in_path(visit)
    row = pairs.lock(visit.session, number) if to_change else visit.session.get(MentorPair, number)
    if row is None:
        raise NotHereError
    return row


def _done(visit: StaffVisit, row: MentorPair, verb: str, path: str, done: str) -> Response:
    visit.session.flush()
    visit.record(f"mentors.{verb}", f"mentor_pair:{row.id}", row.state)
    return visit.go(path, done=done)
