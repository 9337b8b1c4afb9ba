"""A full HSDS or UK profile record as a service of ours. What we have no place for stays in `Service.hsds`, whole.

The same record gives the same service at any time, so that bot.knowledge.hsds.merging can tell what was edited since.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from typing import Any, cast

import msgspec

from bot.errors import PermanentError
from bot.knowledge import seed
from bot.knowledge.hsds import forms, hours, prose, reading, vocabulary, whereabouts
from bot.knowledge.hsds.ids import identify
from bot.knowledge.hsds.tables import Contact, CostOption, Location, Number, Organization, Phone, Service, said

OURS = "x_useit"  # the member in which our own records say what HSDS has no word for
REVIEW_DAYS = 30  # class A, "changes with little notice", is looked at monthly
_NO_VOICE = frozenset({"fax", "pager", "textphone", "tty", "text"})


def service_of(record: Service, raw: dict[str, Any], key: str, fact: seed.Fact) -> seed.Service:
    """`raw` is the record as it was read. A contact may stand anywhere in it; see `has_contact`."""
    locations = [at.location for at in record.service_at_locations if isinstance(at.location, Location)]
    own = [place for place in locations if is_own_address(place, raw)]
    spots = [spot for place in locations if place not in own and (spot := whereabouts.location_of(place))]
    area = whereabouts.area_of(record.service_areas, locations)
    openings = hours.openings_of(record.schedules, fact.checked_on)
    elsewhere = [schedule for at in record.service_at_locations for schedule in at.schedules]
    if not openings:
        openings = hours.openings_of(elsewhere, fact.checked_on)
    organization = _organization(record)
    phones, email, url = _phones(record), _email(record), _url(record)
    address = "; ".join(line_of(place) for place in own)
    if not (address or phones or email or url):
        address = next((line_of(place) for place in locations if line_of(place)), "")
    return seed.Service(
        key=key,
        organization=prose.line(organization.name if organization else record.name),
        name=prose.line(record.name),
        needs=cast("list[seed.Need]", _needs(record)),
        description=prose.short(said(record.description)),
        fact=fact,
        towns=area.towns,
        postcode_districts=area.districts,
        national=area.national,
        address=address,
        locations=spots,
        phones=phones,
        url=url,
        email=email,
        languages=list(dict.fromkeys(code for spoken in record.languages if (code := vocabulary.language_code(spoken)))),
        attributes=cast("Any", _features(record, locations)),
        immigration_level=cast("Any", _level(record)),
        openings=openings,
        hours=hours.words_of(record.schedules or elsewhere),
        bring=prose.joined([paper.document for paper in record.required_documents]),
        how=prose.short(said(record.application_process)),
        who=prose.short(said(record.eligibility_description)),
        min_age=_years(record.minimum_age, math.floor),
        max_age=_years(record.maximum_age, math.ceil),
        cost=_cost(record, fact.checked_on),
        interpreters=bool(prose.plain(said(record.interpretation_services))),
        hsds=raw,
    )


def stored_record(service: seed.Service) -> Service:
    """The record an entry was imported from. Raises PermanentError when somebody has broken it."""
    problems: list[str] = []
    record = reading.read(Service, service.hsds, service.key, problems)
    if record is None:
        raise PermanentError(f"services/{service.key}: the imported record cannot be read: {problems[0]}")
    return record


def as_imported(service: seed.Service) -> seed.Service:
    """What an imported service was before anybody edited it."""
    return with_ours(service_of(stored_record(service), service.hsds, service.key, service.fact), service)


def with_ours(service: seed.Service, known: seed.Service) -> seed.Service:
    """`service` with what we know of working with it, which no feed says."""
    return msgspec.structs.replace(service, **{name: getattr(known, name) for name in seed.HOUSE_FIELDS})


def fact_of(record: Service, source: str, today: dt.date) -> seed.Fact:
    """Seen on another's page, on the day they assured it or changed it last; today when they say neither."""
    day = min(stated_day(record) or today, today)
    review = day + dt.timedelta(days=REVIEW_DAYS)
    return seed.Fact(source=source, checked_on=day, review_by=review, volatility="A", sure="V2")


def stated_day(record: Service) -> dt.date | None:
    """The day for which the record's keeper vouches."""
    return forms.day_of(record.assured_date) or forms.day_of(record.last_modified)


def has_contact(service: seed.Service) -> bool:
    return bool(service.phones or service.url or service.email or service.address)


