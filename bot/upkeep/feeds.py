"""Open Referral feeds that are read by themselves. What they say differently waits for somebody to choose; nothing is taken by itself."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import random
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.errors import PermanentError, RefusedError, TransientError, UseItError
from bot.house import House
from bot.knowledge.hsds import choosing
from bot.knowledge.hsds.feed import Api
from bot.knowledge.hsds.plan import Change, ProblemsError
from bot.knowledge.hsds.source import Feed
from bot.knowledge.models import Entry
from bot.upkeep import arrivals, backup
from bot.upkeep.models import Arrival, FeedSource
from bot.upkeep.outside import Allowed, Outside, public
from bot.upkeep.resuming import LONGEST_READING, Resuming

log = logging.getLogger(__name__)
EVERY_HOURS = (24, 72, 168, 720)
MOST_FEEDS = 50
LONGEST_URL = 500
LEASE = dt.timedelta(seconds=LONGEST_READING + 600)
FIRST_AGAIN, LONGEST_AGAIN = dt.timedelta(minutes=10), dt.timedelta(hours=24)  # after a failure
MOST_PROBLEMS = 200


def subscribe(session: Session, url: str, every_hours: int) -> FeedSource:
    """A feed that is due at once. Raises RefusedError: feed_url, feed_hours, feed_there, feeds_many."""
    url = url.strip()
    if every_hours not in EVERY_HOURS:
        raise RefusedError(f"a feed is read every {', '.join(map(str, EVERY_HOURS))} hours", "feed_hours")
    try:
        urlsplit(url)  # is stricter about brackets
        name = Api(url).name
    except (PermanentError, httpx.InvalidURL, ValueError) as error:
        raise RefusedError("a feed's address begins with https:// and has a host", "feed_url") from error
    if len(url) > LONGEST_URL:
        raise RefusedError("this address is too long", "feed_url")
    backup.hold(session, "SHARE ROW EXCLUSIVE")  # so that two who add one feed see each other
    if session.scalar(select(FeedSource.id).where(FeedSource.url == name)) is not None:
        raise RefusedError("this feed is there already", "feed_there")
    if len(listed(session)) >= MOST_FEEDS:
        raise RefusedError(f"there can be {MOST_FEEDS} feeds", "feeds_many")
    row = FeedSource(url=name, every_hours=every_hours, problems=[], etags={})
    session.add(row)
    session.flush()
    return row


def listed(session: Session) -> list[FeedSource]:
    return list(session.scalars(select(FeedSource).order_by(FeedSource.url)))


def find(session: Session, number: int) -> FeedSource | None:
    """With nobody else changing it until this transaction ends."""
    return session.get(FeedSource, number, with_for_update=True)


def change(row: FeedSource, *, every_hours: int, active: bool) -> None:
    """Raises RefusedError (feed_hours)."""
    if every_hours not in EVERY_HOURS:
        raise RefusedError(f"a feed is read every {', '.join(map(str, EVERY_HOURS))} hours", "feed_hours")
    row.every_hours, row.active = every_hours, active


def ask(row: FeedSource, *, whole: bool = False) -> None:
    """It is read at the next look; `whole`: also where it says that nothing has changed."""
    row.due_at = now()
    if whole:
        row.etags = {}


def proposal(session: Session, number: int) -> Arrival | None:
    """What of it waits for a choice."""
    query = select(Arrival).where(Arrival.feed_id == number, Arrival.state == "open")
    return session.scalar(query.order_by(Arrival.id.desc()).limit(1))


def corrected(session: Session, url: str) -> list[tuple[str, str, tuple[Change, ...]]]:
    """Key, name and corrections of each entry of this feed that says something else here. The feed does not change those."""
    entries = session.scalars(select(Entry).where(Entry.kind == "services", Entry.edited).order_by(Entry.key))
    own = [entry for entry in entries if entry.data.get("hsds") and entry.data["fact"]["source"] == url]
    found = ((entry.key, str(entry.data["name"]), choosing.corrections(entry)) for entry in own)
    return [one for one in found if one[2]]


def read_due(house: House, allowed: Allowed = public, pause: Callable[[float], None] = time.sleep) -> int:
    """Reads every feed that is due, one after another; returns how many. Raises only what the database raises."""
    done = 0
    while (claimed := _claim(house)) is not None:
        read(house, *claimed, allowed, pause)
        done += 1
    return done


def read(
    house: House,
    number: int,
    url: str,
    etags: dict[str, str],
    allowed: Allowed = public,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """One feed: the web first, then one transaction. What went wrong is in its `problems`."""
    transport = Resuming(Outside(allowed), _folder(house, url))
    try:
        feed = Api(url, etags, pause, transport).read()
        problems = _take(house, number, feed)
        transport.forget()
    except ProblemsError as error:
        transport.forget()
        _failed(house, number, error.problems)
    except TransientError as error:  # what was read so far is kept for the next try
        _failed(house, number, [str(error)])
    except (UseItError, httpx.HTTPError) as error:
        transport.forget()
        _failed(house, number, [str(error)])
    except Exception as error:  # a feed that nobody thought of must not be asked anew all day
        log.error("a feed stumbled: %s", type(error).__name__)
        transport.forget()
        _failed(house, number, [type(error).__name__])
        raise
    else:
        if problems:
            log.info("a feed has %s problems", len(problems))


def _claim(house: House) -> tuple[int, str, dict[str, str]] | None:
    at = now()
    is_free = or_(FeedSource.lease_until.is_(None), FeedSource.lease_until < at)
    query = select(FeedSource).where(FeedSource.active, FeedSource.due_at <= at, is_free).order_by(FeedSource.due_at).limit(1)
    with house.sessions.begin() as session:
        row = session.scalar(query.with_for_update(skip_locked=True))
        if row is None:
            return None
        row.lease_until, row.tried_at = at + LEASE, at
        return row.id, row.url, dict(row.etags)


def _take(house: House, number: int, feed: Feed | None) -> list[str]:
    """Notes a reading; None: nothing has changed. Records that cannot be used are its problems, the others wait all the same."""
    with house.sessions.begin() as session:
        row = session.get(FeedSource, number, with_for_update=True)
        if row is None:  # somebody ended it meanwhile
            return []
        if feed is not None:
            arrival = arrivals.bring_feed(session, number, feed)
            plan = arrivals.offered(session, arrival) if arrival is not None else None
            row.problems = [*feed.notes, *(plan.problems if plan else [])][:MOST_PROBLEMS]
            row.etags = feed.etags
        at = now()
        row.read_at, row.failures, row.lease_until = at, 0, None
        row.due_at = at + dt.timedelta(hours=row.every_hours) * random.uniform(0.95, 1.0)  # not all installations at one hour
        return list(row.problems)


def _failed(house: House, number: int, problems: list[str]) -> None:
    with house.sessions.begin() as session:
        row = session.get(FeedSource, number, with_for_update=True)
        if row is not None:
            row.failures += 1
            row.problems, row.lease_until = problems[:MOST_PROBLEMS], None
            row.due_at = now() + min(LONGEST_AGAIN, FIRST_AGAIN * 2 ** min(row.failures - 1, 10))


def _folder(house: House, url: str) -> Path:
    return house.settings.var / "feeds" / f"{hashlib.sha256(url.encode()).hexdigest()[:24]}.reading"
