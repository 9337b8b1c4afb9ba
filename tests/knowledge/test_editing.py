"""Editing: what was before is kept, what is new is spoken, what is stale or wrong is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import RefusedError
from bot.house import House
from bot.knowledge import catalogue, editing, loading, snapshot
from bot.knowledge.checks import Warned
from bot.knowledge.models import Entry, Version
from bot.knowledge.seed import Fact, Opening, Phone, Seed, Service, Term

FACT = Fact(
    source="https://example.org", checked_on=dt.date(2026, 11, 1), review_by=dt.date(2027, 5, 1), volatility="C", sure="V"
)
TERM = Term(
    key="band-5", name="Band 5", domain="nhs-jobs", meaning="The first level, from £32,073.", confusion="Not grade 5.", fact=FACT
)
SERVICE = Service(
    key="hub",
    organization="Learning Works",
    name="Advice hub",
    needs=["legal"],
    description="Free advice.",
    phones=[Phone(number="0121 000 0000")],
    openings=[Opening(days=["mon"], opens="09:00", closes="17:00")],
    fact=FACT,
)
TEXTS = {"ar": {"terms": {"band-5": {"meaning": "المستوى الأول، من £32,073.", "confusion": "ليست الدرجة 5."}}}}
SEED = Seed(
    terms=[TERM], services=[SERVICE], safety=[], pathways=[], letters=[], texts=TEXTS, names={"ar": {"band-5": ["باند 5"]}}
)


@pytest.fixture
def known(house: House) -> House:
    with house.sessions.begin() as session:
        loading.load(session, SEED)
    return house


def entry(session: Session, kind: str = "terms", key: str = "band-5") -> Entry:
    found = editing.find(session, kind, key)
    assert found is not None
    return found


def edit(house: House, language: str, field: str, text: str, **options: Any) -> list[Warned]:
    with house.sessions.begin() as session:
        return editing.edit_text(session, entry(session), language, field, text, "staff:1", "because", **options)


def said(house: House, field: str, language: str) -> tuple[str, str, str]:
    with house.sessions() as session:
        words = snapshot.current(session).words("terms", "band-5", field, language)
        return words.text, words.language, words.state


def refused(house: House, kind: str, key: str, **data: Any) -> str:
    with house.sessions.begin() as session, pytest.raises(RefusedError) as error:
        editing.edit_data(session, entry(session, kind, key), data, "staff:1", "")
    return error.value.reason


def test_an_edited_text_is_what_the_bot_says_at_the_next_question(known: House) -> None:
    said(known, "meaning", "en")  # a snapshot was read before
    edit(known, "en", "meaning", "The first level for registered staff.")
    assert said(known, "meaning", "en")[0] == "The first level for registered staff."
    with known.sessions() as session:
        assert entry(session).data["meaning"] == "The first level for registered staff."
        assert entry(session).edited


def test_changed_english_makes_the_other_languages_outdated_and_english_is_said(known: House) -> None:
    edit(known, "en", "meaning", "Another meaning.")
    assert said(known, "meaning", "ar") == ("Another meaning.", "en", "reviewed")
    assert said(known, "confusion", "ar")[1] == "ar"  # the texts beside it are as they were


def test_a_new_translation_is_said_again_as_a_draft_until_somebody_checked_it(known: House) -> None:
    edit(known, "en", "meaning", "Another meaning.")
    edit(known, "ar", "meaning", "معنى آخر.")
    assert said(known, "meaning", "ar") == ("معنى آخر.", "ar", "draft")
    with known.sessions.begin() as session:
        same = {("ar", "meaning"): "معنى آخر."}
        editing.change(session, entry(session), who="staff:1", why="", texts=same, checked=True)
    assert said(known, "meaning", "ar")[2] == "reviewed"


def test_english_and_translation_changed_together_stay_together(known: House) -> None:
    with known.sessions.begin() as session:
        both = {("ar", "meaning"): "معنى جديد.", ("en", "meaning"): "A new meaning."}
        editing.change(session, entry(session), who="staff:1", why="", texts=both, checked=True)
    assert said(known, "meaning", "ar") == ("معنى جديد.", "ar", "reviewed")


def test_what_was_before_is_kept_with_who_and_why_and_can_come_back(known: House) -> None:
    edit(known, "en", "meaning", "Another meaning.")
    with known.sessions.begin() as session:
        version = editing.versions(session, entry(session))[0]
        assert (version.who, version.why) == ("staff:1", "because")
        assert version.before["texts"]["en"]["meaning"] == TERM.meaning
        editing.restore(session, version, "staff:2", "it was right")
    assert said(known, "meaning", "en")[0] == TERM.meaning
    assert said(known, "meaning", "ar") == (TEXTS["ar"]["terms"]["band-5"]["meaning"], "ar", "machine-drafted")
    with known.sessions() as session:
        assert session.scalars(select(Version)).all()[-1].before["texts"]["en"]["meaning"] == "Another meaning."


def test_restoring_takes_away_a_text_that_came_later(known: House) -> None:
    edit(known, "en", "change", "It was called Grade D.")
    with known.sessions.begin() as session:
        editing.restore(session, editing.versions(session, entry(session))[0], "staff:1", "")
    assert said(known, "change", "en")[0] == ""


def test_loading_again_never_overwrites_an_edit_nor_brings_back_what_was_emptied(known: House) -> None:
    edit(known, "en", "meaning", "Ours.")
    edit(known, "en", "confusion", "")
    newer = msgspec.structs.replace(SEED, terms=[msgspec.structs.replace(TERM, meaning="Theirs.", confusion="Theirs.")])
    with known.sessions.begin() as session:
        kept = loading.load(session, newer).kept
    assert said(known, "meaning", "en")[0] == "Ours." and said(known, "confusion", "en")[0] == ""
    assert said(known, "confusion", "ar")[0] == ""  # of nothing there is no translation
    assert "terms/band-5" in kept


def test_a_stale_form_is_refused_and_changes_nothing(known: House) -> None:
    with known.sessions() as session:
        seen = editing.revision(entry(session))
    edit(known, "en", "meaning", "First.", seen=seen)
    with pytest.raises(RefusedError) as error:
        edit(known, "en", "meaning", "Second.", seen=seen)
    assert error.value.reason == "stale" and said(known, "meaning", "en")[0] == "First."


def test_the_same_form_sent_twice_makes_one_version(known: House) -> None:
    with known.sessions() as session:
        seen = editing.revision(entry(session))
    for _ in range(2):
        edit(known, "en", "meaning", "First.", seen=seen)
    with known.sessions() as session:
        assert len(editing.versions(session, entry(session))) == 1


@pytest.mark.parametrize(
    ("language", "field", "text", "why"),
    [
        ("en", "meaning", " \n ", "text_required"),
        ("en", "meaning", "x" * 2_001, "text_long"),
        ("en", "nonsense", "x", "field"),
        ("en", "step/title", "x", "field"),
    ],
)
def test_a_text_that_cannot_be_is_refused(known: House, language: str, field: str, text: str, why: str) -> None:
    with pytest.raises(RefusedError) as error:
        edit(known, language, field, text)
    assert error.value.reason == why


def test_changed_numbers_and_links_are_pointed_out(known: House) -> None:
    assert edit(known, "en", "meaning", "The first level, from £33,000, see https://a.example") == [
        Warned("numbers_changed", "en", "meaning"),
        Warned("links_changed", "en", "meaning"),
    ]
    assert edit(known, "ar", "meaning", "المستوى الأول، من £٣٣٬٠٠٠، https://a.example") == []  # Arabic-Indic digits
    assert edit(known, "ar", "meaning", "المستوى الأول، من £32,073، https://a.example") == [
        Warned("numbers_differ", "ar", "meaning")
    ]


def test_direction_overrides_and_control_characters_do_not_get_in(known: House) -> None:
    edit(known, "en", "meaning", "a\u202eb\x00c\r\nd")
    assert said(known, "meaning", "en")[0] == "abc\nd"


def test_facts_are_checked_before_they_are_spoken(known: House) -> None:
    assert refused(known, "services", "hub", url="javascript:alert(1)") == "link"
    assert refused(known, "services", "hub", phones=[]) == "no_contact"
    assert refused(known, "services", "hub", openings=[{"days": ["mon"], "opens": "17:00", "closes": "09:00"}]) == "hours"
    assert refused(known, "services", "hub", needs=["everything"]) == "shape"
    assert refused(known, "terms", "band-5", name=" ") == "text_required"
    fact = msgspec.to_builtins(msgspec.structs.replace(FACT, review_by=dt.date(2026, 1, 1)))
    assert refused(known, "terms", "band-5", fact=fact) == "dates"


def test_an_edited_contact_is_what_the_bot_gives(known: House) -> None:
    with known.sessions.begin() as session:
        phones = {"phones": [{"number": "0121 111 1111", "note": ""}]}
        editing.edit_data(session, entry(session, "services", "hub"), phones, "staff:1", "they moved")
    with known.sessions() as session:
        assert snapshot.current(session).services["hub"].phones[0].number == "0121 111 1111"


def test_entries_are_found_by_name_alias_text_and_name_in_another_language(known: House) -> None:
    with known.sessions() as session:
        for words in ("band", "BAND 5", "first level", "باند"):
            rows, total = catalogue.search(session, "terms", words, ("en", "ar", "so"))
            assert total == 1 and rows[0].states == {"ar": "machine-drafted", "so": "missing"}
        assert catalogue.search(session, "terms", "band 6", ("en",))[1] == 0


def test_who_names_an_entry_is_the_same_out_of_memory_and_out_of_the_database(stocked: House) -> None:
    with stocked.sessions.begin() as session:
        entry = editing.find(session, "terms", "prescription")
        assert entry is not None
        editing.show(session, entry, published=False, archived=False, who="staff:1", why="")
    with stocked.sessions() as session:
        terms = ["gp", "nhs-number", "council-tax", "nobody", 'a"b']
        snapshot.forget()
        read = [catalogue.using(session, "terms", key) for key in terms] + [catalogue.using(session, "pathways", "nurse")]
        assert snapshot.already_read(session) is None  # none of it had to wait for the whole knowledge
        known = snapshot.current(session)
        assert read == [catalogue.using(session, "terms", key) for key in terms] + [catalogue.using(session, "pathways", "nurse")]
    named = [key for _, key, _ in read[0]]
    assert len(named) > 3 and "prescription" not in named and read[3:5] == [[], []]
    assert all("gp" in known.terms[key].related + known.terms[key].confused_with for key in named)


def test_a_list_without_words_counts_all_and_also_behind_its_end(stocked: House) -> None:
    with stocked.sessions() as session:
        rows, total = catalogue.search(session, "letters", "", ("en",))
        assert total == len(snapshot.current(session).letters) >= len(rows) > 0
        assert catalogue.search(session, "letters", " ", ("en",), 99) == ([], total)
        assert catalogue.search(session, "letters", "zzzz", ("en",), 99) == ([], 0)
