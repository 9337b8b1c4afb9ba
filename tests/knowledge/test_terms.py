"""The word is found however it is typed, and figures that are too old are not spoken."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.house import House
from bot.knowledge import letters, snapshot
from bot.knowledge.snapshot import Snapshot


@pytest.fixture
def knowledge(stocked: House) -> Snapshot:
    with stocked.sessions() as session:
        return snapshot.current(session)


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("what does Band 5 mean", "band-5"),
        ("DBS?", "dbs"),
        ("D.B.S check", "dbs"),
        ("safegarding", "safeguarding"),
        ("what is a saveguarding", "safeguarding"),
        ("counsil tax", "council-tax"),
        ("universal-credit", "universal-credit"),
        ("COUNCIL TAX", "council-tax"),
        ("what are payslips", "payslip"),
        ("waa maxay OSCE", "osce"),
        ("شو يعني الـ OSCE", "osce"),
        ("ما معنى ضريبة المجلس", "council-tax"),
        ("what is nhs 111", "nhs-111"),
        ("e visa", "evisa"),
    ],
)
def test_the_word_is_found_as_it_is_typed(knowledge: Snapshot, asked: str, key: str) -> None:
    language = "ar" if any("\u0600" < c < "\u06ff" for c in asked) else "so" if "waa" in asked else "en"
    assert key in [f.key for f in knowledge.term_index.in_question(asked, language)]


@pytest.mark.parametrize("asked", ["what is the weather", "flurbozzle", "", "how are you", "11 months"])
def test_what_is_no_term_is_not_taken_for_one(knowledge: Snapshot, asked: str) -> None:
    assert knowledge.term_index.in_question(asked) == []


@pytest.mark.parametrize(
    ("asked", "keys"),
    [
        ("universal credit give me sanction", ["sanction", "universal-credit"]),  # the field it stands in comes after it
        ("my universal credit was declined, what is it", ["decline", "universal-credit"]),  # an office's ordinary word between
        ("what is a guarantor", ["guarantor"]),  # "is a" is no ISA
        ("council tax reducton", ["council-tax-reduction"]),  # not its part that is spelled right
        ("nil by mouth", ["nil-by-mouth"]),
    ],
)
def test_what_is_asked_comes_before_what_it_is_about(knowledge: Snapshot, asked: str, keys: list[str]) -> None:
    assert [f.key for f in knowledge.term_index.in_question(asked)] == keys


def test_every_term_is_found_by_its_own_name_aliases_and_names(knowledge: Snapshot) -> None:
    index = knowledge.term_index
    missed = [(t.key, form) for t in knowledge.terms.values() for form in (t.name, *t.aliases) if index.lookup(form) != t.key]
    assert missed == []


def test_a_letter_gives_its_words_and_its_dates(knowledge: Snapshot) -> None:
    text = "Your Universal Credit claim: attend the Jobcentre on 3 March 2027 at 10am. Bring your payslip by 1st of March 2027. It is for you."
    read = letters.read(text, knowledge.term_index, dt.date(2026, 11, 23))
    assert {"universal-credit", "payslip"} <= {f.key for f in read.terms}
    assert "it" not in {f.as_written for f in read.terms}
    assert [d.day for d in read.dates] == [dt.date(2027, 3, 1), dt.date(2027, 3, 3)]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("14 December 2026", "2026-12-14"),
        ("14th December", "2026-12-14"),
        ("December 14, 2026", "2026-12-14"),
        ("14/12/2026", "2026-12-14"),
        ("14.12.26", "2026-12-14"),
        ("2026-12-14", "2026-12-14"),
        ("3 January", "2027-01-03"),
        ("31/02/2027", None),
    ],
)
def test_dates_as_offices_write_them(written: str, day: str | None) -> None:
    found = letters._DATE.search(f"by {written} at the latest")
    assert found is not None
    result = letters._day(found[0], dt.date(2026, 11, 23))
    assert (result.isoformat() if result else None) == day
