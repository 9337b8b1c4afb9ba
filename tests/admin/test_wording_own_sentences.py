"""The program's own sentences, said otherwise by an installation: live, safe to fill in, undone, and marked when they are old."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import httpx
import pytest

from bot import i18n
from bot.app import site
from bot.errors import RefusedError
from bot.house import House
from bot.settings import ROOT
from bot.wording import changing, live, sentences, units
from bot.wording.models import Wording

LINE = "button.switch_language"  # "Go on in {language}"


def say(house: House, key: str, *forms: str, language: str = "en", state: str = "reviewed") -> None:
    with house.sessions.begin() as session:
        changing.change(session, language, key, forms, who="staff:1", why="", state=state)
    hear(house)


def hear(house: House) -> None:
    with house.sessions() as session:
        house.refresh(session)


def stands(house: House, key: str, language: str = "en") -> sentences.Sentence:
    with house.sessions() as session:
        found = sentences.find(session, language, key)
    assert found is not None
    return found


def test_a_changed_sentence_is_said_from_the_next_message_on_and_taken_back(house: House) -> None:
    shipped = i18n.t("en", "greet")
    say(house, "greet", "Good morning.")
    assert i18n.t("en", "greet") == "Good morning." and stands(house, "greet").own
    assert i18n.t("ar", "greet") == i18n.shipped("ar")["greet"][0]  # of another language nothing has changed
    with house.sessions.begin() as session:
        assert changing.reset(session, "en", "greet", who="staff:1", why="")
        assert not changing.reset(session, "en", "greet", who="staff:1", why="")
    hear(house)
    assert i18n.t("en", "greet") == shipped and not stands(house, "greet").own
    with house.sessions() as session:
        assert [row.forms for row in changing.versions(session, "en", "greet")] == [["Good morning."], None]


LISTENER = """
import sys
from bot import i18n
from bot.house import House
from bot.settings import Settings
house = House.open(Settings.read({"USEIT_VAR": sys.argv[1]}))
for _ in sys.stdin:
    with house.sessions() as session:
        house.refresh(session)
    print(i18n.t("en", "greet"), flush=True)
