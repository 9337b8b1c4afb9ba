"""A few opportunities and one trusted place, made up for tests; none of them exists."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from bot.knowledge import loading
from bot.knowledge.consistency import english_of
from bot.knowledge.models import Entry, Text
from bot.knowledge.seed import Contact, Fact, Opportunity

TODAY = dt.date.today()
FACT = Fact(
    source="https://example.org",
    checked_on=TODAY - dt.timedelta(days=3),
    review_by=TODAY + dt.timedelta(days=90),
    volatility="B",
    sure="V",
)
KITCHEN = Opportunity(
    key="test-kitchen",
    organization="Example Kitchen",
    name="Cook for neighbours",
    kind="volunteering",
    what="You cook lunch with others.",
    needs=["cook", "food-hygiene"],
    gives=["expenses", "reference"],
    times=["weekdays"],
    hours="Tuesday, 10:00 to 13:00",
    who="Everybody over 18.",
    how="Write to them.",
    towns=["Birmingham"],
    postcode_districts=["B16"],
    languages=["ar"],
    email="kitchen@example.org",
    referral_email="kitchen@example.org",
    fact=FACT,
)
BOOKS = Opportunity(
    key="test-books",
    organization="Example Library",
    name="Read to children",
    kind="volunteering",
    what="You read stories to children.",
    needs=["teach-children"],
    times=["weekends"],
    towns=["Birmingham"],
    postcode_districts=["B21"],
    languages=["so"],
    url="https://example.org/books",
    fact=FACT,
)
WARD = Opportunity(
    key="test-ward",
    organization="Example Hospital",
    name="Watch work on a ward",
    kind="attachment",
    what="You watch a team at work for four weeks.",
    needs=["examine-patients"],
    towns=["Sandwell"],
    postcode_districts=["B71"],
    url="https://example.org/ward",
    fact=FACT,
)
SHOP = Opportunity(
    key="test-shop",
    organization="Example Shop",
    name="Work in a shop",
    kind="vacancy",
    what="You sell food.",
    needs=["cook"],
    paid=True,
    towns=["Birmingham"],
    postcode_districts=["B16"],
    url="https://example.org/shop",
    fact=FACT,
)
BARBER = Contact(
    key="test-barber",
    name="Example Barber",
    place="barber",
    helps="You can sit here and ask. They know where to find a doctor.",
    agreed_on=TODAY - dt.timedelta(days=10),
    agreed_with="an example caseworker",
    assured_on=TODAY - dt.timedelta(days=10),
    needs=["health", "community"],
    address="1 Example Road",
    postcode_districts=["B16"],
    towns=["Birmingham"],
    languages=["ar", "en"],
    fact=FACT,
)
ALL = {"opportunities": (KITCHEN, BOOKS, WARD, SHOP), "contacts": (BARBER,)}


def stock(session: Session, kinds: tuple[str, ...] = ("opportunities", "contacts")) -> None:
    """Puts them beside what is known already, in English."""
    for kind in kinds:
        for one in ALL[kind]:
            data: dict[str, Any] = msgspec.to_builtins(one)
            entry = Entry(kind=kind, key=data["key"], data=data)
            for field, text in english_of(kind, data).items():
                if text:
                    entry.texts.append(Text(language="en", field=field, text=text, state="reviewed"))
            session.add(entry)
    loading.touch(session)
