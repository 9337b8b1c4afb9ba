"""A translator on a port of its own: one that talks like LibreTranslate and one that talks like /v1/chat/completions.

They keep what they were asked. What they answer are real sentences in the language asked for, with the codes of the question in
them; `says` answers otherwise, `troubles` are what the next questions get instead of an answer.
"""

from __future__ import annotations

import json
import re
import socket
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

KEY = "k-" + "s3cret" * 4
SENTENCES = {
    "en": "I have received a letter from the council and I do not understand what they want from me and what I should do now",
    "ar": "وصلتني رسالة من البلدية ولا أفهم ماذا يريدون مني وماذا يجب أن أفعل الآن لأن الموعد قريب جدا",
    "fa": "نامه‌ای از شهرداری برای من آمده است و نمی‌دانم از من چه می‌خواهند و حالا باید چه کار کنم",
    "ps": "له ښاروالۍ څخه یو لیک راته راغلی دی او نه پوهېږم چې له ما څخه څه غواړي او اوس باید څه وکړم",
    "ur": "مجھے کونسل کی طرف سے ایک خط ملا ہے اور مجھے سمجھ نہیں آ رہا کہ وہ مجھ سے کیا چاہتے ہیں",
    "uk": "Я отримала листа від міської ради і не розумію, чого вони від мене хочуть і що мені тепер робити",
    "so": "Waxaan helay warqad ka timid dawladda hoose mana fahmayo waxa ay iga rabaan iyo waxa aan hadda sameeyo",
    "fr": "J'ai reçu une lettre de la mairie et je ne comprends pas ce qu'ils veulent de moi ni ce que je dois faire",
}
_CODE = re.compile(r"[A-Z]{2}\d+[A-Z]")
Says = Callable[[str, str, str], str]
Trouble = Callable[[Request], Awaitable[Response]]
LANGUAGES = ("ar", "fa", "ur", "uk", "fr", "en")  # LibreTranslate has neither Somali nor Pashto


def honest(text: str, _: str, target: str) -> str:
    """As many words as there were, and every code once."""
    words = SENTENCES[target].split()
    wanted = max(1, len(_CODE.sub(" ", text).split()))
    return " ".join([*(words * (wanted // len(words) + 1))[:wanted], *_CODE.findall(text)])


@dataclass(frozen=True)
class Asked:
    path: str
    headers: dict[str, str]
    raw: str
    body: Any

    @property
    def text(self) -> str:
        """The words to translate."""
        if "q" in self.body:
            return str(self.body["q"][0])
        return str(json.loads(self.body["messages"][-1]["content"])["text"])


@dataclass
class Machine:
    kind: str
    address: str = ""
    says: Says = honest
    json_mode: bool = True
    asked: list[Asked] = field(default_factory=list)
    troubles: deque[Trouble] = field(default_factory=deque)

    @property
    def questions(self) -> list[Asked]:
        return [one for one in self.asked if one.path != "/languages"]

    @property
    def url(self) -> str:
        return self.address if self.kind == "libretranslate" else f"{self.address}/v1"


def status(code: int, **headers: str) -> Trouble:
    async def answer(_: Request) -> Response:
        return JSONResponse({"error": "no"}, code, {name.replace("_", "-"): value for name, value in headers.items()})

    return answer


async def html(_: Request) -> Response:
    return HTMLResponse("<!doctype html><html><body><h1>Log in to the network</h1></body></html>")


async def hang(_: Request) -> Response:
    await anyio.sleep_forever()
    raise AssertionError


async def drip(_: Request) -> Response:
    """A byte now and then, each in time, for ever."""

    async def bytes_() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await anyio.sleep(0.05)

    return StreamingResponse(bytes_(), media_type="application/json")


async def huge(_: Request) -> Response:
    async def bytes_() -> AsyncIterator[bytes]:
        yield b'{"translatedText": ["'
        for _ in range(160):
            yield b"a" * 65_536
        yield b'"]}'

    return StreamingResponse(bytes_(), media_type="application/json")


async def cut_short(_: Request) -> Response:
    return Response(b'{"translatedText": ["I have rec', media_type="application/json")


async def deep(_: Request) -> Response:
    return Response(b"[" * 100_000, media_type="application/json")


async def elsewhere(_: Request) -> Response:
    return Response(status_code=302, headers={"location": "http://127.0.0.1:9/"})


def body(data: Any, code: int = 200) -> Trouble:
    async def answer(_: Request) -> Response:
        return JSONResponse(data, code)

    return answer


def _routes(machine: Machine) -> list[Route]:
    async def taken(request: Request) -> tuple[Any, Response | None]:
        raw = (await request.body()).decode()
        data = json.loads(raw) if raw else None
        machine.asked.append(Asked(request.url.path, dict(request.headers), raw, data))
        return data, await machine.troubles.popleft()(request) if machine.troubles else None

    async def languages(request: Request) -> Response:
        _, trouble = await taken(request)
        known = [{"code": code, "name": code, "targets": [to for to in LANGUAGES if to != code]} for code in LANGUAGES]
        return trouble or JSONResponse(known)

    async def translate(request: Request) -> Response:
        data, trouble = await taken(request)
        if trouble is None and data.get("api_key") != KEY:
            return JSONResponse({"error": "Please contact the server operator to get an API key"}, 400)
        said = [machine.says(text, data["source"], data["target"]) for text in data["q"]] if trouble is None else []
        return trouble or JSONResponse({"translatedText": said})

    async def complete(request: Request) -> Response:
        data, trouble = await taken(request)
        if trouble is not None:
            return trouble
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return JSONResponse({"error": {"message": "bad key"}}, 401)
        if "response_format" in data and not machine.json_mode:
            return JSONResponse({"error": {"message": "response_format is not supported"}}, 400)
        asked = json.loads(data["messages"][-1]["content"])
        codes = {
            "Arabic": "ar",
            "English": "en",
            "Persian": "fa",
            "Pashto": "ps",
            "Urdu": "ur",
            "Ukrainian": "uk",
            "Somali": "so",
            "French": "fr",
        }
        said = machine.says(asked["text"], codes[asked["from"]], codes[asked["to"]])
        content = said if said.startswith(("{", "```", "RAW ")) else json.dumps({"text": said})
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": content.removeprefix("RAW ")}}
        return JSONResponse({"id": "c", "object": "chat.completion", "choices": [choice]})

    return [
        Route("/languages", languages),
        Route("/translate", translate, methods=["POST"]),
        Route("/v1/chat/completions", complete, methods=["POST"]),
    ]


@contextmanager
def running(kind: str) -> Iterator[Machine]:
    machine = Machine(kind)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(16)
        machine.address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = uvicorn.Config(Starlette(routes=_routes(machine)), log_level="critical", timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        until = time.monotonic() + 10
        while not server.started and time.monotonic() < until:
            time.sleep(0.01)
        try:
            yield machine
        finally:
            server.should_exit = True
            thread.join(10)
