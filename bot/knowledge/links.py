"""Asks whether web addresses still answer: one host at a time, slowly, saying who asks."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

import httpx

AGENT = "USE-IT-Bridge link check"
BETWEEN_SECONDS = 2.0  # two questions to one host
HOSTS_AT_ONCE = 8
GONE = frozenset((404, 410))
BUSY, UNKNOWN = 429, 501
REFUSES = frozenset((401, 403, 405))  # a robot; a reader is let in


class NotPublicError(httpx.RequestError):
    """An address that only somebody inside a private network could ask."""


async def check(addresses: Iterable[str], client: httpx.AsyncClient, between: float = BETWEEN_SECONDS) -> Mapping[str, str]:
    """address -> "" when it answers, "gone" (404, 410), "error <status>", "not public", or "no answer".

    A host that refuses a robot (401, 403, 405) counts as answering. One that says that it is busy is asked nothing more this
    time: its addresses are missing in the answer.
    """
    hosts: dict[str, list[str]] = defaultdict(list)
    for address in sorted(set(addresses)):
        hosts[urlsplit(address).netloc].append(address)
    room, found = asyncio.Semaphore(HOSTS_AT_ONCE), {}

    async def one_host(own: list[str]) -> None:
        async with room:
            for number, address in enumerate(own):
                if number:
                    await asyncio.sleep(between)
                answer = await _ask(client, address)
                if answer is None:
                    return
                found[address] = answer

    await asyncio.gather(*(one_host(own) for own in hosts.values()))
    return found


async def _ask(client: httpx.AsyncClient, address: str) -> str | None:
    try:
        answer = await client.head(address, follow_redirects=True)
        if answer.is_error and answer.status_code != BUSY:  # some servers do not know HEAD, and say so in every way
            async with client.stream("GET", address, follow_redirects=True) as whole:
                if answer.status_code == UNKNOWN or whole.status_code not in REFUSES:
                    answer = whole
    except NotPublicError:
        return "not public"
    except (httpx.HTTPError, httpx.InvalidURL):
        return "no answer"
    if answer.status_code == BUSY:
        return None
    if answer.status_code in GONE:
        return "gone"
    return "" if answer.is_success or answer.status_code in REFUSES else f"error {answer.status_code}"
