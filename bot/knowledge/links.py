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


async def check(addresses: Iterable[str], client: httpx.AsyncClient, between: float = BETWEEN_SECONDS) -> Mapping[str, str]:
    """address -> "" when it answers, "gone" (404, 410), "error <status>", or "no answer". A host that refuses a robot (403, 405, 429) counts as answering."""
    hosts: dict[str, list[str]] = defaultdict(list)
    for address in sorted(set(addresses)):
        hosts[urlsplit(address).netloc].append(address)
    room, found = asyncio.Semaphore(HOSTS_AT_ONCE), {}

    async def one_host(own: list[str]) -> None:
        async with room:
            for number, address in enumerate(own):
                if number:
                    await asyncio.sleep(between)
                found[address] = await _ask(client, address)

    await asyncio.gather(*(one_host(own) for own in hosts.values()))
    return found


async def _ask(client: httpx.AsyncClient, address: str) -> str:
    try:
        answer = await client.head(address, follow_redirects=True)
        if answer.status_code in (403, 405, 501):  # some servers do not know HEAD
            async with client.stream("GET", address, follow_redirects=True) as whole:
                answer = whole
    except httpx.HTTPError:
        return "no answer"
    if answer.status_code in GONE:
        return "gone"
    refused = answer.status_code in (401, 403, 405, 429)
    return "" if answer.is_success or refused else f"error {answer.status_code}"
