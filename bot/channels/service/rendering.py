"""The pages' templates and style: everything is escaped, every word comes from the catalogue, nothing runs in the browser."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from bot import i18n
from bot.settings import Settings

HERE = Path(__file__).parent
STYLE = (HERE / "service.css").read_bytes()
VERSION = sha256(STYLE).hexdigest()[:12]


def page(template: str, settings: Settings, status: int = 200, **values: object) -> HTMLResponse:
    """A page in English, with who we are."""
    us = {"organisation": settings.organisation, "us_at": settings.contact, "version": VERSION}
    html = _templates().get_template(template).render(**us, **values)
    return HTMLResponse(html, status, headers={"Content-Language": "en", "X-Robots-Tag": "noindex, nofollow"})


@cache
def _templates() -> Environment:
    made = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    made.globals.update(t=lambda key, **values: i18n.t("en", f"service.page.{key}", **values))
    return made
