"""What people asked, over HTTP: looked through, given to somebody, made a name, an example or a test, left alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot.house import House
from bot.knowledge import loading, snapshot, unknown
from bot.knowledge.models import Unknown
from bot.staff.models import AuditEntry
from bot.training import examples
from bot.training.models import Example, ModelInUse, Probe, Run
from tests.console.desk import Desk
from tests.knowledge.test_editing import SEED
from tests.staff.people import Colleague

HARM = "<script>alert(1)</script>"


@pytest.fixture
def asked(house: House) -> House:
    with house.sessions.begin() as session:
        loading.load(session, SEED)
        for language, words in (("ar", "flurbozzle"), ("ar", "flurbozzle"), ("so", "flurbozle"), ("en", "wickle")):
            unknown.record(session, "word", language, words)
        unknown.record(session, "message", "en", "zorb wickle")
        unknown.rated(session, "ar", "terms/band-5")
        session.add(Unknown(kind="word", language="en", words=HARM))
    return house


def first(house: House, words: str) -> int:
    with house.sessions() as session:
        return session.scalars(select(Unknown).where(Unknown.words == words)).one().id


def written(house: House) -> list[tuple[str, str, str]]:
    with house.sessions() as session:
        mine = select(AuditEntry).where(AuditEntry.verb.regexp_match("^(asked|training|knowledge)")).order_by(AuditEntry.id)
        return [(row.verb, row.object, row.why) for row in session.scalars(mine)]


def state(house: House, words: str) -> tuple[str, str]:
    with house.sessions() as session:
        row = session.scalars(select(Unknown).where(Unknown.words == words)).one()
        return row.state, row.settled_as


def test_the_list_counts_groups_by_language_and_escapes_what_was_typed(desk: Desk, asked: House, admin: Colleague) -> None:
    desk.log_in(admin).get("/asked")
    assert "Arabic 2" in desk.text and "Somali 1" in desk.text and "3 times" in desk.text and "Band 5" in desk.text
    assert HARM not in desk.page.text and "&lt;script&gt;" in desk.page.text
    assert "flurbozzle" not in desk.get("/asked?language=en").text and "wickle" in desk.page.text
    assert "zorb wickle" in desk.get("/asked?kind=message").text and "flurbozzle" not in desk.page.text
    for query in ("state=x&kind=y&order=z&page=0", "mine=yes", "page=999", "order=rising", "state=dismissed"):
        assert desk.get(f"/asked?{query}").status_code == 200


def test_words_become_a_name_of_the_nearest_term(desk: Desk, asked: House, admin: Colleague) -> None:
    number = first(asked, "flurbozzle")
    desk.log_in(admin).get(f"/asked/{number}")
    assert "flurbozle" in desk.text and "/console/knowledge/terms/new?name=flurbozzle" in desk.page.text
    desk.send(f"/asked/{number}/name", name="flurbozzle", term="band-5", language="ar")
    assert "The name is added" in desk.text
    with asked.sessions() as session:
        assert snapshot.current(session).term_index.lookup("flurbozzle", "ar") == "band-5"
    assert state(asked, "flurbozzle") == state(asked, "flurbozle") == ("done", "name:band-5")
    assert written(asked) == [("knowledge.edit", "terms:band-5", "name"), ("asked.name", f"asked:{number}", "terms:band-5")]


def test_a_form_that_is_wrong_says_why_and_keeps_what_was_typed(desk: Desk, asked: House, admin: Colleague) -> None:
    number = first(asked, "zorb wickle")
    desk.log_in(admin).get(f"/asked/{number}")
    form = desk.form(f"/asked/{number}/example") | {
        "text": "call 07700 900123",
        "language": "en",
        "intent": "find_help",
        "use": "teach",
    }
    assert desk.post(f"/asked/{number}/example", form).status_code == 409
    assert "somebody could be found" in desk.text and "call 07700 900123" in desk.page.text
    assert state(asked, "zorb wickle") == ("open", "")


def test_words_become_an_example_or_a_test_as_they_were_rewritten(desk: Desk, asked: House, admin: Colleague) -> None:
    desk.log_in(admin)
    for words, use, must in (("zorb wickle", "teach", ""), ("wickle", "test", "yes")):
        number = first(asked, words)
        desk.get(f"/asked/{number}")
        given = {"text": f"please {words}", "language": "en", "intent": "find_help", "use": use}
        desk.send(f"/asked/{number}/example", **given, **({"must": "yes"} if must else {}))
    with asked.sessions() as session:
        assert [(row.text, row.intent) for row in session.scalars(select(Example))] == [("please zorb wickle", "find_help")]
        assert [(row.text, row.must) for row in session.scalars(select(Probe))] == [("please wickle", True)]
    assert state(asked, "zorb wickle") == ("done", "example:1")
    assert "wickle" not in str(written(asked))  # the record never holds anybody's words


def test_it_is_given_to_somebody_left_alone_and_opened_again(
    desk: Desk, asked: House, admin: Colleague, caseworker: Colleague
) -> None:
    number = first(asked, "flurbozzle")
    desk.log_in(admin).get(f"/asked/{number}")
    desk.send(f"/asked/{number}/assign", staff=str(admin.id))
    assert "flurbozzle" in desk.get("/asked?mine=yes").text and "wickle" not in desk.text
    desk.get(f"/asked/{number}")
    form = desk.form(f"/asked/{number}/assign") | {"staff": str(caseworker.id)}
    assert desk.post(f"/asked/{number}/assign", form).status_code == 404  # they may not change the knowledge
    desk.get(f"/asked/{number}")
    desk.send(f"/asked/{number}/dismiss")
    assert state(asked, "flurbozle")[0] == "dismissed" and "flurbozzle" not in desk.get("/asked").text
    desk.get(f"/asked/{number}")
    desk.send(f"/asked/{number}/reopen")
    assert state(asked, "flurbozle")[0] == "open"
    desk.get(f"/asked/{number}")
    desk.send(f"/asked/{number}/done")
    assert state(asked, "flurbozle") == ("done", "by hand")
    assert desk.get("/asked/999").status_code == 404


def test_examples_and_tests_are_kept_on_one_page(desk: Desk, asked: House, admin: Colleague) -> None:
    desk.log_in(admin).get("/training")
    given = {"language": "ar", "intent": "find_help", "use": "teach"}
    desk.send("/training/examples", text="وين ألاقي زورب", **given)
    assert "وين ألاقي زورب" in desk.text and 'dir="rtl"' in desk.page.text
    assert desk.send("/training/examples", text="وين ألاقي زورب", **given).status_code == 409 and "examples already" in desk.text
    desk.get("/training")
    desk.send("/training/examples/1/test")
    desk.send("/training/tests/1/must", must="yes")
    with asked.sessions() as session:
        assert examples.active(session) == [] and examples.tests(session)[0].must
    desk.send("/training/tests/1/remove")
    assert "No test messages yet" in desk.text


def test_a_training_is_begun_shown_and_stopped(desk: Desk, asked: House, admin: Colleague) -> None:
    desk.log_in(admin).get("/training")
    begin = desk.form("/training/runs")
    assert desk.post("/training/runs", begin).status_code == 409 and "Add an example first" in desk.text
    desk.get("/training")
    desk.send("/training/examples", text="zorb wickle", language="en", intent="find_help", use="teach")
    desk.get("/training")
    desk.send("/training/runs")
    assert "Waiting to begin" in desk.text and "<progress" in desk.page.text
    assert desk.post("/training/runs", begin).status_code == 409 and "waiting or running" in desk.text
    desk.get("/training/runs/1")
    desk.send("/training/runs/1/stop")
    assert "Somebody stopped it" in desk.text
    with asked.sessions() as session:
        assert (session.get_one(Run, 1).state, session.get_one(Run, 1).active) == ("failed", None)


def test_a_model_that_was_refused_or_never_used_cannot_be_switched_in_by_hand(desk: Desk, asked: House, admin: Colleague) -> None:
    with asked.sessions.begin() as session:
        session.add(Run(id=1, state="done", step="done", who="staff:1", model="a" * 16, against="", refused=["danger_fell"]))
    desk.log_in(admin).get("/training/runs/1")
    assert "misses danger more often" in desk.text and "/training/runs/1/use" not in desk.page.text
    form = {"csrf": desk.form("/logout")["csrf"], "once": "x" * 24, "model": "a" * 16}
    assert desk.post("/training/runs/1/use", form).status_code == 409 and "nobody may be missed" in desk.text
    assert desk.post("/training/back", form).status_code == 409 and "never in use" in desk.text
    with asked.sessions() as session:
        assert session.get(ModelInUse, 1) is None


def test_who_may_not_train_sees_none_of_it(open_desk: Callable[..., Desk], asked: House, caseworker: Colleague) -> None:
    theirs = open_desk().log_in(caseworker)
    for path in ("/asked", "/asked/1", "/training", "/training/runs/1"):
        assert theirs.get(path).status_code == 403
