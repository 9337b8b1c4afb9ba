"""How long what was said is kept, and people: steps as in bot/cases/retention.py.

Words go `keep` days after they were said, whatever became of them, also in a case that is open: that is promised to the person. What
waits (a message to be answered, an answer to be sent) never goes. People who were silent for SILENT_DAYS go whole, unless a
hand-off of theirs is open. What is on legal hold stays.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session

from bot.cases import erasing, holds, searching
from bot.cases.counting import Gone
from bot.cases.models import Handoff, Message
from bot.cases.retention import Ids, Rules, Step, free_people, rows_of
from bot.cases.states import OPEN
from bot.conversation.models import Inbox, Outbox, Photo
from bot.journeys import keeping as journeys
from bot.journeys.models import CheckIn, Outcome
from bot.knowledge.models import Unknown
from bot.mentoring import leaving
from bot.people.models import Chat, Consent, Person, Reminder
from bot.recordings import agreeing, bodies
from bot.recordings import keeping as recordings
from bot.recordings.models import Recording, RecordingBody
from bot.stories import leaving as stories
from bot.stories.models import ToldStory
from bot.suggestions import erasing as suggestion_erasing
from bot.suggestions.models import Suggestion
from bot.talents import keeping as talents
from bot.talents.models import Talent

SILENT_DAYS = 365  # a person who has not written for so long is forgotten whole
UNKNOWN_AGE = dt.timedelta(days=365)  # words that nobody has asked for so long
PHOTO_AGE = dt.timedelta(days=1)
NOT_AGAIN = dt.timedelta(days=1)  # a chat that was emptied and is not used goes after it
MOST_WORDS = 2_000  # messages deleted in one transaction
OLDEST = 200  # messages that are looked at to find chats


def _old(rules: Rules, at: dt.datetime) -> dt.datetime:
    return at - dt.timedelta(rules.keep)


def _words(rules: Rules, at: dt.datetime) -> list[ColumnElement[bool]]:
    """The chats of the oldest words: looked for from the words, because most chats have none that are due."""
    due = (Message.at < _old(rules, at)) & ~holds.on_chat(Message.chat_id)
    return [Chat.id.in_(select(Message.chat_id).where(due).order_by(Message.at).limit(OLDEST))]


def _delete_words(session: Session, ids: Ids, rules: Rules, at: dt.datetime) -> int:
    """Of these chats. The words by which a case is found are made anew from what is left of it."""
    gone = Gone()
    mine = select(Message.id).where(Message.chat_id.in_(ids), Message.at < _old(rules, at)).order_by(Message.id).limit(MOST_WORDS)
    erasing.messages(session, list(session.scalars(mine)), gone)
    gone.write(session)
    people = select(Chat.person_id).where(Chat.id.in_(ids))
    for case in session.scalars(select(Handoff).where(Handoff.person_id.in_(people))).all():
        searching.rebuild(session, case)
    return len(ids)


def _sent(rules: Rules, at: dt.datetime) -> list[ColumnElement[bool]]:
    return [Outbox.created_at < _old(rules, at), Outbox.state.in_(("sent", "failed")), ~holds.on_chat(Outbox.chat_id)]


def _copies(rules: Rules, at: dt.datetime) -> list[ColumnElement[bool]]:
    return [Outbox.erase_at < at, Outbox.state.in_(("sent", "failed"))]


def _answered(rules: Rules, at: dt.datetime) -> list[ColumnElement[bool]]:
    return [Inbox.received_at < _old(rules, at), Inbox.state != "open", ~holds.on_chat(Inbox.chat_id)]


def _photos(rules: Rules, at: dt.datetime) -> list[ColumnElement[bool]]:
    """Also one that was never read, because its message was set aside: a photo waits for minutes and holds a letter."""
    return [Photo.received_at < at - PHOTO_AGE]


def _reminders(rules: Rules, at: dt.datetime) -> list[ColumnElement[bool]]:
    return [Reminder.state != "waiting", Reminder.due_at < _old(rules, at)]


def _delete_suggestions(session: Session, ids: Ids, rules: Rules, at: dt.datetime) -> int:
    gone = Gone()
    suggestion_erasing.these(session, ids, gone)
    gone.write(session)
    return len(ids)


def _forget_words(session: Session, ids: Ids, rules: Rules, at: dt.datetime) -> int:
    journeys.forget_words(session, ids)
    return len(ids)


def _delete_stories(session: Session, ids: Ids, rules: Rules, at: dt.datetime) -> int:
    """Taken back first, everywhere: what was agreed for a year is not told a day longer."""
    stories.these(session, list(ids))
    return len(ids)


def _erase_recordings(session: Session, ids: Ids, rules: Rules, at: dt.datetime) -> int:
    recordings.erase(session, ids)
    return len(ids)


def _unfinished(rules: Rules, at: dt.datetime) -> list[ColumnElement[bool]]:
    """Chats with words of a form, or answers, that nobody has come back to."""
    silent = select(Person.id).where(Person.last_seen_at < _old(rules, at))
    return [Chat.person_id.in_(silent), or_(Chat.draft.is_not(None), Chat.dialogue.is_not(None))]


def _clear(session: Session, ids: Ids, rules: Rules, at: dt.datetime) -> int:
    session.execute(update(Chat).where(Chat.id.in_(ids)).values(draft=None, dialogue=None))
    return len(ids)


def _silent(rules: Rules, at: dt.datetime) -> list[ColumnElement[bool]]:
    waits = exists().where(Handoff.person_id == Person.id, Handoff.state.in_(OPEN))
    return [Person.last_seen_at < at - dt.timedelta(SILENT_DAYS), ~waits, ~holds.on_person(Person.id)]


def _emptied(rules: Rules, at: dt.datetime) -> list[ColumnElement[bool]]:
    """Who had everything deleted and did not come back; also what was put away for a legal hold that has ended."""
    unsent = exists().where(Chat.person_id == Person.id, Outbox.chat_id == Chat.id, Outbox.state.in_(("queued", "sending")))
    unread = exists().where(Chat.person_id == Person.id, Inbox.chat_id == Chat.id, Inbox.state == "open")
    back = Person.last_seen_at > Person.forgotten_at
    return [Person.forgotten_at < at - NOT_AGAIN, ~back, ~unsent, ~unread, ~holds.on_person(Person.id)]


def _delete_people(session: Session, ids: Ids, rules: Rules, at: dt.datetime) -> int:
    """Whose chat is being answered right now is left for the next run."""
    free = free_people(session, ids)
    gone = Gone()
    for number in sorted(free):
        leaving.goes(session, number)
        stories.goes(session, number)
        suggestion_erasing.of_people(session, [number], gone)
        journeys.erase(session, number, gone)
        erasing.person(session, number, gone)
    gone.write(session)
    return len(free)


STEPS = (
    Step("words", Chat, _words, _delete_words, 50),
    Step("outbox", Outbox, _sent, rows_of(Outbox), 200),
    Step("copies", Outbox, _copies, rows_of(Outbox), 20),
    Step("inbox", Inbox, _answered, rows_of(Inbox), 500),
    Step("photos", Photo, _photos, rows_of(Photo), 200),
    Step("reminders", Reminder, _reminders, rows_of(Reminder), 500),
    Step(
        "suggestions",
        Suggestion,
        lambda rules, at: [*suggestion_erasing.old(rules.keep, at), ~holds.on_person(Suggestion.person_id)],
        _delete_suggestions,
    ),
    Step(
        "talents",
        Talent,
        lambda rules, at: [*talents.unconfirmed(_old(rules, at)), ~holds.on_person(Talent.person_id)],
        rows_of(Talent),
        500,
    ),
    Step(
        "talent_consents",
        Consent,
        lambda rules, at: [*talents.over(_old(rules, at)), ~holds.on_person(Consent.person_id)],
        rows_of(Consent),
        500,
    ),
    Step(
        "check_ins",
        CheckIn,
        lambda rules, at: [*journeys.unanswered(_old(rules, at)), ~holds.on_person(CheckIn.person_id)],
        rows_of(CheckIn),
        500,
    ),
    Step(
        "outcomes",
        Outcome,
        lambda rules, at: [*journeys.proposed(_old(rules, at)), ~holds.on_person(Outcome.person_id)],
        rows_of(Outcome),
        500,
    ),
    Step(
        "outcome_words",
        Outcome,
        lambda rules, at: [*journeys.worded(_old(rules, at)), ~holds.on_person(Outcome.person_id)],
        _forget_words,
        200,
    ),
    Step("stories", ToldStory, lambda rules, at: stories.untouched(_old(rules, at)), _delete_stories),
    Step("stories_agreed", ToldStory, lambda rules, at: stories.run_out(), _delete_stories),
    Step(
        "story_consents",
        Consent,
        lambda rules, at: [*stories.consents_over(_old(rules, at)), ~holds.on_person(Consent.person_id)],
        rows_of(Consent),
        500,
    ),
    Step(
        "recordings",
        Recording,
        lambda rules, at: [*recordings.over(at), ~holds.on_chat(Recording.chat_id)],
        _erase_recordings,
        200,
    ),
    Step("recordings_unanswered", RecordingBody, lambda rules, at: bodies.abandoned(at), rows_of(RecordingBody), 20),
    Step(
        "recording_consents",
        Consent,
        lambda rules, at: [*agreeing.consents_over(_old(rules, at)), ~holds.on_person(Consent.person_id)],
        rows_of(Consent),
        500,
    ),
    Step("forms", Chat, _unfinished, _clear, 200),
    Step(
        "unknown",
        Unknown,
        lambda rules, at: [or_(Unknown.last_at < at - UNKNOWN_AGE, (Unknown.last_at < _old(rules, at)) & (Unknown.times == 1))],
        rows_of(Unknown),
        500,
    ),
    Step("silent_people", Person, _silent, _delete_people, 20),
    Step("emptied_people", Person, _emptied, _delete_people, 20),
)
