"""What a change of an entry must be (or it is refused), and what of it deserves a second look (or it is only said)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from bot.errors import RefusedError
from bot.knowledge import branches
from bot.knowledge.consistency import DIGITS, LINK, placeholders
from bot.knowledge.seed import (
    PLACEHOLDERS,
    Canned,
    Contact,
    LetterKind,
    Opportunity,
    Pathway,
    SafetyNumber,
    Service,
    Story,
    Term,
    TextFields,
    WeDid,
)

SHAPES: dict[
    str,
    type[Term]
    | type[Service]
    | type[SafetyNumber]
    | type[Pathway]
    | type[LetterKind]
    | type[Canned]
    | type[WeDid]
    | type[Story]
    | type[Opportunity]
    | type[Contact],
] = {
    "terms": Term,
    "services": Service,
    "safety": SafetyNumber,
    "pathways": Pathway,
    "letters": LetterKind,
    "replies": Canned,
    "we_did": WeDid,
    "opportunities": Opportunity,
    "contacts": Contact,
    "stories": Story,
}
REQUIRED = {
    "terms": {"meaning"},
    "services": {"description"},
    "safety": {"what"},
    "pathways": {"title", "summary"},
    "letters": {"name", "about"},
    "replies": {"text"},
    "we_did": {"said", "did"},
    "opportunities": {"what"},
    "contacts": {"helps"},
    "stories": {"title", "story"},
    "steps": {"title", "do"},
}
LONGEST = 2_000  # characters: more than one message of any channel should hold
MOST_FOLLOW_UP_DAYS = 180
_URL = re.compile(r"https?://[^\s/]+\S*")
_EMAIL = re.compile(r"[^\s@<>,;:\"]+@[^\s@<>,;:\"]+\.[^\s@<>,;:\"]+")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff]")  # a form's text needs none of them


class Warned(msgspec.Struct, frozen=True):
    """`what`: numbers_changed, links_changed (English against what it was); numbers_differ, links_differ (a translation
    against the English)."""

    what: str
    language: str
    field: str


def cleaned(text: str) -> str:
    """As it is stored: one kind of line end, no control characters, nothing around it."""
    return _INVISIBLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def field_exists(kind: str, data: Mapping[str, Any], field: str) -> bool:
    """Whether an entry of this kind has a text of this name; a pathway's steps have theirs as `<step>/<field>`."""
    step, slash, name = field.rpartition("/")
    if slash:
        return kind == "pathways" and name in TextFields["steps"] and step in {s["key"] for s in data.get("steps", [])}
    return field in TextFields[kind] or (kind == "terms" and field == "names")


def check_text(kind: str, language: str, field: str, text: str) -> None:
    """Raises RefusedError: text_required, text_long, placeholder."""
    _, slash, name = field.rpartition("/")
    if language == "en" and not text and name in REQUIRED["steps" if slash else kind]:
        raise RefusedError(f"{field} cannot be empty", "text_required")
    if len(text) > LONGEST:
        raise RefusedError(f"{field} has more than {LONGEST} characters", "text_long")
    if kind == "replies" and (unknown := placeholders(text) - set(PLACEHOLDERS)):
        raise RefusedError(f"{', '.join(sorted(unknown))}: is none of {', '.join(PLACEHOLDERS)}", "placeholder")


def check_data(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """The data as it is stored. Raises RefusedError: shape, link, no_contact, hours, dates, email, follow_up_days, pathway."""
    try:
        entry = msgspec.convert(data, SHAPES[kind])
    except msgspec.ValidationError as error:
        # the message names the place and the expected type; what was typed is not in it
        raise RefusedError(f"this is not right: {error}", "shape") from error
    if entry.fact.review_by < entry.fact.checked_on:
        raise RefusedError("the day to look again is before the day it was checked", "dates")
    if not isinstance(entry, Pathway) and not getattr(entry, "name", "x").strip():  # a pathway has a title
        raise RefusedError("the name cannot be empty", "text_required")
    if isinstance(entry, Service):
        _check_service(entry)
    if isinstance(entry, Opportunity):
        _check_opportunity(entry)
    if isinstance(entry, Pathway) and (wrong := branches.problems_of(entry)):
        raise RefusedError("; ".join(wrong), "pathway")
    return dict(msgspec.to_builtins(entry))


def _check_service(service: Service) -> None:
    if service.url and not _URL.fullmatch(service.url):
        raise RefusedError("a link begins with http:// or https://", "link")
    if not (service.phones or service.url or service.email or service.address):
        raise RefusedError("there is no way to reach this service", "no_contact")
    if service.referral_email and not _EMAIL.fullmatch(service.referral_email):
        raise RefusedError("this is not an e-mail address", "email")
    if not 1 <= service.follow_up_days <= MOST_FOLLOW_UP_DAYS:
        raise RefusedError(f"the person is asked after 1 to {MOST_FOLLOW_UP_DAYS} days", "follow_up_days")
    for opening in service.openings:
        times = (opening.opens, opening.closes)
        if not opening.days or not all(_TIME.fullmatch(time) for time in times) or opening.opens >= opening.closes:
            raise RefusedError("hours need days, and must close after they open", "hours")


def _check_opportunity(one: Opportunity) -> None:
    if one.url and not _URL.fullmatch(one.url):
        raise RefusedError("a link begins with http:// or https://", "link")
    if not (one.phones or one.url or one.email):
        raise RefusedError("there is no way to reach this organisation", "no_contact")
    if one.referral_email and not _EMAIL.fullmatch(one.referral_email):
        raise RefusedError("this is not an e-mail address", "email")
    if not 1 <= one.follow_up_days <= MOST_FOLLOW_UP_DAYS:
        raise RefusedError(f"the person is asked after 1 to {MOST_FOLLOW_UP_DAYS} days", "follow_up_days")


def compare(was: str, becomes: str, english: str, language: str, field: str) -> list[Warned]:
    """What of numbers and links is not as before (English) or not as in the English (a translation)."""
    if not becomes or field == "names":
        return []
    against = was if language == "en" else english
    ending = "changed" if language == "en" else "differ"
    found = []
    if against and _numbers(against) != _numbers(becomes):
        found.append(Warned(f"numbers_{ending}", language, field))
    if against and set(LINK.findall(against)) != set(LINK.findall(becomes)):
        found.append(Warned(f"links_{ending}", language, field))
    return found


def _numbers(text: str) -> list[str]:
    return sorted(re.findall(r"\d+", text.translate(DIGITS).replace("٬", ",").replace("٫", ".")))
