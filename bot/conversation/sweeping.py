"""Follows the rules of keeping, once an hour, a little at a time: everybody else gets their turn in between.

Each piece is one transaction with its counts, so it may be killed at any moment and goes on the next time.

A clock that is wrong must not delete: when hours or years seem to have passed since the last run, or none, nothing is deleted for a
day, and the log says so.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import logging
import time
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from bot.cases import retention
from bot.cases.models import RetentionRun
from bot.cases.retention import Rules, Step
from bot.conversation import keeping
from bot.db.base import now
from bot.db.session import read_only, truncate_log
from bot.errors import KeyMissingError
from bot.house import House
from bot.mail import sweeping as mail_sweeping
from bot.mentoring import keeping as mentor_keeping

log = logging.getLogger(__name__)
EVERY_SECONDS = 3_600.0
LOOK_SECONDS = 20.0  # how soon what was deleted is out of SQLite's log and of the folder of e-mails as well
LONGEST_PAUSE = 0.2  # seconds
GAP = dt.timedelta(days=3)  # between two runs; a longer one may be a wrong clock
TRUST = dt.timedelta(days=1)
STEPS = (*retention.STEPS, *keeping.STEPS, *mentor_keeping.STEPS)


class Sweeper:
    """One a process; several share the work."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._stopping = False

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`. Survives a database that is away."""
        due = 0.0
        while not stop.is_set():
            if time.monotonic() >= due:
                due = time.monotonic() + EVERY_SECONDS
                sweeping = asyncio.create_task(asyncio.to_thread(self._once))
                stopped = asyncio.create_task(stop.wait())
                await asyncio.wait({sweeping, stopped}, return_when=asyncio.FIRST_COMPLETED)
                self._stopping = stop.is_set()
                await sweeping
                stopped.cancel()
            await asyncio.to_thread(self._tidy)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOK_SECONDS)

    def _once(self) -> None:
        try:
            sweep(self._house, stopping=lambda: self._stopping)
        except DBAPIError as error:
            log.warning("the database does not answer: %s", type(error.orig).__name__)
        except KeyMissingError as error:
            log.error("%s", error)
        except Exception as error:  # again in an hour; the loop must outlive anything
            log.error("sweeping stumbled: %s", type(error).__name__)

    def _tidy(self) -> None:
        try:
            mail_sweeping.sweep(self._house.sessions, self._house.settings.var / "mail")
            truncate_log(self._house.database)
        except DBAPIError as error:
            log.warning("the database does not answer: %s", type(error.orig).__name__)
        except OSError as error:
            log.warning("an e-mail that is deleted is still in its folder: %s", type(error).__name__)


def sweep(
    house: House,
    *,
    at: dt.datetime | None = None,
    steps: tuple[Step, ...] = STEPS,
    stopping: Callable[[], bool] = lambda: False,
) -> dict[str, int]:
    """One run. How many rows each step did; {} when the clock is not trusted now. Raises what the database raises."""
    at = at or now()
    with read_only(house.sessions) as session:
        house.refresh(session)
    rules = Rules.of(house.settings)
    if not _is_trusted(house, at):
        return {}
    done = {}
    for step in steps:
        done[step.name] = _take(house, step, rules, at, stopping)
    if any(done.values()):
        house.outbox_bell.ring()
        log.info("swept: %s", ", ".join(f"{name} {times}" for name, times in done.items() if times))
    return done


def _take(house: House, step: Step, rules: Rules, at: dt.datetime, stopping: Callable[[], bool]) -> int:
    total = 0
    while not stopping():
        began = time.monotonic()
        with read_only(house.sessions) as session:  # looking may take long, and holds nobody up
            ids = list(session.scalars(select(step.key).where(*step.where(rules, at)).limit(step.at_once)))
        if not ids:
            break
        with house.sessions.begin() as session:
            free = select(step.key).where(step.key.in_(ids), *step.where(rules, at)).order_by(step.key)
            ids = list(session.scalars(free.with_for_update(of=step.of, skip_locked=True)))
            done = step.act(session, ids, rules, at) if ids else 0
        total += done
        if not done:  # all of them are somebody else's now
            break
        time.sleep(min(LONGEST_PAUSE, time.monotonic() - began))
    return total


def _is_trusted(house: House, at: dt.datetime) -> bool:
    with house.sessions.begin() as session:
        run = session.get(RetentionRun, 1, with_for_update=True)
        if run is None:
            session.add(RetentionRun(id=1, ran_at=at, deletes_from=at + TRUST))
            return False
        passed = at - run.ran_at
        if not dt.timedelta(hours=-1) <= passed <= GAP:
            log.warning("%s passed since the last run: nothing is deleted for a day, in case the clock is wrong", passed)
            run.deletes_from = at + TRUST
        run.ran_at = at
        return at >= run.deletes_from
