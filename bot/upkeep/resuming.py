"""A way to the web that remembers what it was given, so that a long reading which was cut off goes on where it was.

Every whole answer is kept as a file until the reading has succeeded. The next try gets it from there, if it is not too old to
belong together with what is read now.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from pathlib import Path

import httpx
import msgspec

from bot.errors import PermanentError, TransientError
from bot.knowledge.hsds.feed import LARGEST_ANSWER, LONGEST_ANSWER

FRESH_SECONDS = 6 * 3_600.0
LARGEST_READING = 256 * 2**20  # bytes of all answers of one reading, as they came
LONGEST_READING = 25 * 60.0  # seconds of one try; the next one goes on
_KEPT_HEADERS = ("etag", "content-type", "content-encoding")


class _Kept(msgspec.Struct, frozen=True):
    at: float
    headers: dict[str, str]
    body: bytes


class Resuming(httpx.BaseTransport):
    """Over another transport. `folder`: of this reading alone; `forget` when it has succeeded."""

    def __init__(self, inner: httpx.BaseTransport, folder: Path) -> None:
        self._inner, self._folder = inner, folder
        self._until = time.monotonic() + LONGEST_READING
        self._size = sum(path.stat().st_size for path in folder.glob("*.kept"))
        self.asked = 0  # answers that really came from the web

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Raises TransientError when the reading takes too long for one try, PermanentError when it is too much."""
        if time.monotonic() > self._until:
            raise TransientError(f"{request.url.host}: the reading is not at its end and goes on later")
        is_question = "if-none-match" in request.headers  # whether something changed is always asked anew
        if not is_question and (kept := self._kept(request)) is not None:
            return httpx.Response(200, headers=kept.headers, content=kept.body)
        self.asked += 1
        answer = self._inner.handle_request(request)
        if answer.status_code != 200 or is_question:
            return answer
        body = self._whole(request, answer)
        headers = {name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers}
        self._keep(request, _Kept(time.time(), headers, body))
        return httpx.Response(200, headers=headers, content=body)

    def close(self) -> None:
        self._inner.close()

    def forget(self) -> None:
        """The next reading begins at the beginning."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _whole(self, request: httpx.Request, answer: httpx.Response) -> bytes:
        """As it came, still packed; a body that ends too early raises what httpx raises, and nothing of it is kept."""
        body, until = bytearray(), time.monotonic() + LONGEST_ANSWER
        try:
            assert isinstance(answer.stream, httpx.SyncByteStream)
            for part in answer.stream:
                body += part
                if len(body) > LARGEST_ANSWER:
                    raise PermanentError(f"{request.url.host}: answered more than {LARGEST_ANSWER // 2**20} MB")
                if time.monotonic() > until:
                    raise httpx.ReadTimeout("the answer does not end", request=request)
        finally:
            answer.close()
        return bytes(body)

    def _kept(self, request: httpx.Request) -> _Kept | None:
        try:
            kept = msgspec.msgpack.decode(self._file(request).read_bytes(), type=_Kept)
        except (OSError, msgspec.MsgspecError):
            return None  # it is then asked for, which is never wrong
        return kept if 0 <= time.time() - kept.at < FRESH_SECONDS else None

    def _keep(self, request: httpx.Request, kept: _Kept) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._size += len(kept.body)
        if self._size > LARGEST_READING:
            raise PermanentError(f"{request.url.host}: gives more than {LARGEST_READING // 2**20} MB")
        path = self._file(request)
        fresh = path.with_suffix(".new")
        fresh.write_bytes(msgspec.msgpack.encode(kept))
        os.replace(fresh, path)

    def _file(self, request: httpx.Request) -> Path:
        return self._folder / f"{hashlib.sha256(str(request.url).encode()).hexdigest()[:32]}.kept"
