"""What happens because time has passed: what is due goes into the outbox, once, whoever is killed in between."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot.answers import reminders
from bot.cases import notifying, scheduling, snoozing, targets
from bot.conversation import due_check_ins, due_mentoring, due_referrals, due_stories, due_suggestions, outbox
from bot.db.base import now
from bot.db.session import read_only
from bot.house import House
from bot.knowledge import snapshot, workflow
from bot.people import reminders as kept
from bot.recordings import keeping as recordings
from bot.suggestions import drafting
from bot.upkeep import digest

log = logging.getLogger(__name__)
LOOK_SECONDS = 20.0  # how late a reminder may be
Job = Callable[[Session, House], int]


def remind(session: Session, house: House) -> int:
    """The reminders that people asked for."""
    written = 0
    knowledge = snapshot.current(session)
    for reminder, chat in kept.take_due(session):
        reply = reminders.due(knowledge, reminder, chat.person.language)
        if reply is not None:
            outbox.enqueue(session, chat.id, [reply], origin=f"reminder:{reminder.id}")
            written += 1
    return written


def _published(session: Session) -> int:
    """What was to be published by now, and the suggestions that are in it. No message goes out for it."""
    workflow.due(session)
    drafting.settle_published(session)
    return 0


def _forgotten(session: Session) -> int:
    """Voice messages about which nobody said yes within an hour. No message goes out for it."""
    recordings.forget_unanswered(session)
    return 0


# Each in a transaction of its own, so that none holds rows while it waits for another's, and one that fails stops no other.
JOBS: dict[str, Job] = {
    "reminders": remind,
    "scheduled messages": lambda session, _: scheduling.due(session),
    "scheduled knowledge": lambda session, _: _published(session),
    "snoozed cases": lambda session, _: snoozing.due(session),
    "targets": lambda session, house: targets.due(session, house.hours),
    "referrals": due_referrals.due,
    "mentors": due_mentoring.due,
    "suggestions": due_suggestions.due,
    "stories": due_stories.due,
    "check-ins": due_check_ins.due,
    "recordings": lambda session, _: _forgotten(session),
    "notices": lambda session, house: notifying.due(
        session, house.settings.public_url, has_chat=house.settings.staff_telegram_chat is not None
    ),
    "weekly digest": lambda session, house: digest.due(session, house.settings.public_url),
}
# what the bot says of itself: waits while it is stopped (bot/installation); what staff have planned goes on
PAUSED = {"reminders", "referrals", "mentors", "suggestions", "stories", "check-ins"}


class Clock:
    """One a process; several share the work, each row being taken by one."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`. Survives a database that is away."""
        while not stop.is_set():
            try:
                await asyncio.to_thread(self.tick)
            except DBAPIError as error:
                log.warning("the database does not answer: %s", type(error.orig).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOK_SECONDS)

    def tick(self) -> int:
        """Everything that is due now. Returns how many messages will go out. Raises what the database raises."""
        written = 0
        with read_only(self._house.sessions) as session:
            self._house.refresh(session)
        is_stopped = self._house.installation.stopped(now()) is not None
        for name, job in JOBS.items():
            if is_stopped and name in PAUSED:
                continue
            try:
                with self._house.sessions.begin() as session:
                    written += job(session, self._house)
            except DBAPIError:
                raise
            except Exception as error:  # the others are due all the same; this one is again at the next look
                log.error("the clock stumbled over the %s: %s", name, type(error).__name__)
        if written:
            self._house.outbox_bell.ring()
        return written
