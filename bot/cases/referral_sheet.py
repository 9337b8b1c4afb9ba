"""A referral as a service reads it, on its page, as PDF and by e-mail: only what the person agreed to share, in English.

Everything about the person comes out of `Referral.shared`; the rest is about the service, or about us.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from bot import i18n
from bot.cases.hours import LONDON
from bot.cases.models import Referral
from bot.knowledge.seed import Service
from bot.knowledge.snapshot import Snapshot
from bot.replies import Block, Paper
from bot.settings import Settings

WORDED = ("need", "language", "contact")  # what has a paragraph of its own


def paper(knowledge: Snapshot, referral: Referral, settings: Settings) -> Paper:
    """The sheet. The caller has looked whether the consent holds."""
    name = f"referral-{referral.reference.lower()}"
    return Paper(name=name, form="pdf", language="en", blocks=list(_blocks(knowledge, referral, settings)))


def text(sheet: Paper) -> str:
    """The same as plain text."""
    lines = []
    for block in sheet.blocks:
        lines.append(f"\n{block.text.upper()}" if block.kind == "heading" else block.text)
    return "\n".join(lines).strip()


def _blocks(knowledge: Snapshot, referral: Referral, settings: Settings) -> Iterator[Block]:
    service = knowledge.receivers.get(referral.service)
    shared: dict[str, str] = dict(referral.shared or {})
    who = _us(settings)
    yield _block("title", _t("title", reference=referral.reference))
    to = service.name if service else referral.service
    yield _block("text", _t("from", organisation=settings.organisation, service=to))
    if need := shared.get("need"):
        yield _block("heading", _t("need"))
        yield _block("text", i18n.t("en", f"need.{need}") if i18n.has("en", f"need.{need}") else need)
    if language := shared.get("language"):
        yield _block("heading", _t("language"))
        yield _block("text", _language(language, service))
    if "contact" in shared:
        yield _block("heading", _t("contact"))
        yield _block("text", _t("contact_text", us=who))
    for name, value in shared.items():
        if name not in WORDED:
            yield _block("heading", shared_name(name))
            yield _block("text", value)
    for field in ("who", "bring"):
        if words := knowledge.words("services", referral.service, field, "en").text:
            yield _block("heading", _t(field))
            yield _block("text", f"{words}\n{_t(f'{field}_text')}")
    yield _block("heading", _t("consent"))
    yield _block("text", _t("consent_text", names=", ".join(map(shared_name, shared)), until=_day(referral.consent_until)))
    yield _block("note", _t("keep", us=who))


def shared_name(name: str) -> str:
    """What is shared, by its name."""
    key = f"service.shared.{name}"
    return i18n.t("en", key) if i18n.has("en", key) else name


def _language(code: str, service: Service | None) -> str:
    if code == "en":
        return _t("speaks_english")
    name = str(i18n.locale("en").languages.get(code, code))
    if service is not None and code in service.languages:
        return _t("speaks_yours", language=name)
    return _t("interpreter_yours" if service is not None and service.interpreters else "interpreter", language=name)


def _us(settings: Settings) -> str:
    return f"{settings.organisation}, {settings.contact}" if settings.contact else settings.organisation


def _day(at: dt.datetime) -> str:
    return i18n.date("en", at.astimezone(LONDON).date())


def _t(key: str, **values: str) -> str:
    return i18n.t("en", f"service.sheet.{key}", count=None, **values)


def _block(kind: str, words: str) -> Block:
    return Block(kind=kind, text=words, language="en")  # type: ignore[arg-type]  # one of the kinds named here
