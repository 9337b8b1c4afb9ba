"""Texts in every language: their states, the work list, reviewers and their credit, on both databases where rows are locked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bot.answers import general
from bot.cases.hours import Hours
from bot.conversation import inbox
from bot.conversation.turn import Turn
from bot.db.base import now
from bot.errors import RefusedError
from bot.house import House
from bot.knowledge import editing, snapshot, uses
from bot.knowledge.differences import pieces
from bot.knowledge.models import Review, Text
from bot.knowledge.snapshot import Snapshot
from bot.settings import Settings
from bot.staff import wishes
from bot.staff.models import Staff
from bot.wording import progress, reviewing, units, worklist, writing
from bot.wording.worklist import Wanted
from tests.admin.wording import HELLO, MEANING, TAX, stock, unit
from tests.knowledge.test_editing import FACT, TEXTS
from tests.staff.people import Colleague

AR = TEXTS["ar"]["terms"]["band-5"]["meaning"]


@pytest.fixture(params=["sqlite", "postgresql"])
def stocked_house(request: pytest.FixtureRequest, environ: dict[str, str]) -> Iterator[House]:
    if request.param == "sqlite":
        yield stock(request.getfixturevalue("house"))
        return
    opened = House.open(Settings.read({**environ, "USEIT_DATABASE_URL": request.getfixturevalue("postgresql")}))
    yield stock(opened)
    opened.database.dispose()


@pytest.fixture
def known(house: House) -> House:
    return stock(house)


@pytest.fixture
def reviewer(known: House) -> Colleague:
    return Colleague.join(known, "rana", "reviewer")


def knowledge(house: House) -> Snapshot:
    with house.sessions() as session:
        return snapshot.current(session)


def change_english(house: House, text: str, key: str = "band-5") -> None:
    with house.sessions.begin() as session:
        entry = editing.find(session, "terms", key)
        assert entry is not None
        editing.edit_text(session, entry, "en", "meaning", text, "staff:1", "")


def right(house: House, who: int, place: str = MEANING, token: str = "") -> bool:
    with house.sessions.begin() as session:
        return reviewing.right(session, who, "ar", place, token or unit(house, place).token)


def correct(house: House, who: int, text: str, place: str = MEANING, *, token: str = "", sure: bool = False) -> str:
    with house.sessions.begin() as session:
        seal = writing.seal([text]) if sure else ""
        token = token or unit(house, place).token
        return reviewing.correct(session, who, "ar", place, token, [text], snapshot.current(session), sure=seal)


def test_the_states_of_a_text_from_missing_to_outdated_and_what_changed(stocked_house: House) -> None:
    house = stocked_house
    who = Colleague.join(house, "rana", "reviewer").id
    assert unit(house, TAX).state == "missing" and unit(house).state == "machine-drafted"
    assert right(house, who)
    assert unit(house).state == "reviewed" and unit(house).made_from is None
    change_english(house, "The first level of the NHS, from £32,073.")
    found = unit(house)
    assert (found.state, found.text, found.made_from) == ("outdated", (AR,), ("The first level, from £32,073.",))
    assert found.made_from is not None
    marked = pieces(found.made_from[0], found.english[0])
    assert [piece.text.strip() for piece in marked if piece.what == "new"] == ["of the NHS"]
    assert right(house, who)  # it says the same in Arabic: the reviewer has looked
    assert unit(house).state == "reviewed" and unit(house).made_from is None


def test_a_correction_is_what_the_bot_says_next(stocked_house: House) -> None:
    who = Colleague.join(stocked_house, "rana", "reviewer").id
    assert correct(stocked_house, who, "أول درجة، من £32,073.") == "corrected"
    words = knowledge(stocked_house).words("terms", "band-5", "meaning", "ar")
    assert (words.text, words.state) == ("أول درجة، من £32,073.", "reviewed")


def test_a_sentence_of_the_program_is_corrected_the_same_way(known: House, reviewer: Colleague) -> None:
    from bot import i18n

    assert correct(known, reviewer.id, "أهلًا وسهلًا.", HELLO) == "corrected"
    with known.sessions() as session:
        known.refresh(session)
    assert i18n.t("ar", "greet") == "أهلًا وسهلًا." and unit(known, HELLO).state == "reviewed"


@pytest.mark.parametrize(
    ("place", "text", "reason"),
    [
        (MEANING, "", "text_required"),
        (MEANING, "من £32.", "look_again"),
        (TAX, "Council Tax: ادفع قبل 1 أبريل.", "look_again"),  # without the link
        (TAX, "ضريبة: ادفع قبل 1 أبريل: https://example.org/pay", "look_again"),  # without the English name
        ("sentences/button.switch_language", "تابع", "places"),
        (MEANING, "ا" * 2_001, "text_long"),
        ("terms/band-5/nothing", "x", "field"),
        ("nothing/band-5/meaning", "x", "field"),
        ("sentences/console.name", "x", "field"),
    ],
)
def test_what_is_broken_or_odd_is_not_taken(known: House, reviewer: Colleague, place: str, text: str, reason: str) -> None:
    with pytest.raises(RefusedError) as error, known.sessions.begin() as session:
        found = units.find(session, "ar", place)
        token = found.token if found else "x"
        reviewing.correct(session, reviewer.id, "ar", place, token, [text], snapshot.current(session), sure="yes")
    assert error.value.reason == reason


def test_what_is_odd_is_taken_from_somebody_who_has_looked_again_at_exactly_that(known: House, reviewer: Colleague) -> None:
    text = "من £32."
    assert correct(known, reviewer.id, text, sure=True) == "corrected" and unit(known).text == (text,)


def test_a_text_that_changed_meanwhile_is_shown_again_and_not_overwritten(known: House, reviewer: Colleague) -> None:
    seen = unit(known).token
    change_english(known, "Another, from £32,073.")
    for attempt in (lambda: right(known, reviewer.id, token=seen), lambda: correct(known, reviewer.id, AR, token=seen)):
        with pytest.raises(RefusedError) as error:
            attempt()
        assert error.value.reason == "stale_text"
    assert unit(known).state == "outdated"


def test_the_same_form_sent_twice_counts_once(known: House, reviewer: Colleague) -> None:
    seen = unit(known).token
    assert right(known, reviewer.id, token=seen) and not right(known, reviewer.id, token=seen)
    token = unit(known, TAX).token
    for _ in range(2):
        with known.sessions.begin() as session:
            reviewing.ask(session, reviewer.id, "ar", TAX, token, "What is this?")
    with known.sessions() as session:
        assert len(reviewing.questions(session)) == 1
        assert len(session.scalars(select(Review)).all()) == 2


def test_a_safety_number_is_only_proposed_and_stays_what_it_is(known: House, reviewer: Colleague) -> None:
    place = "safety/police/what"
    before = unit(known, place)
    with pytest.raises(RefusedError) as error:
        correct(known, reviewer.id, "اتصل بالرقم 998 عند الخطر.", place, sure=True)
    assert error.value.reason == "numbers"
    assert correct(known, reviewer.id, "عند الخطر اتصل بالرقم 999.", place) == "proposed"
    assert unit(known, place) == before
    with known.sessions() as session:
        ((review, staff),) = reviewing.questions(session, "ar", place)
        assert (review.words, staff.id) == ("عند الخطر اتصل بالرقم 999.", reviewer.id)
    assert right(known, reviewer.id, place)  # that it is right as it is changes no word


def test_the_desk_counts_down_sets_aside_and_waits_for_answers(known: House, reviewer: Colleague) -> None:
    def desk() -> reviewing.Desk:
        with known.sessions() as session:
            return reviewing.desk(session, reviewer.id, "ar")

    with known.sessions.begin() as session:
        uses.count(session, {("terms", "band-5")}, FACT.checked_on)
    first = desk()
    assert first.unit is not None and first.unit.place.startswith("terms/band-5/")  # what people are answered from most
    place, token = first.unit.place, first.unit.token
    with known.sessions.begin() as session:
        reviewing.skip(session, reviewer.id, "ar", place, token)
    assert (desk().left, desk().skipped) == (first.left - 1, 1)
    with known.sessions.begin() as session:
        reviewing.take_up_skipped(session, reviewer.id, "ar")
    assert desk() == first
    with known.sessions.begin() as session:
        reviewing.ask(session, reviewer.id, "ar", place, token, "Is this the NHS?")
    assert desk().left == first.left - 1
    with known.sessions.begin() as session:
        ((review, _),) = reviewing.questions(session)
        assert reviewing.settle(session, review.id, "staff:1") is not None
        assert reviewing.settle(session, review.id, "staff:1") is None
    assert desk() == first
    right(known, reviewer.id, place, token)
    assert desk().left == first.left - 1


def test_the_work_list_by_kind_state_and_words_and_the_most_asked_first(known: House) -> None:
    with known.sessions.begin() as session:
        uses.count(session, {("terms", "council-tax")}, FACT.checked_on)
    with known.sessions() as session:
        found = worklist.search(session, "ar", Wanted())
        assert found.rows[0].place == TAX and found.total == sum(found.states.values())
        assert {u.state for u in worklist.search(session, "ar", Wanted(state="missing")).rows} == {"missing"}
        assert [u.place for u in worklist.search(session, "ar", Wanted(kind="terms", words="first LEVEL")).rows] == [MEANING]
        assert worklist.search(session, "ar", Wanted(words="there is no such text")).rows == []


def test_progress_counts_what_the_work_list_lists(stocked_house: House) -> None:
    who = Colleague.join(stocked_house, "rana", "reviewer").id
    right(stocked_house, who)
    change_english(stocked_house, "Another tax, by 1 April: https://example.org/pay", "council-tax")
    with stocked_house.sessions() as session:
        counted = progress.by_state(progress.progress(session, ("en", "ar"))["ar"])
        listed = worklist.search(session, "ar", Wanted()).states
    assert counted == {state: number for state, number in listed.items() if number} and counted["reviewed"] == 1


def test_reviewers_are_named_only_when_they_wish(known: House, reviewer: Colleague) -> None:
    right(known, reviewer.id)
    with known.sessions.begin() as session:
        assert reviewing.credits(session) == {}
        wishes.change(session.get_one(Staff, reviewer.id), email="", chosen=["credit"])
        assert reviewing.credits(session) == {"ar": ["Rana"]}
        chat = inbox.chat_for(session, "web", "somebody")
        about = {}
        for language in ("ar", "so"):
            turn = Turn(session, chat, snapshot.current(session), language, "", "x", Hours.parse(known.settings.hours), now())
            about[language] = general.about(turn).text
        assert "Rana" in about["ar"] and "Rana" not in about["so"]  # somebody who asks what this is


def test_whoever_writes_a_translation_the_english_of_that_moment_is_kept(known: House) -> None:
    with known.sessions.begin() as session:
        entry = editing.find(session, "terms", "band-5")
        assert entry is not None
        rows = {(row.language, row.field): row.made_from for row in entry.texts}
        assert rows["ar", "meaning"] == "The first level, from £32,073." and rows["en", "meaning"] is None
        both = {("en", "meaning"): "New, from £1.", ("ar", "meaning"): "جديد، من £1."}
        editing.change(session, entry, who="staff:1", why="", texts=both)
    with known.sessions() as session:
        row = session.scalars(
            select(Text).where(Text.language == "ar", Text.field == "meaning", Text.text == "جديد، من £1.")
        ).one()
        assert row.made_from == "New, from £1."
