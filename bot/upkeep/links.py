"""The links that the knowledge names: asked now and then, with a history. One is dead when it failed again and again for days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from urllib.parse import urlsplit

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.db.base import now
from bot.knowledge import quality
from bot.knowledge.snapshot import Snapshot
from bot.upkeep.found import Found, Look
from bot.upkeep.models import Link, LinkCheck

AT_ONCE = 40  # addresses in one go; so many of them are at most on one host: A_HOST
A_HOST = 8
WELL, AGAIN = dt.timedelta(days=7), dt.timedelta(hours=20)  # until the next look
DEAD_LOOKS, DEAD_FOR = 3, dt.timedelta(days=2)  # a page that is away for a night is not dead
KEPT = dt.timedelta(days=90)
LONGEST = 2_000


def register(session: Session, knowledge: Snapshot) -> None:
    """The addresses that the knowledge names now; what it no longer names is forgotten with its history."""
    named = {url for url in quality.links(knowledge) if len(url) <= LONGEST}
    present = {row.url: row.id for row in session.execute(select(Link.url, Link.id))}
    if gone := [number for url, number in present.items() if url not in named]:
        session.execute(delete(Link).where(Link.id.in_(gone)))
    session.add_all(Link(url=url) for url in sorted(named - present.keys()))
    session.execute(delete(LinkCheck).where(LinkCheck.at < now() - KEPT))


def due(session: Session, at: dt.datetime | None = None) -> list[str]:
    """What is to be asked now: few of each host, so that a large one is not asked all day."""
    found: list[str] = []
    hosts: dict[str, int] = {}
    query = select(Link.url).where(Link.due_at <= (at or now())).order_by(Link.due_at, Link.id).limit(AT_ONCE * 20)
    for url in session.scalars(query):
        host = urlsplit(url).netloc
        hosts[host] = hosts.get(host, 0) + 1
        if hosts[host] <= A_HOST and len(found) < AT_ONCE:
            found.append(url)
    return found


def note(session: Session, asked: Collection[str], answers: Mapping[str, str], at: dt.datetime | None = None) -> None:
    """What came of a look. `answers` as bot.knowledge.links.check gives them; what was asked and is not in it was not judged.

    When nothing at all answered, it is our own network that is away, and nothing is held against anybody.
    """
    at = at or now()
    ours_is_away = len(answers) > 1 and all(answer == "no answer" for answer in answers.values())
    for link in session.scalars(select(Link).where(Link.url.in_(asked)).with_for_update()):
        answer = answers.get(link.url)
        link.due_at = at + (AGAIN if answer != "" else WELL)
        if answer is None or ours_is_away:
            continue
        link.checked_at, link.result = at, answer
        session.add(LinkCheck(link_id=link.id, at=at, result=answer))
        if answer:
            link.failures, link.failing_since = link.failures + 1, link.failing_since or at
        else:
            link.failures, link.failing_since = 0, None


def is_dead(link: Link) -> bool:
    """Whether it failed often enough, for long enough."""
    if link.failing_since is None or link.checked_at is None:
        return False
    return link.failures >= DEAD_LOOKS and link.checked_at - link.failing_since >= DEAD_FOR


def history(session: Session, url: str, limit: int = 30) -> list[LinkCheck]:
    """The looks at an address, newest first."""
    query = select(LinkCheck).join(Link, Link.id == LinkCheck.link_id).where(Link.url == url)
    return list(session.scalars(query.order_by(LinkCheck.at.desc(), LinkCheck.id.desc()).limit(limit)))


def dead(look: Look) -> Iterator[Found]:
    """Each place that names a dead link."""
    places = quality.links(look.knowledge)
    for link in look.session.scalars(select(Link).where(Link.failures >= DEAD_LOOKS).order_by(Link.url)):
        if is_dead(link) and link.failing_since is not None:
            since = link.failing_since.date().isoformat()
            for where in dict.fromkeys(places.get(link.url, [])):
                yield look.found("dead_link", f"{where}/{link.url}", url=link.url, day=since, result=link.result)
