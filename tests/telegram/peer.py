"""A Bot API server of the tests' own: it answers what we call, checks every call, and fails when told to.

Runs in a thread with an event loop of its own. Every call is checked against `oracle` (the Bot API's description, where
../shared/ is there) and `limits` (what Telegram enforces besides); what is wrong is refused as Telegram refuses it and
noted in `faults`, which the fixture finds empty at the end.
"""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiohttp import web

from tests.telegram import limits, oracle

T = TypeVar("T")
PATIENCE = 40.0  # seconds; on two busy cores the first photo takes twenty
TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw-x_y"
BOT = {"id": 110201543, "is_bot": True, "first_name": "Bridge", "username": "useit_bridge_bot"}


def until(found: Callable[[], T], what: str = "") -> T:
    """Waits for a condition and returns what it gives."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if result := found():
            return result
        time.sleep(0.005)
    raise AssertionError(f"did not happen in {PATIENCE} s: {what}")


@dataclass(frozen=True)
class Call:
    method: str
    fields: dict[str, Any]
    at: float  # seconds of time.monotonic


@dataclass(frozen=True)
class Failure:
    """How the next call fails. `drop`: the connection closes without an answer."""

    status: int = 400
    description: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    drop: bool = False
    body: str | None = None  # instead of JSON


def flood(retry_after: int) -> Failure:
    return Failure(429, f"Too Many Requests: retry after {retry_after}", {"retry_after": retry_after})


def blocked() -> Failure:
    return Failure(403, "Forbidden: bot was blocked by the user")


def migrated(new: int) -> Failure:
    parameters = {"migrate_to_chat_id": new}
    return Failure(400, "Bad Request: group chat was upgraded to a supergroup chat", parameters)


def refused(description: str) -> Failure:
    return Failure(400, f"Bad Request: {description}")


DROP = Failure(drop=True)


class Peer:
    def __init__(self) -> None:
        self.token = TOKEN
        self.calls: list[Call] = []
        self.faults: list[str] = []
        self.failures: dict[str, deque[Failure]] = defaultdict(deque)
        self.webhook = ""
        self.url = ""
        self.files: dict[str, bytes] = {}  # what people sent, by file_id
        self.sizes: dict[str, int] = {}  # what getFile says of a file instead of its size
        self._updates: list[dict[str, Any]] = []
        self._update_ids, self._message_ids = itertools.count(700_000_001), itertools.count(1)
        self._loop = asyncio.new_event_loop()
        self._news = asyncio.Event()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    # what the tests do

    def __enter__(self) -> Peer:
        self._thread.start()
        assert self._started.wait(PATIENCE)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)

    def fail(self, method: str, *failures: Failure) -> None:
        """The next calls of `method` fail so, in this order."""
        self.failures[method].extend(failures)

    def queue(self, kind: str, event: dict[str, Any], update_id: int | None = None) -> dict[str, Any]:
        """Puts an update where getUpdates finds it, and returns it."""
        update = {"update_id": update_id or next(self._update_ids), kind: event}
        self._loop.call_soon_threadsafe(self._put, update)
        return update

    def called(self, method: str) -> list[dict[str, Any]]:
        return [call.fields for call in list(self.calls) if call.method == method]

    def times(self, method: str) -> list[float]:
        return [call.at for call in list(self.calls) if call.method == method]

    @property
    def texts(self) -> list[str]:
        return [fields["text"] for fields in self.called("sendMessage")]

    @property
    def waiting(self) -> list[int]:
        """Ids of the updates that were not confirmed."""
        return [update["update_id"] for update in list(self._updates)]

    # what a bot sees

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._start())
        self._started.set()
        self._loop.run_forever()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(self._runner.cleanup())
        self._loop.close()

    async def _start(self) -> None:
        app = web.Application(client_max_size=60 * 1024 * 1024)  # the tests refuse what is too large, not the server
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        app.router.add_get("/file/bot{token}/photos/{file_id}.jpg", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        if request.match_info["token"] != self.token:
            return _no(Failure(401, "Unauthorized"))
        fields = oracle.decode(method, {name: _field(value) for name, value in (await request.post()).items()})
        self.calls.append(Call(method, fields, time.monotonic()))
        if wrong := oracle.faults(method, fields):
            self.faults += wrong
            return _no(refused("; ".join(wrong)))
        if self.failures[method]:
            failure = self.failures[method].popleft()
            if failure.drop:
                assert request.transport is not None
                request.transport.close()
            return _no(failure)
        if description := limits.refusal(method, fields):
            self.faults.append(f"{method}: {description}")
            return _no(Failure(400, description))
        handler = getattr(self, f"_{method}", None)
        if handler is None:
            self.faults.append(f"the tests' peer has no {method}")
            return _no(Failure(404, "Not Found: method not found"))
        result = await handler(fields)
        return _no(result) if isinstance(result, Failure) else web.json_response({"ok": True, "result": result})

    def _put(self, update: dict[str, Any]) -> None:
        self._updates.append(update)
        self._news.set()

    async def _getMe(self, _: dict[str, Any]) -> Any:
        return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}

    async def _getUpdates(self, fields: dict[str, Any]) -> Any:
        if self.webhook:
            return Failure(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first")
        offset = fields.get("offset") or 0
        self._updates = [update for update in self._updates if update["update_id"] >= offset]
        if not self._updates and fields.get("timeout"):
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), fields["timeout"])
            except TimeoutError:
                return []
        return self._updates[: fields.get("limit", 100)]

    async def _sendMessage(self, fields: dict[str, Any]) -> Any:
        chat = {"id": fields["chat_id"], "type": "private"}
        message = {"message_id": next(self._message_ids), "date": int(time.time()), "chat": chat, "from": BOT}
        message["text"] = fields["text"].strip()
        return message | ({"reply_markup": fields["reply_markup"]} if "reply_markup" in fields else {})

    async def _sendPhoto(self, fields: dict[str, Any]) -> Any:
        width, height = limits.size(fields["photo"].body)
        photo = {"file_id": "p1", "file_unique_id": "u1", "width": width, "height": height}
        return self._with_caption(fields) | {"photo": [photo]}

    async def _getFile(self, fields: dict[str, Any]) -> Any:
        file_id = fields["file_id"]
        if file_id not in self.files:
            return refused("wrong file_id or the file is temporarily unavailable")
        size = self.sizes.get(file_id, len(self.files[file_id]))
        return {"file_id": file_id, "file_unique_id": "u", "file_size": size, "file_path": f"photos/{file_id}.jpg"}

    async def _file(self, request: web.Request) -> web.StreamResponse:
        """A download. Fails as the next failure of "file" says."""
        if self.failures["file"]:
            failure = self.failures["file"].popleft()
            if failure.drop:
                assert request.transport is not None
                request.transport.close()
            return web.Response(status=failure.status)
        if request.match_info["token"] != self.token or request.match_info["file_id"] not in self.files:
            return web.Response(status=404)
        return web.Response(body=self.files[request.match_info["file_id"]], content_type="application/octet-stream")

    async def _sendDocument(self, fields: dict[str, Any]) -> Any:
        sent = fields["document"]
        return self._with_caption(fields) | {
            "document": {"file_id": "d1", "file_unique_id": "u2", "file_name": sent.name, "mime_type": sent.kind}
        }

    def _with_caption(self, fields: dict[str, Any]) -> dict[str, Any]:
        chat = {"id": fields["chat_id"], "type": "private"}
        message = {"message_id": next(self._message_ids), "date": int(time.time()), "chat": chat, "from": BOT}
        return message | {name: fields[name] for name in ("caption", "reply_markup") if name in fields}

    async def _setWebhook(self, fields: dict[str, Any]) -> Any:
        self.webhook = fields["url"]
        return True

    async def _deleteWebhook(self, _: dict[str, Any]) -> Any:
        self.webhook = ""
        return True

    async def _true(self, _: dict[str, Any]) -> Any:
        return True

    _sendChatAction = _answerCallbackQuery = _setMyCommands = _true


def _field(value: object) -> str | oracle.Upload:
    if isinstance(value, web.FileField):
        return oracle.Upload(value.filename, value.content_type, value.file.read())
    return str(value)


def _no(failure: Failure) -> web.Response:
    if failure.body is not None:
        return web.Response(status=failure.status, text=failure.body)
    body: dict[str, Any] = {"ok": False, "error_code": failure.status, "description": failure.description}
    if failure.parameters:
        body["parameters"] = failure.parameters
    return web.json_response(body, status=failure.status)
