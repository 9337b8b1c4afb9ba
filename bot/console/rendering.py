"""Templates: everything is escaped, every word comes from the catalogue, a name that is missing is an error."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
import unicodedata
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot import crypto, i18n
from bot.cases.hours import LONDON
from bot.cases.summary import language_name
from bot.db.base import now

HERE = Path(__file__).parent
STATIC = HERE / "static"
LANGUAGE = "en"
_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")


def render(template: str, values: dict[str, object]) -> str:
    return _environment().get_template(template).render(values)


def t(key: str, *, count: int | None = None, **values: object) -> str:
    return i18n.t(LANGUAGE, key, count=count, **values)


def t_or(prefix: str, name: str) -> str:
    """The text for a code; the code itself when there is none."""
    return t(prefix + name) if i18n.has(LANGUAGE, prefix + name) else name


def t_if(key: str) -> str:
    """The text, "" when there is none."""
    return t(key) if i18n.has(LANGUAGE, key) else ""


def visit_csrf(visit: str) -> str:
    return crypto.pseudonym("csrf", visit)


def new_once() -> str:
    return secrets.token_urlsafe(18)


def ago(at: dt.datetime, until: dt.datetime | None = None) -> str:
    """How long since, in the largest unit that says enough."""
    minutes = int(((until or now()) - at).total_seconds() // 60)
    if minutes < 1:
        return t("console.ago.now")
    if minutes < 60:
        return t("console.ago.minutes", count=minutes)
    if minutes < 48 * 60:
        return t("console.ago.hours", hours=minutes // 60, minutes=minutes % 60)
    return t("console.ago.days", count=minutes // (24 * 60))


def when(at: dt.datetime) -> str:
    """Day and time in London, where the team is."""
    local = at.astimezone(LONDON)
    return f"{i18n.date(LANGUAGE, local.date())}, {i18n.clock(LANGUAGE, local.time())}"


def near(at: dt.datetime) -> str:
    """The same, as one says it of a time that is not far: "today, 14:05", "3 December, 09:00"."""
    local, today = at.astimezone(LONDON), now().astimezone(LONDON).date()
    time = i18n.clock(LANGUAGE, local.time())
    names = {0: "today", -1: "yesterday", 1: "tomorrow"}
    if name := names.get((local.date() - today).days):
        return t(f"console.near.{name}", time=time)
    if abs((local.date() - today).days) > 180:
        return when(at)
    return t("console.near.day", day=i18n.weekday(LANGUAGE, local.date()).partition(" ")[2], time=time)


def day(value: dt.date | str) -> str:
    if isinstance(value, dt.datetime):
        value = value.astimezone(LONDON).date()
    return i18n.date(LANGUAGE, dt.date.fromisoformat(value) if isinstance(value, str) else value)


def direction_of(text: str) -> str:
    """How a text runs: an Arabic sentence that begins with an English term is still an Arabic sentence, which is where a
    browser's own guess (dir="auto", by the first letter) goes wrong."""
    kinds = [unicodedata.bidirectional(letter) for letter in text[:2_000]]
    right = sum(kind in ("R", "AL") for kind in kinds)
    return "rtl" if right and right * 3 >= kinds.count("L") else "ltr"


def plain(text: str) -> str:
    """A text without the marks that make it read otherwise than it is. They have no look of their own; what is kept has them."""
    return _OVERRIDES.sub("", text)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    made.globals.update(
        t=t,
        t_or=t_or,
        t_if=t_if,
        ago=ago,
        when=when,
        near=near,
        day=day,
        direction=i18n.direction,
        direction_of=direction_of,
        plain=plain,
        language_name=language_name,
        version=_version(),
    )
    made.filters["start"] = lambda text: " ".join(text.split())[:140]
    return made


def _version() -> str:
    """Of the style and script, so that a browser never mixes old and new."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(STATIC.iterdir()))).hexdigest()[:12]