"""


def test_another_process_says_it_at_its_next_message(house: House) -> None:
    shipped = i18n.t("en", "greet")
    command = [sys.executable, "-c", LISTENER, str(house.settings.var)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as other:
        assert other.stdin is not None and other.stdout is not None

        def asked() -> str:
            other.stdin.write("\n")
            other.stdin.flush()
            return other.stdout.readline().strip()

        assert asked() == shipped
        say(house, "greet", "Good morning.")
        assert asked() == "Good morning."
        with house.sessions.begin() as session:
            changing.reset(session, "en", "greet", who="staff:1", why="")
        assert asked() == shipped
        other.stdin.close()


def test_nothing_is_read_again_while_nothing_changes(house: House) -> None:
    say(house, "greet", "Good morning.")
    before = i18n.swaps()
    hear(house)
    assert i18n.swaps() == before


@pytest.mark.parametrize(
    "form",
    [
        "Go on",
        "Go on in {language} {name}",
        "Go on in {language.__class__}",
        "{0.__class__.__init__.__globals__} {language}",
        "{language!r}",
        "{language:>1000000000}",
        "{language[0]}",
        "{language} {",
        "} {language}",
        "{{language}}",
        "{} {language}",
        "{language} %s {0}",
    ],
)
def test_only_the_places_of_the_shipped_sentence_can_be_named(house: House, form: str) -> None:
    with house.sessions.begin() as session, pytest.raises(RefusedError) as error:
        changing.change(session, "en", LINE, [form], who="staff:1", why="", state="reviewed")
    assert error.value.reason == "places"
    assert i18n.misfit("en", LINE, [form]) == "places"


def test_what_somebody_wrote_into_the_database_itself_is_not_said_when_it_does_not_fit(house: House) -> None:
    with house.sessions.begin() as session:
        for key, form in ((LINE, "{0.__class__}"), ("greet", "Hello {person.secret}"), ("nothing.like.it", "x")):
            session.add(
                Wording(language="en", key=key, forms=[form], state="reviewed", english=["x"], shipped=["x"], who="staff:1")
            )
        live.take_up(session, 1)
    assert i18n.t("en", LINE, language="Somali") == "Go on in Somali"
    assert i18n.t("en", "greet") == i18n.shipped("en")["greet"][0] and not i18n.has("en", "nothing.like.it")
    assert not stands(house, LINE).fits and stands(house, LINE).forms == i18n.shipped("en")[LINE]


def test_a_counted_sentence_needs_every_form_of_its_language_and_may_leave_the_number_out(house: House) -> None:
    key = next(key for key, forms in i18n.shipped("en").items() if len(forms) > 1 and key in sentences.catalogue_of())
    shipped = i18n.shipped("ar")[key]
    assert len(shipped) == 6
    assert i18n.misfit("ar", key, shipped[:2]) == "forms" and i18n.misfit("ar", key, (*shipped[:5], " ")) == "empty"
    say(house, key, *(form.replace("{count}", "") for form in shipped[:2]), *shipped[2:], language="ar", state="draft")
    assert stands(house, key, "ar").own and stands(house, key, "ar").state == "draft"


def test_a_translation_is_outdated_when_the_english_is_said_otherwise_here(house: House) -> None:
    assert stands(house, "greet", "ar").state == "machine-drafted"
    say(house, "greet", "Good morning.")
    found = stands(house, "greet", "ar")
    assert (found.state, found.made_from, found.english) == ("outdated", i18n.shipped("en")["greet"], ("Good morning.",))
    say(house, "greet", "صباح الخير.", language="ar")
    assert stands(house, "greet", "ar").state == "reviewed"
    say(house, "greet", "Good evening.")
    assert stands(house, "greet", "ar").state == "outdated"


def test_an_own_sentence_is_outdated_when_a_new_version_ships_another_english(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(house, "greet", "Good morning.")
    assert stands(house, "greet").state == "reviewed"
    texts, _ = i18n._catalogue("en")
    monkeypatch.setitem(texts, "greet", ("Hello from the next version.",))
    found = stands(house, "greet")
    assert (found.state, found.forms) == ("outdated", ("Good morning.",))  # it stays, and says that somebody should look


def test_writing_the_shipped_words_is_no_own_sentence_but_can_be_reviewed(house: House) -> None:
    shipped = i18n.shipped("ar")["greet"]
    say(house, "greet", *shipped, language="ar")
    found = stands(house, "greet", "ar")
    assert not found.own and found.state == "reviewed"
    with house.sessions.begin() as session:
        assert not changing.change(session, "ar", "greet", shipped, who="staff:2", why="", state="reviewed")


def test_every_sentence_of_the_three_catalogues_is_there_and_fits_itself(house: House) -> None:
    with house.sessions() as session:
        for language in house.settings.languages:
            rows = [one for one in units.listed(session, language) if one.kind == "sentences"]
            assert len(rows) == len(sentences.catalogue_of()) > 400
            assert not [row.name for row in rows if all(row.text) and i18n.misfit(language, row.name, row.text)]


def test_a_key_of_the_consoles_words_cannot_be_changed(house: House) -> None:
    for key in ("console.name", "", "no.such"):
        with house.sessions.begin() as session, pytest.raises(RefusedError) as error:
            changing.change(session, "en", key, ["x"], who="staff:1", why="", state="reviewed")
        assert error.value.reason == "field"


def test_the_english_for_one_stands_beside_the_form_for_one(house: House) -> None:
    with house.sessions() as session:
        for language, one in (("ar", 1), ("uk", 0), ("so", 0)):
            unit = next(unit for unit in units.listed(session, language) if unit.counted)
            singular, plural = i18n.shipped("en")[unit.name]
            assert unit.english.index(singular) == one and unit.english.count(plural) == len(unit.english) - 1
            assert unit.source == (singular, plural) and i18n.plural_examples(language)[one].startswith("1")


def test_the_chat_page_says_it_too(house: House) -> None:
    async def shown() -> str:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(app=site(house)), base_url=house.settings.public_url
        ) as client:
            return (await client.get("/?lang=en")).text + (await client.get("/chat/words?lang=en")).text

    with house.sessions.begin() as session:
        changing.change(session, "en", "web.send", ["Send <b>it</b>"], who="staff:1", why="", state="reviewed")
    found = asyncio.run(shown())
    assert "Send &lt;b&gt;it&lt;/b&gt;" in found and found.count("<b>it") <= 1  # as JSON it is text, too
