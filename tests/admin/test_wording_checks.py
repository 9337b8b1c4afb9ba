"""What is told while a text is written, and that the shipped texts give little cause for it."""

from __future__ import annotations

import pytest

from bot.knowledge.snapshot import Snapshot
from bot.wording import checks
from tests.translation.conftest import knowledge

__all__ = ["knowledge"]

NAMES = frozenset({"Council Tax", "PIP", "Universal Credit"})


def told(english: str, text: str, language: str = "ar", **options: bool) -> dict[str, tuple[str, ...]]:
    return {one.what: one.these for one in checks.concerns((english,), (text,), language, NAMES, **options)}


@pytest.mark.parametrize(
    ("english", "text", "what"),
    [
        ("Ring 0121 496 0000.", "اتصل 0121 496 0000.", {}),
        ("Ring 0121 496 0000.", "اتصل ٠١٢١ ٤٩٦ ٠٠٠٠.", {}),  # the same in other digits
        ("Ring 0121 496 0000.", "اتصل 0121 496 0001.", {"numbers": ("0000", "0001")}),
        ("It costs £1,250.", "التكلفة £1250.", {"numbers": ("1", "1250", "250")}),
        ("See https://gov.uk/a.", "انظر https://gov.uk/a.", {}),
        (
            "See https://gov.uk/a.",
            "انظر https://gov.uk.evil.example/a.",
            {"links": ("https://gov.uk.evil.example/a", "https://gov.uk/a")},
        ),
        ("Council Tax is a tax.", "Council Tax ضريبة.", {}),
        ("Council Tax is a tax.", "ضريبة المجلس.", {"terms": ("Council Tax",)}),
        ("PIP's rules.", "قواعد PIP.", {}),
        ("Hello {name}.", "أهلا.", {"places": ("name",)}),
        ("Hello {name}.", "أهلا {name.x}.", {"places": ("{name.x}",)}),
        ("Hello.", "  ", {"empty": ()}),
        ("One two three four five six seven.", "One two three four five six seven.", {"unchanged": ()}),
    ],
)
def test_what_is_told(english: str, text: str, what: dict[str, tuple[str, ...]]) -> None:
    assert told(english, text) == what


def test_a_brace_in_what_is_not_filled_in_is_only_a_brace() -> None:
    assert told("Write {your name}.", "اكتب {اسمك}.", places=False) == {}


def test_the_shipped_translations_hardly_ever_give_cause() -> None:
    """A warning that comes always is read by nobody."""
    from bot import i18n
    from bot.wording import sentences

    for language in ("ar", "so", "uk"):
        for key in sentences.catalogue_of():
            english, forms = i18n.shipped("en")[key], i18n.shipped(language).get(key, ())
            if forms:
                found = checks.concerns(sentences.spread(english, language), forms, language, NAMES, counted=len(english) > 1)
                assert [one for one in found if one.what in ("places", "links", "empty", "long")] == [], (language, key)


def test_official_names_are_those_that_a_letter_writes(knowledge: Snapshot) -> None:
    names = checks.official_names(knowledge)
    assert {"Council Tax", "Universal Credit", "PIP"} <= names and "Council Tax bill" not in names and "rent" not in names
    lost = total = 0
    for kind, key, field in knowledge.english():
        words = knowledge.words(kind, key, field, "ar")
        if words.language == "ar" and field != "names":
            total += 1
            english = checks.protected(knowledge.words(kind, key, field, "en").text, names)
            lost += bool(english - checks.protected(words.text, names))
    assert total > 3_000 and lost / total < 0.02
