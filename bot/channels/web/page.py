"""The page itself: its words, its files, and the language it begins in."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec
from anyio import to_thread
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from bot import i18n, pictograms
from bot.channels.web import identity, reading
from bot.channels.web.language import choose
from bot.conversation import photos
from bot.db.session import read_only
from bot.house import House

log = logging.getLogger(__name__)
HERE = Path(__file__).parent
LEAVE_TO = "https://www.bbc.co.uk/weather"
KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
# every word of the page; its script changes them all when the language changes
WORDS = (
    "title", "name", "tagline", "fact_free", "fact_machine", "fact_private", "leave", "languages", "skip", "conversation",
    "message", "placeholder", "send", "new", "new_title", "new_text", "new_yes", "new_no", "bridge", "you", "caseworker",
    "choices", "chosen", "typing", "late", "held", "connecting", "connected", "waiting", "offline", "pending", "failed",
    "too_long", "trouble", "newest", "edit", "paper_picture", "paper_pdf",
    "photo", "photo_name", "photo_sending", "photo_again", "reading", "error.photo_too_large", "error.photo_not_now",
    "voice", "voice_name", "video_name", "voice_about", "voice_none_yet", "voice_record", "voice_file", "voice_close", "voice_on",
    "voice_stop", "voice_cancel", "voice_hear", "voice_player", "voice_send", "voice_full", "voice_no_microphone", "voice_sending",
    "error.recording_too_large", "error.recording_not_now",
)  # fmt: skip


@dataclass(frozen=True)
class _File:
    body: bytes
    kind: str


class Page:
    """The page in every language. Its files are read once; their address holds a fingerprint, so they may be kept for ever."""

    def __init__(self, house: House) -> None:
        self._house = house
        found = sorted(path for path in (HERE / "static").iterdir() if path.suffix in KINDS)
        self._files = {path.name: _File(path.read_bytes(), KINDS[path.suffix]) for path in found}
        self._files["pictograms.js"] = _File(_drawings(), KINDS[".js"])
        digest = sha256(b"\0".join(name.encode() + file.body for name, file in self._files.items()))
        self.fingerprint = digest.hexdigest()[:12]
        loader = FileSystemLoader(HERE / "templates")
        self._template = Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("chat.html")

    async def show(self, request: Request) -> Response:
        """The chat page. It holds nothing of the conversation and is the same for everybody in a language."""
        await to_thread.run_sync(_take_up, self._house)
        language = await language_of(request, self._house)
        html = self._template.render(
            language=language,
            direction=i18n.direction(language),
            languages=[(code, _own_name(code), i18n.direction(code)) for code in self._house.settings.languages],
            words=self._words(language),
            noscript=i18n.t(language, "web.noscript"),
            photos=photos.possible(self._house.settings),
            largest_recording=self._house.settings.recording_mb * 2**20,
            files=f"/chat/files/{self.fingerprint}",
            leave_to=LEAVE_TO,
        )
        return HTMLResponse(html, headers={"Content-Language": language, "Vary": "Accept-Language, Cookie"})

    async def words(self, request: Request) -> Response:
        """All words of the page in `?lang=`, for a page that changes its language while a conversation goes on."""
        await to_thread.run_sync(_take_up, self._house)
        language = choose(self._house.settings.languages, request.query_params.get("lang", ""), "", "")
        return JSONResponse({"language": language, "dir": i18n.direction(language), "words": self._words(language)})

    async def file(self, request: Request) -> Response:
        """A style sheet, script or picture of the page."""
        found = self._files.get(request.path_params["name"])
        if found is None:
            return Response(status_code=404)
        is_current = request.path_params["fingerprint"] == self.fingerprint
        forever = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(found.body, media_type=found.kind, headers=forever if is_current else None)

    def _words(self, language: str) -> dict[str, str]:
        days, mb = self._house.settings.keep_days, self._house.settings.recording_mb
        return {key: i18n.t(language, f"web.{key}", days=days, mb=mb) for key in WORDS}


def _drawings() -> bytes:
    """All pictograms as one module of the page's script: kept by the browser, and each ready when its button comes."""
    return b"export const DRAWINGS = " + msgspec.json.encode({name: pictograms.svg(name) for name in pictograms.table()}) + b";\n"


def _take_up(house: House) -> None:
    """What an admin has changed since. A database that does not answer is no reason not to speak."""
    try:
        with read_only(house.sessions) as session:
            house.refresh(session)
    except SQLAlchemyError:
        log.warning("the database does not answer: the page is as it was")


def _own_name(code: str) -> str:
    """The language's name in itself, from its own catalogue or, until it has one, from CLDR; never in English."""
    name = i18n.own_name(code) if i18n.has(code, "language.own_name") else None
    return name or str(i18n.locale(code).get_display_name(code))


async def language_of(request: Request, house: House) -> str:
    """See `language.choose`. A database that does not answer is no reason not to speak."""
    confirmed, token = "", identity.token_of(request, house.settings)
    asked = request.query_params.get("lang", "")
    if token and not asked:
        try:
            confirmed = await to_thread.run_sync(reading.confirmed_language, house.sessions, token)
        except SQLAlchemyError:
            confirmed = ""
    return choose(house.settings.languages, asked, confirmed, request.headers.get("accept-language", ""))