def own_key(raw: dict[str, Any]) -> str:
    """The key of a record that an installation of this program made; "" for any other."""
    ours = raw.get(OURS)
    key = ours.get("key") if isinstance(ours, dict) else None
    return key if isinstance(key, str) and raw.get("id") == identify("service", key) else ""


def is_own_address(place: Location, raw: dict[str, Any]) -> bool:
    """Whether it is the address that a service of ours gives by itself (bot.knowledge.hsds.whereabouts)."""
    return place.id == identify("location", own_key(raw), "address")


def line_of(place: Location) -> str:
    """A location's address in one line; "" when there is none."""
    spot = whereabouts.location_of(place)
    return ", ".join(part for part in (spot.address, spot.town, spot.postcode) if part) if spot else ""


def is_voice(phone: Phone) -> bool:
    """Whether somebody speaks there: a fax is no way to reach a service for the people who use this."""
    return said(phone.type).lower() not in _NO_VOICE


def number_of(phone: Phone) -> str:
    """As it is dialled and shown: some feeds put it in quotes."""
    return prose.line(phone.number.strip().strip("\"'"))


def _organization(record: Service) -> Organization | None:
    return record.organization if isinstance(record.organization, Organization) else None


def _contacts(record: Service) -> Iterator[Contact]:
    yield from record.contacts
    for at in record.service_at_locations:
        yield from at.contacts
        yield from at.location.contacts if isinstance(at.location, Location) else []


def _phones(record: Service) -> list[seed.Phone]:
    near = [*record.phones, *(phone for contact in _contacts(record) for phone in contact.phones)]
    for at in record.service_at_locations:
        near += [*at.phones, *(at.location.phones if isinstance(at.location, Location) else [])]
    if not near and (organization := _organization(record)):
        near = [*organization.phones, *(p for c in organization.contacts for p in c.phones)]
    found: dict[str, seed.Phone] = {}
    for phone in near:
        number = number_of(phone)
        if number and is_voice(phone):
            extension = f"ext. {phone.extension}" if isinstance(phone.extension, int | float) else ""
            note = "; ".join(part for part in (extension, prose.line(phone.description)) if part)
            found.setdefault(number, seed.Phone(number=number, note=note))
    return list(found.values())


def _email(record: Service) -> str:
    emails = [record.email, *(contact.email for contact in _contacts(record))]
    emails += [organization.email] if (organization := _organization(record)) else []
    return next((said(email) for email in emails if email), "")


def _url(record: Service) -> str:
    links = [record.url, *([organization.website] if (organization := _organization(record)) else [])]
    return next((said(link) for link in links if forms.is_web(said(link))), "")


def _needs(record: Service) -> list[str]:
    """Ours where somebody gave them; else what their own terms and name speak of, or at last their description."""
    ours = vocabulary.codes_of(record.attributes, "needs")
    terms = [a.taxonomy_term.name for a in record.attributes if a.taxonomy_term]
    return ours or vocabulary.needs_in(*terms, record.name) or vocabulary.needs_in(prose.plain(record.description))


def _features(record: Service, locations: list[Location]) -> list[str]:
    found = vocabulary.codes_of(record.attributes, "features")
    amounts = [option.amount for option in record.cost_options]
    if "free" not in found and amounts and all(amount == 0 for amount in amounts):
        found.append("free")
    if "online" not in found and any(place.location_type == "virtual" for place in locations):
        found.append("online")
    return found


def _level(record: Service) -> int:
    return max((int(code) for code in vocabulary.codes_of(record.attributes, "immigration-advice")), default=0)


def _years(age: Number, rounded: Any) -> int | None:
    return int(rounded(age)) if isinstance(age, int | float) else None


def _cost(record: Service, on: dt.date) -> str:
    told = prose.short(said(record.fees_description) or said(record.fees))
    return told or prose.joined([_price(option) for option in record.cost_options if _is_due(option, on)], "; ")


def _price(option: CostOption) -> str:
    amount = (
        f"{option.amount:g} {said(option.currency).upper()}" if isinstance(option.amount, int | float) and option.amount else ""
    )
    words = " ".join(part for part in (amount.strip(), prose.line(option.amount_description)) if part)
    return ": ".join(part for part in (prose.line(option.option), words) if part)


def _is_due(option: CostOption, on: dt.date) -> bool:
    begins, ends = forms.day_of(option.valid_from), forms.day_of(option.valid_to)
    return (begins is None or begins <= on) and (ends is None or on <= ends)
