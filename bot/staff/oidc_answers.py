"""Asking a sign-on provider over HTTP: within a time, up to a size, and believing nothing but a JSON object."""

from __future__ import annotations

import json
import logging
import time
from typing import Any

import httpx

from bot.errors import TransientError

TIMEOUT = httpx.Timeout(5.0, connect=3.0)
WHOLE_SECONDS = 10.0  # for one answer, however slowly it drips
LARGEST = 256 * 1024  # bytes of one answer

log = logging.getLogger(__name__)


def ask(method: str, url: str, **options: Any) -> tuple[int, bytes]:
    """Status and body. Raises TransientError."""
    body, until = b"", time.monotonic() + WHOLE_SECONDS
    try:
        with httpx.Client(timeout=TIMEOUT, follow_redirects=False) as client, client.stream(method, url, **options) as answer:
            for part in answer.iter_bytes():
                body += part
                if len(body) > LARGEST or time.monotonic() > until:
                    raise nonsense("its answer is too long")
            return answer.status_code, body
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise nonsense(type(error).__name__) from error


def json_object(status: int, body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body) if status == 200 else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise nonsense(f"its answer ({status}) is no JSON object")
    return found


def nonsense(what: str) -> TransientError:
    log.warning("single sign-on: the provider cannot be used: %s", what)
    return TransientError("the sign-on provider cannot be used now")
