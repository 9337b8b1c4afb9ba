"""The list that ships is whole; what people say in eight languages is heard as what it is, and nothing else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.errors import PermanentError
from bot.talents.catalogue import Catalogue, catalogue
from bot.talents.hearing import Heard, hear
from bot.talents.seed import FOLDER, LANGUAGES, read


def heard(text: str, language: str) -> Heard:
    return hear(text, language, catalogue())


def keys(found: Heard) -> set[str]:
    return {one.key for one in found.said}


def test_the_list_is_as_large_as_promised_and_each_thing_is_found_by_its_name_in_each_language() -> None:
    known = catalogue()
    assert len(known.skills) >= 150 and len(known.jobs) >= 120
    lost = [
        (language, kind, key)
        for language in LANGUAGES
        for kind, entries in (("skill", known.skills), ("job", known.jobs))
        for key in entries
        if key not in keys(heard(known.name(kind, key, language), language))
    ]
    assert lost == []


SAID = [
    ("en", "I was a nurse and I give injections", {"nurse", "give-injections"}),
    ("en", "i sowing clothes and look after my mother, i fix phones", {"sew", "care-elderly", "repair-phones"}),
    ("en", "electrican, plumbing, welding", {"electrician", "install-pipes", "weld"}),
    ("ar", "كنت أعلم الأطفال في البيت واعتني بأمي المريضة", {"teach-children", "care-elderly"}),
    ("ar", "بعرف أطبخ وأخيط وأسوق سيارة", {"cook", "sew", "drive-car"}),
    ("so", "dhar baan tolaa carruurtana waan hayaa, xoolo ayaan dhaqan jiray", {"sew", "look-after-children", "keep-cattle"}),
    ("fa", "من معلم بودم و آشپزی می‌کنم", {"teacher", "cook"}),
    ("ps", "زه ښوونکی وم او موټر چلولی شم، خياطي کوم", {"teacher", "drive-car", "sew"}),
    ("ur", "میں کھانا پکاتی ہوں، بچوں کو پڑھاتی تھی", {"cook", "teach-children"}),
    ("uk", "Я працювала вчителькою, доглядала бабусю і вожу машину", {"teacher", "care-elderly", "drive-car"}),
    ("fr", "je garde des enfants et je conduis un camion", {"look-after-children", "drive-lorry"}),
]


@pytest.mark.parametrize(("language", "text", "wanted"), SAID)
def test_free_words_are_heard(language: str, text: str, wanted: set[str]) -> None:
    assert keys(heard(text, language)) == wanted


@pytest.mark.parametrize(
    ("language", "text", "years"),
    [
        ("en", "I was a nurse for five years and I sew", 5),
        ("ar", "كنت ممرضة لمدة خمس سنوات", 5),
        ("ar", "ممرضة ٧ سنوات", 7),
        ("so", "kalkaaliye shan sano", 5),
        ("uk", "медсестра десять років", 10),
        ("fr", "infirmière pendant 12 ans", 12),
        ("en", "nurse 900 years", None),
    ],
)
def test_years_belong_to_the_job(language: str, text: str, years: int | None) -> None:
    assert {one.key: one.years for one in heard(text, language).said}["nurse"] == years


@pytest.mark.parametrize(
    ("language", "text", "not_said"),
    [
        ("en", "I can't drive but I sew", "drive-car"),
        ("en", "I never cooked", "cook"),
        ("fr", "je ne sais pas conduire", "drive-car"),
        ("uk", "не вмію готувати", "cook"),
        ("fa", "رانندگی بلد نیستم", "drive-car"),
        ("ur", "گاڑی نہیں چلا سکتا", "drive-car"),
    ],
)
def test_what_somebody_says_they_cannot_do_is_not_heard(language: str, text: str, not_said: str) -> None:
    assert not_said not in keys(heard(text, language))


def test_a_job_is_a_reason_to_ask_and_not_a_fact() -> None:
    found = heard("I was a nurse and I give injections", "en")
    assert found.implied and all(one.implied_by == "nurse" for one in found.implied)
    assert keys(found).isdisjoint(one.key for one in found.implied)
    assert heard("I cook", "en").implied == ()


@pytest.mark.parametrize(
    ("language", "text"), [("en", "I sell drugs"), ("ar", "أبيع مخدرات"), ("uk", "я злодій"), ("en", "i am batman")]
)
def test_a_crime_or_a_joke_is_refused(language: str, text: str) -> None:
    assert heard(text, language).refused and not heard(text, language).said


@pytest.mark.parametrize("text", ["", "🙂", "hello how are you", "what is council tax", "a" * 10_000, "\ud800", "'; DROP TABLE"])
def test_other_words_are_no_skill(text: str) -> None:
    assert heard(text, "en") == Heard()


def test_a_skill_said_in_two_languages_at_once_is_heard() -> None:
    assert {"sew", "nurse"} <= keys(heard("kalkaaliye ayaan ahay, sewing too", "so"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "skills"))


def test_every_problem_of_the_files_is_named_and_nothing_is_half_read(folder: Path) -> None:
    trade = folder / "skills/trade.yml"
    trade.write_text(
        trade.read_text(encoding="utf-8").replace("fr: [vendre des marchandises", "xx: [vendre des marchandises"),
        encoding="utf-8",
    )
    (folder / "jobs/trade.yml").write_text(
        "Bad Key: {skills: [no-such-skill], isco: '12', en: [a], ar: [a], so: [a], fa: [a], ps: [a], ur: [a], uk: [a], fr: []}\n",
        encoding="utf-8",
    )
    with pytest.raises(PermanentError) as raised:
        read(folder)
    told = str(raised.value)
    for part in ("trade.yml: sell-goods", "Bad Key: a key is of", "no skill no-such-skill", "12 is no code", "no words in fr"):
        assert part in told, part


def test_a_file_that_is_no_yaml_is_named(folder: Path) -> None:
    (folder / "groups.yml").write_text("a: [", encoding="utf-8")
    with pytest.raises(PermanentError, match=r"groups\.yml"):
        read(folder)


def test_languages_are_called_as_unicode_calls_them() -> None:
    known = Catalogue(read())
    assert known.name("language", "ti", "en") == "speak Tigrinya" and "التغرينية" in known.name("language", "ti", "ar")
    assert known.name("language", "prs", "en") == "speak Dari"
    with pytest.raises(KeyError):
        known.name("language", "tlh", "en")
