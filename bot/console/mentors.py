"""Mentors as caseworkers vet them: offers by state, one offer with its history, references, the next move, the yearly look."""

from __future__ import annotations

from starlette.responses import Response

from bot.cases import handoffs, notice_board
from bot.cases.filtering import line
from bot.console import mentor_words
from bot.console.fields import number_in_path, today
from bot.console.visits import NotHereError, StaffVisit
from bot.mentoring import listing as found
from bot.mentoring import offers
from bot.mentoring.models import Mentor
from bot.mentoring.states import MENTOR
from bot.people.models import Chat


def listing(visit: StaffVisit) -> Response:
    state = visit.query("state") or "offered"
    if state not in found.STATES:
        raise NotHereError
    profession, language = line(visit.query("profession")), line(visit.query("language"))
    everybody = found.mentors(visit.session, state)
    visit.record("mentors.list", f"mentors:{state}")
    return visit.page(
        "mentors.html",
        rows=found.mentors(visit.session, state, profession, language),
        state=state,
        counts=found.counts(visit.session),
        professions=sorted({row.profession for row in everybody} | ({profession} if profession else set())),
        languages=sorted({code for row in everybody for code in row.languages} | ({language} if language else set())),
        profession=profession,
        language=language,
        say=mentor_words.Words(visit.session),
        today=today(),
    )


def mentor(visit: StaffVisit) -> Response:
    row = _found(visit)
    visit.record("mentors.read", f"mentor:{row.id}")
    visit.note(lambda session: notice_board.see(session, visit.staff.id, f"mentor:{row.id}"))
    return visit.page(
        "mentor.html",
        mentor=row,
        onward=[state for state in MENTOR[row.state] if state != "offered"],
        events=offers.events(visit.session, row),
        pairs=[pair for pair in found.pairs(visit.session) if pair.mentor_id == row.id],
        language=visit.session.get_one(Chat, row.chat_id).person.language,
        most=offers.MOST_AT_ONCE,
        case=handoffs.open_of(visit.session, visit.session.get_one(Chat, row.chat_id)),
        say=mentor_words.Words(visit.session),
        late=row.recheck_on is not None and row.recheck_on < today(),
    )


def move(visit: StaffVisit) -> Response:
    row = _found(visit, to_change=True)
    offers.vet(visit.session, row, visit.value("becomes"), visit.staff.id, visit.value("why"))
    return _done(visit, row, "vet", "mentor_moved", row.state)


def references(visit: StaffVisit) -> Response:
    row = _found(visit, to_change=True)
    most = visit.value("most")
    offers.note_references(
        row, visit.value("references"), int(most) if most.isascii() and most.isdecimal() and len(most) < 3 else 0
    )
    return _done(visit, row, "references", "mentor_references")


def recheck(visit: StaffVisit) -> Response:
    row = _found(visit, to_change=True)
    offers.recheck(visit.session, row, visit.staff.id, visit.value("why"))
    return _done(visit, row, "recheck", "mentor_rechecked")


def _found(visit: StaffVisit, *, to_change: bool = False) -> Mentor:
    row = found.mentor(visit.session, number_in_path(visit), to_change=to_change)
    if row is None:
        raise NotHereError
    return row


def _done(visit: StaffVisit, row: Mentor, verb: str, done: str, why: str = "") -> Response:
    visit.record(f"mentors.{verb}", f"mentor:{row.id}", why)
    return visit.go(f"/mentors/{row.id}", done=done)
