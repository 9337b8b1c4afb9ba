"""The files of opportunities and trusted places are read whole, with their translations, or refused with the reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.errors import RefusedError
from bot.house import House
from bot.knowledge import checks, loading, reading, snapshot
from bot.knowledge.seed import SeedError

FACT = {"source": "https://example.org", "checked_on": "2026-11-01", "review_by": "2099-01-01", "volatility": "B", "sure": "V"}
GARDEN = {
    "key": "garden", "organization": "Example Garden", "name": "Garden together", "kind": "volunteering", "what": "You plant vegetables.",
    "needs": ["garden"], "url": "https://example.org", "fact": FACT,
}  # fmt: skip
LIBRARY = {
    "key": "library", "name": "Example Library", "place": "library", "helps": "You can use a computer.", "agreed_on": "2026-11-01",
    "agreed_with": "an example caseworker", "assured_on": "2026-11-01", "postcode_districts": ["B16"], "fact": FACT,
}  # fmt: skip
ARABIC = {"opportunities": {"garden": {"what": "تزرع الخضار."}}, "contacts": {"library": {"helps": "يمكنك استعمال الكمبيوتر."}}}


def files(folder: Path, garden: dict[str, Any] = GARDEN, arabic: dict[str, Any] = ARABIC) -> Path:
    for kind, entry in (("opportunities", garden), ("contacts", LIBRARY)):
        (folder / kind).mkdir(parents=True)
        (folder / kind / "some.yml").write_text(yaml.safe_dump([entry], allow_unicode=True), encoding="utf-8")
        (folder / "texts/ar").mkdir(parents=True, exist_ok=True)
        (folder / f"texts/ar/{kind}.yml").write_text(yaml.safe_dump(arabic.get(kind, {}), allow_unicode=True), encoding="utf-8")
    return folder


def test_they_are_loaded_and_said_in_the_language_of_the_person(tmp_path: Path, house: House) -> None:
    with house.sessions.begin() as session:
        loading.load(session, reading.read(files(tmp_path)))
        knowledge = snapshot.current(session)
        assert knowledge.words("opportunities", "garden", "what", "ar").text == ARABIC["opportunities"]["garden"]["what"]
        assert knowledge.words("contacts", "library", "helps", "ar").text == ARABIC["contacts"]["library"]["helps"]
        assert knowledge.receivers["opportunity:garden"].name == "Garden together"


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"url": ""}, "no way to reach"),
        ({"kind": "vacancy"}, "not paid"),
        ({"kind": "slavery"}, "Invalid enum value"),
        ({"key": "Not A Key"}, "a key has only"),
    ],
)
def test_what_is_wrong_is_refused_with_the_reason(tmp_path: Path, changed: dict[str, object], says: str) -> None:
    with pytest.raises(SeedError) as refused:
        reading.read(files(tmp_path, GARDEN | changed))
    assert any(says in problem for problem in refused.value.problems)


def test_one_without_its_translation_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SeedError) as refused:
        reading.read(files(tmp_path, GARDEN | {"who": "Everybody."}))
    assert refused.value.problems == ["texts/ar/opportunities: garden: who is not translated"]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"url": "javascript:alert(1)"}, "link"),
        ({"url": ""}, "no_contact"),
        ({"referral_email": "nobody"}, "email"),
        ({"follow_up_days": 0}, "follow_up_days"),
        ({"name": " "}, "text_required"),
    ],
)
def test_a_form_with_a_mistake_is_refused(changed: dict[str, object], reason: str) -> None:
    assert checks.check_data("opportunities", GARDEN)["name"] == "Garden together"
    with pytest.raises(RefusedError) as refused:
        checks.check_data("opportunities", GARDEN | changed)
    assert refused.value.reason == reason
