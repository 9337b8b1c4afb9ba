"""A small house whose texts can be translated: a word, a service, a safety number, and the program's own sentences."""

from __future__ import annotations

import msgspec

from bot.house import House
from bot.knowledge import loading
from bot.knowledge.seed import SafetyNumber, Seed
from bot.wording import units
from bot.wording.units import Unit
from tests.knowledge.test_editing import FACT, SEED, TERM

CARD = msgspec.structs.replace(
    TERM,
    key="council-tax",
    name="Council Tax",
    meaning="Council Tax is a tax for your home. Pay by 1 April: https://example.org/pay",
    confusion="",
)
NUMBER = SafetyNumber(
    key="police", name="Police", number="999", dangers=["violence"], what="Ring 999 in danger.", order=1, fact=FACT
)
CONTENT = msgspec.structs.replace(
    SEED,
    terms=[TERM, CARD],
    safety=[NUMBER],
    texts={"ar": {**SEED.texts["ar"], "safety": {"police": {"what": "اتصل بالرقم 999 عند الخطر."}}}},
)
assert isinstance(CONTENT, Seed)
MEANING = "terms/band-5/meaning"
TAX = "terms/council-tax/meaning"
HELLO = "sentences/greet"


def stock(house: House) -> House:
    with house.sessions.begin() as session:
        loading.load(session, CONTENT)
    return house


def unit(house: House, place: str = MEANING, language: str = "ar") -> Unit:
    with house.sessions() as session:
        found = units.find(session, language, place)
    assert found is not None
    return found
