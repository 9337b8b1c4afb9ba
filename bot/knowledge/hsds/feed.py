"""An Open Referral API read page by page: patient with a busy server, strict about where it is led and how much it is given."""

from __future__ import annotations

import datetime as dt
import email.utils
import random
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx

from bot.errors import PermanentError, TransientError
from bot.knowledge.hsds import source
from bot.knowledge.hsds.plan import ProblemsError
from bot.knowledge.hsds.source import Feed, Found

PER_PAGE = 100
MOST_PAGES = 2_000
MOST_SERVICES = 50_000
LARGEST_ANSWER = 20 * 2**20  # bytes, unpacked
TRIES = 5
FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0  # seconds
LONGEST_ANSWER = 120.0  # seconds
REDIRECTS = 5
GONE = (404, 410)
BUSY = frozenset({429, 500, 502, 503, 504})
TIMEOUT = httpx.Timeout(30.0, connect=10.0)
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
HEADERS = {"Accept": "application/json", "User-Agent": "useit-bridge (Open Referral import)"}


class Api:
    """One API. `pause` waits; `remembered`: the ETags of its pages when it was last imported as a whole; `transport`: another
    way to the web than the usual one."""

    def __init__(
        self,
        address: str,
        remembered: dict[str, str] | None = None,
        pause: Callable[[float], None] = time.sleep,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        given = httpx.URL(address)
        path = given.path.rstrip("/").removesuffix("/services")
        self._services = given.copy_with(path=f"{path}/services", fragment=None)
        self._remembered = remembered or {}
        self._pause = pause
        self._transport = transport
        self._etags: dict[str, str] = {}
        _check(self._services)
        self.name = str(given.copy_with(path=path or "/", fragment=None))

    def read(self) -> Feed | None:
        """Every service in full; None when no page changed since it was remembered.

        Raises TransientError when the server stays busy or away, PermanentError when what it answers cannot be used.
        """
        notes: list[str] = []
        with httpx.Client(headers=HEADERS, timeout=TIMEOUT, follow_redirects=False, transport=self._transport) as client:
            if self._remembered and all(self._is_unchanged(client, page) for page in self._remembered):
                return None
            listed, total = self._listed(client)
            records = [found for identifier in listed if (found := self._full(client, identifier))]
        if listed and not records:
            raise PermanentError(f"{self.name}: lists services and shows none of them")
        if len(records) < len(listed):
            notes.append(f"{len(listed) - len(records)} services are listed and not there: nothing is taken to be gone")
        elif total is not None and total != len(listed):
            notes.append(f"it says that it has {total} services and gave {len(listed)}: nothing is taken to be gone")
        complete = not notes
        etags = self._etags if all(self._etags.values()) else {}
        return Feed(self.name, records, complete, notes, etags)

    def _listed(self, client: httpx.Client) -> tuple[list[str], int | None]:
        found: dict[str, None] = {}
        for number in range(1, MOST_PAGES + 1):
            url = self._services.copy_merge_params({"page": str(number), "per_page": str(PER_PAGE)})
            answer = self._get(client, url)
            self._etags[str(url)] = answer.headers.get("etag", "")
            page = _page(answer, f"page {number}")
            new = [identifier for item in page["contents"] if (identifier := _identifier(item, number)) not in found]
            if page["contents"] and not new:
                raise PermanentError(f"{self.name}: page {number} repeats what came before")
            found |= dict.fromkeys(new)
            if len(found) > MOST_SERVICES:
                raise PermanentError(f"{self.name}: has more than {MOST_SERVICES} services")
            pages = page.get("total_pages")
            if not page["contents"] or page.get("last_page") is True or (isinstance(pages, int) and number >= pages):
                total = page.get("total_items")
                return list(found), total if isinstance(total, int) else None
        raise PermanentError(f"{self.name}: has more than {MOST_PAGES} pages")

    def _full(self, client: httpx.Client, identifier: str) -> Found | None:
        url = self._services.copy_with(path=f"{self._services.path}/{quote(identifier, safe='')}")
        where = f"services/{identifier}"
        answer = self._get(client, url, allowed=(200, *GONE))
        return None if answer.status_code in GONE else Found(f"{where}#", _json(answer, where))

    def _is_unchanged(self, client: httpx.Client, page: str) -> bool:
        answer = self._get(client, httpx.URL(page), {"If-None-Match": self._remembered[page]}, allowed=(200, 304))
        return answer.status_code == 304

    def _get(
        self, client: httpx.Client, url: httpx.URL, headers: dict[str, str] | None = None, allowed: tuple[int, ...] = (200,)
    ) -> httpx.Response:
        waited: float | None = None
        for attempt in range(TRIES):
            try:
                answer = _follow(client, url, headers or {})
            except httpx.TransportError as error:
                problem, asked = type(error).__name__, None
            except (httpx.RequestError, httpx.InvalidURL) as error:
                raise PermanentError(f"{_short(url)}: cannot be read ({type(error).__name__})") from error
            else:
                if answer.status_code not in BUSY:
                    if answer.status_code not in allowed:
                        raise PermanentError(f"{_short(url)}: answered {answer.status_code}")
                    return answer
                problem, asked = f"answered {answer.status_code}", _retry_after(answer)
            waited = asked if asked is not None else FIRST_WAIT * 2**attempt * random.uniform(1, 1.5)
            if waited > LONGEST_WAIT:
                break
            if attempt < TRIES - 1:
                self._pause(waited)
        raise TransientError(f"{_short(url)}: {problem}, try again later", waited)


def _follow(client: httpx.Client, url: httpx.URL, headers: dict[str, str]) -> httpx.Response:
    """One answer, after redirects that stay on the same host; read only as far as LARGEST_ANSWER."""
    for _ in range(REDIRECTS + 1):
        with client.stream("GET", url, headers=headers) as answer:
            if not answer.has_redirect_location:
                content, until = bytearray(), time.monotonic() + LONGEST_ANSWER
                for part in answer.iter_bytes():
                    content += part
                    if time.monotonic() > until:
                        raise httpx.ReadTimeout("the answer does not end")
                    if len(content) > LARGEST_ANSWER:
                        raise PermanentError(f"{_short(url)}: answered more than {LARGEST_ANSWER // 2**20} MB")
                kept = {name: answer.headers[name] for name in ("etag", "retry-after") if name in answer.headers}
                return httpx.Response(answer.status_code, headers=kept, content=bytes(content))
            target = url.join(answer.headers["location"])
        if (target.host, target.port) != (url.host, url.port):
            raise PermanentError(f"{_short(url)}: leads to another host ({target.host})")
        _check(target)
        url = target
    raise PermanentError(f"{_short(url)}: leads round in a circle")


def _check(url: httpx.URL) -> None:
    if url.scheme != "https" and not (url.scheme == "http" and url.host in LOCAL):
        raise PermanentError("a feed's address begins with https://")
    if not url.host or url.userinfo:
        raise PermanentError("a feed's address has a host and no user name")


def _page(answer: httpx.Response, where: str) -> dict[str, Any]:
    page = _json(answer, where)
    if isinstance(page, list):
        page = {"contents": page, "last_page": True}  # a server that does not page
    if not isinstance(page, dict) or not isinstance(page.get("contents"), list):
        raise PermanentError(f"{where}#/contents: must be a list of services")
    return page


def _json(answer: httpx.Response, where: str) -> Any:
    problems: list[str] = []
    value = source.parse(answer.content, where, problems)
    if problems:
        raise ProblemsError(problems)
    return value


def _identifier(item: Any, page: int) -> str:
    identifier = item.get("id") if isinstance(item, dict) else None
    if not isinstance(identifier, str) or not identifier:
        raise PermanentError(f"page {page}#/contents: a service has no id")
    return identifier


def _retry_after(answer: httpx.Response) -> float | None:
    """Seconds, given as such or as a date (RFC 9110 10.2.3)."""
    given = answer.headers.get("retry-after", "").strip()
    if given.isdecimal():
        return float(given)
    try:
        at = email.utils.parsedate_to_datetime(given)
    except ValueError:
        return None
    return max(0.0, (at - dt.datetime.now(at.tzinfo or dt.UTC)).total_seconds())


def _short(url: httpx.URL) -> str:
    return f"{url.host}{url.path}"
