"""A service of ours as a full HSDS 3.0 record that is also one of the UK profile 3.0."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from msgspec import UNSET, UnsetType

from bot import i18n
from bot.knowledge import seed
from bot.knowledge.hsds import forms, hours, merging, reading, tables, vocabulary, whereabouts
from bot.knowledge.hsds.ids import identify
from bot.knowledge.hsds.incoming import OURS
from bot.knowledge.snapshot import Snapshot

FIELDS = seed.TextFields["services"]
CURRENCY = "GBP"


def record_of(
    service: seed.Service,
    *,
    modified: dt.datetime,
    texts: Mapping[str, Mapping[str, Mapping[str, str]]] | None = None,
) -> dict[str, Any]:
    """The record as JSON. An imported one comes out as it came in, but for what was edited since.

    `texts`: language -> field -> {"text", "state"}, the translations, which HSDS 3.0 has no place for. What is no e-mail
    address or link by the standard is left out: `left_out` names it.
    """
    made = reading.dump(_record(service, modified))
    told = {**_told(service), **({"texts": texts} if texts else {})}
    if not service.hsds:
        return {**made, OURS: told}
    found = merging.merged(service, made)
    if texts:
        found[OURS] = {**(found[OURS] if isinstance(found.get(OURS), dict) else {}), "texts": texts}
    return found


def identifier_of(service: seed.Service) -> str:
    """The service's UUID: its own where it was imported, else made of its key."""
    return str(service.hsds["id"]) if service.hsds else identify("service", service.key)


def translations(knowledge: Snapshot, service: seed.Service, languages: tuple[str, ...]) -> dict[str, dict[str, dict[str, str]]]:
    """What may be said of the service in other languages, with its state."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for language in languages:
        for field in FIELDS:
            words = knowledge.words("services", service.key, field, language)
            if words and words.language == language != "en":
                found.setdefault(language, {})[field] = {"text": words.text, "state": words.state}
    return found


def left_out(service: seed.Service) -> list[str]:
    """The fields whose value the standard's formats do not allow."""
    wrong = [("email", service.email and not forms.is_email(service.email))]
    wrong += [("url", service.url and not forms.is_link(forms.as_uri(service.url)))]
    return [name for name, is_wrong in wrong if is_wrong]


def _told(service: seed.Service) -> dict[str, Any]:
    fact = service.fact
    source = {"source": fact.source} if forms.is_web(fact.source) else {}
    return {"key": service.key, **source, "review_by": fact.review_by.isoformat(), "sure": fact.sure}


def _record(service: seed.Service, modified: dt.datetime) -> tables.Service:
    key, url = service.key, forms.as_uri(service.url)
    return tables.Service(
        id=identifier_of(service),
        name=service.name,
        description=service.description,
        url=url if forms.is_link(url) else UNSET,
        email=service.email if forms.is_email(service.email) else UNSET,
        status="active",
        interpretation_services=i18n.t("en", "api.interpreters") if service.interpreters else UNSET,
        application_process=_set(service.how),
        fees_description=_set(service.cost),
        fees=_set(service.cost),
        eligibility_description=_set(service.who),
        minimum_age=UNSET if service.min_age is None else service.min_age,
        maximum_age=UNSET if service.max_age is None else service.max_age,
        assured_date=service.fact.checked_on.isoformat(),
        last_modified=forms.written(modified),
        phones=[_phone(key, phone) for phone in service.phones],
        schedules=hours.schedules_of(service),
        service_areas=whereabouts.areas_of(service),
        service_at_locations=whereabouts.at_locations(service),
        languages=[
            tables.Language(id=identify("language", key, code), name=vocabulary.language_name(code), code=code)
            for code in service.languages
        ],
        organization=tables.Organization(
            id=identify("organization", service.organization), name=service.organization, description=""
        ),
        cost_options=[tables.CostOption(id=identify("cost_option", key, 0), amount=0, currency=CURRENCY)]
        if _is_free(service)
        else [],
        required_documents=(
            [tables.RequiredDocument(id=identify("required_document", key), document=service.bring)] if service.bring else []
        ),
        attributes=vocabulary.described(service),
    )


def _phone(key: str, phone: seed.Phone) -> tables.Phone:
    return tables.Phone(id=identify("phone", key, phone.number), number=phone.number, description=_set(phone.note))


def _is_free(service: seed.Service) -> bool:
    return "free" in service.attributes


def _set(text: str) -> str | UnsetType:
    return text or UNSET
