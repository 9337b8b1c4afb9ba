"""Stories as caseworkers work with them: the person's words, our short version beside them, the question to the person, the way to an admin."""

from __future__ import annotations

from starlette.responses import Response

from bot.cases import notice_board
from bot.cases.handoffs import open_of
from bot.cases.models import Handoff
from bot.console.case_page import found
from bot.console.visits import NotHereError, StaffVisit
from bot.conversation import due_stories, storytelling
from bot.errors import RefusedError
from bot.knowledge import drafts, snapshot
from bot.people.models import Chat
from bot.stories import entries, listing, moving, telling
from bot.stories.models import ToldStory
from bot.stories.states import CONSENTED, OVER, STORY


def stories(visit: StaffVisit) -> Response:
    state = visit.query("state") or "told"
    if state not in STORY:
        raise NotHereError
    visit.record("stories.list", f"stories:{state}")
    return visit.page(
        "stories.html", rows=listing.in_state(visit.session, state), counts=listing.counts(visit.session), state=state
    )


def story(visit: StaffVisit) -> Response:
    row = _found(visit)
    knowledge = snapshot.current(visit.session)
    visit.record("stories.read", f"story:{row.reference}")
    visit.note(lambda session: notice_board.see(session, visit.staff.id, f"story:{row.reference}"))
    waiting = drafts.of(visit.session, entries.KIND, row.entry_key) if row.entry_key else []
    draft = waiting[0] if waiting else None
    return visit.page(
        "story.html",
        story=row,
        languages=telling.languages_of(row),
        fields=telling.FIELDS,
        longest={"title": telling.LONGEST_TITLE, "story": telling.LONGEST_TEXT, "helped": telling.LONGEST_TEXT},
        found=telling.to_leave_out(row, storytelling.known_words(knowledge)),
        pathways=sorted((one.name or one.title, key) for key, one in knowledge.pathways.items()),
        moves=moving.moves(visit.session, row),
        case=open_of(visit.session, visit.session.get_one(Chat, row.chat_id)),
        draft=draft,
        differs=entries.differs(visit.session, row, knowledge),
        may_write=row.state not in OVER,
        may_propose=row.state in CONSENTED and draft is None and row.entry_key not in knowledge.stories,
        may_decline=row.state in ("told", "edited"),
    )


def beginning(visit: StaffVisit) -> Response:
    """On a case: the caseworker writes down what the person tells."""
    return visit.page("story_new.html", reference=_case(visit).reference)


def begin(visit: StaffVisit) -> Response:
    case = _case(visit)
    chat = visit.session.get_one(Chat, case.chat_id)
    told = telling.Told(visit.value("words"), chat.person.language, by=f"staff:{visit.staff.id}")
    made = telling.tell(visit.session, chat, told)
    return _done(visit, made, "tell", "story_told")


def write(visit: StaffVisit) -> Response:
    row = _found(visit, to_change=True)
    texts = {code: {part: visit.value(f"{code}.{part}") for part in telling.FIELDS} for code in telling.languages_of(row)}
    pathway = visit.value("pathway")
    if pathway and pathway not in snapshot.current(visit.session).pathways:
        raise NotHereError
    telling.write(
        visit.session, row, visit.staff.id, texts, pathway=pathway, name=visit.value("name"), country=visit.value("country")
    )
    return _done(visit, row, "write", "story_written")


def ask(visit: StaffVisit) -> Response:
    row = _found(visit, to_change=True)
    known = storytelling.known_words(snapshot.current(visit.session))
    telling.ask(visit.session, row, visit.staff.id, known=known, looked=visit.value("looked") == "yes")
    due_stories.ask(visit.session, row)
    return _done(visit, row, "ask", "story_asked")


def propose(visit: StaffVisit) -> Response:
    row = _found(visit, to_change=True)
    entries.propose(visit.session, row, visit.staff.id)
    return _done(visit, row, "propose", "story_proposed")


def decline(visit: StaffVisit) -> Response:
    row = _found(visit, to_change=True)
    telling.decline(visit.session, row, f"staff:{visit.staff.id}")
    return _done(visit, row, "decline", "story_declined")


def withdraw(visit: StaffVisit) -> Response:
    """The person said on the telephone or at the desk that it must go."""
    row = _found(visit, to_change=True)
    entries.withdraw(visit.session, row, f"staff:{visit.staff.id}")
    return _done(visit, row, "withdraw", "story_withdrawn")


def _found(visit: StaffVisit, *, to_change: bool = False) -> ToldStory:
    row = telling.find(visit.session, visit.reference, to_change=to_change)
    if row is None:
        raise NotHereError
    return row


def _case(visit: StaffVisit) -> Handoff:
    """The case in the path, where this caseworker works on it. Raises NotHereError, RefusedError (not_yours)."""
    case = found(visit)
    if case.claimed_by != visit.staff.id:
        raise RefusedError("claim this hand-off first", "not_yours")
    return case


def _done(visit: StaffVisit, row: ToldStory, verb: str, done: str) -> Response:
    visit.record(f"stories.{verb}", f"story:{row.reference}", row.state)
    return visit.go(f"/stories/{row.reference}", done=done)
