"""Answers: pages of a list, one record, a problem; each with what a cache needs to ask whether it changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from bot import i18n
from bot.channels.api.parameters import USUAL_PER_PAGE

KEEP_SECONDS = 300
TYPE = "application/json"
LINES = "application/x-ndjson"


def page(items: list[Any], values: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """The items of the page that is asked for, and the counts that stand beside them. A page past the last is empty."""
    number, size = values.get("page", 1), values.get("per_page", USUAL_PER_PAGE)
    shown = items[(number - 1) * size : number * size]
    pages = max(1, -(-len(items) // size))
    return shown, {
        "total_items": len(items),
        "total_pages": pages,
        "page_number": number,
        "size": len(shown),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not shown,
    }


def answer(request: Request, value: Any) -> Response:
    """200 with an ETag of the content; 304 to who has it already."""
    content = msgspec.json.encode(value)
    tag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={KEEP_SECONDS}"}
    if _has(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=TYPE, headers=headers)


def lines(records: Iterable[Any]) -> Response:
    """200 with one record a line, as they are made: a whole list goes out without standing in memory."""
    content = (msgspec.json.encode(record) + b"\n" for record in records)
    return StreamingResponse(content, media_type=LINES, headers={"Cache-Control": f"public, max-age={KEEP_SECONDS}"})


def problem(status: int, reason: str, parameter: str = "", headers: dict[str, str] | None = None) -> Response:
    """`reason` is a word for programs; the message says it to people."""
    named = {"parameter": parameter} if parameter else {}
    error = {"reason": reason, **named, "message": i18n.t("en", f"api.problem.{reason}")}
    return Response(msgspec.json.encode({"error": error}), status, headers=headers, media_type=TYPE)


def _has(given: str, tag: str) -> bool:
    return given.strip() == "*" or tag in (part.strip().removeprefix("W/") for part in given.split(","))
