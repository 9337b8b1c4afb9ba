"""What is understood, measured where the measuring set is, and that nothing was trained on it."""

from __future__ import annotations

import asyncio
import csv

import pytest

from bot.conversation import parsing
from bot.evaluation import examples, measures
from bot.evaluation.measures import Answered
from bot.house import House
from bot.knowledge import snapshot
from bot.settings import KNOWN_LANGUAGES, ROOT
from engine.agent import Engine
from engine.nlu.examples import INTENTS, lines_of
from tests.conftest import SHARED
from tools import check_nlu

DEVSET = SHARED / "devset/utterances.tsv"


@pytest.mark.shared
@pytest.mark.parametrize("language", KNOWN_LANGUAGES)
def test_no_training_line_is_a_measuring_line_or_near_one(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert check_nlu.main(str(ROOT / "data/nlu" / language), str(DEVSET)) == 0, capsys.readouterr().out[-500:]


@pytest.mark.shared
def test_no_line_of_the_safety_layer_is_near_a_measuring_line() -> None:
    measuring = check_nlu.Measuring(check_nlu.devset_lines(DEVSET))
    near = []
    for path in (ROOT / "data/safety/lines").glob("*.tsv"):
        with path.open(encoding="utf-8", newline="") as handle:
            near += [f"{path.name}: {text}" for _, text in csv.reader(handle, delimiter="\t", quoting=csv.QUOTE_NONE)
                     if measuring.near(text)]  # fmt: skip
    assert near == []


@pytest.mark.shared
def test_the_figures_that_were_aimed_at_are_reached(engine: Engine, stocked: House) -> None:
    """Issue 3's figures, on the whole understanding; the languages are found without help."""
    with stocked.sessions() as session:
        knowledge = snapshot.current(session)

    async def ask() -> list[Answered]:
        return [
            Answered(e, await parsing.parse(engine, knowledge, e.text, None, KNOWN_LANGUAGES), 0.0)
            for e in examples.read(DEVSET, INTENTS).examples
        ]

    answers = asyncio.run(ask())
    languages = measures.table(answers, lambda e: e.language)
    whole = measures.row("all", answers)
    assert measures.mean_of_languages(languages) >= 0.92
    assert all((row.first or 0) >= 0.87 for row in languages)
    assert (whole.among_three or 0) >= 0.98
    assert (whole.danger_heard or 0) >= 0.98 and (whole.false_alarms or 0) <= 0.01
    assert (whole.immigration_heard or 0) >= 0.95
    assert (whole.language or 0) >= 0.97
    assert (measures.slot_found(answers, "term", "explain_term") or 0) >= 0.92


@pytest.mark.parametrize("language", KNOWN_LANGUAGES)
def test_every_language_has_lines_for_every_intent(language: str) -> None:
    found = {intent for _, intent, _ in lines_of(ROOT / "data/nlu" / language)}
    assert found == set(INTENTS)


@pytest.mark.parametrize(
    ("text", "prior", "spoken"),
    [
        ("kia aap mujhe batayen ge council tax kya hota hai", "en", "ur"),
        ("shu ya3ni universal credit, iza fik tshra7li", "en", "ar"),
        ("mikham bedoonam in name chi mige", "en", "fa"),
        ("pidkazhit bud laska de zapysatys na kursy", "en", "uk"),
        ("waxaan rabaa inaan ogaado waxa uu yahay council tax band", "en", "so"),
        ("DBS", "so", "so"),
        ("council tax", "ps", "ps"),
        ("زه غواړم انګلیسي زده کړم", "en", "ps"),
        ("میں انگریزی سیکھنا چاہتی ہوں", "en", "ur"),
        ("میخواهم انگلیسی یاد بگیرم", "en", "fa"),
        ("Je cherche un cours d'anglais gratuit", "en", "fr"),
        ("", "fa", "fa"),
        ("👍", "uk", "uk"),
        ("Dzień dobry, szukam pomocy z mieszkaniem dla mojej rodziny", "en", "en"),
        ("Bună ziua, caut ajutor pentru copilul meu la școală", "ar", "ar"),
    ],
)
def test_the_language_is_known_also_in_latin_letters(engine: Engine, text: str, prior: str, spoken: str) -> None:
    assert engine.ears.language(text, prior, KNOWN_LANGUAGES) == spoken


def test_a_language_that_is_switched_off_is_not_detected(engine: Engine) -> None:
    assert engine.ears.language("Je cherche un cours d'anglais", "so", ("en", "so")) in ("en", "so")


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("I'm a nurse from Eritrea living in B11", {"profession": "nurse", "country": "ER", "area": "B11"}),
        ("муж стоматолог з України, шукаємо роботу", {"profession": "dentist", "country": "UA"}),
        ("je suis infirmière camerounaise", {"profession": "nurse", "country": "CM"}),
        ("مه داکتر استم از افغانستان", {"profession": "doctor", "country": "AF"}),
        ("того дня я шукала допомогу", {}),
    ],
)
def test_slots_are_found_in_the_language_they_are_said_in(engine: Engine, text: str, slots: dict[str, str]) -> None:
    found = {name: values[0] for name, values in asyncio.run(engine.parse(text)).entities.items()}
    assert {name: found.get(name) for name in slots} == slots
    assert slots or "country" not in found
