"""What may be taught, when a model may take another's place, and one run at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot.db.base import now
from bot.errors import RefusedError, TransientError
from bot.house import House
from bot.settings import ROOT, Settings
from bot.training import comparing, examples, own_models, runs, workshop
from bot.training.comparing import Heard, Message
from bot.training.models import Example, Listening, OwnModel, Run
from bot.training.serving import SEEN_EVERY, Serving
from engine import model
from engine.agent import Engine

LANGUAGES = ("en", "ar")


@pytest.fixture(params=["sqlite", "postgresql"])
def each(request: pytest.FixtureRequest, environ: dict[str, str]) -> Iterator[House]:
    """A house on each database."""
    if request.param == "sqlite":
        yield request.getfixturevalue("house")
        return
    opened = House.open(Settings.read({**environ, "USEIT_DATABASE_URL": request.getfixturevalue("postgresql")}))
    yield opened
    opened.database.dispose()


def heard(intent: str, confidence: float = 0.9) -> Heard:
    return Heard(intent, confidence, "en", (intent,))


def own(text: str, intent: str, *, must: bool = False) -> Message:
    return Message("en", intent, text, own=True, must=must)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "example_empty"),
        ("?!", "example_empty"),
        ("where " * 60, "example_long"),
        ("where is [the mosque](area)", "example_markup"),
        ("my number is 07700 900123", "example_identifier"),
        ("رقمي ٠٧٧٠٠٩٠٠١٢٣", "example_identifier"),
        ("mail me at a@example.org", "example_identifier"),
        ("my nino is QQ 12 34 56 C", "example_identifier"),
    ],
)
def test_a_line_by_which_somebody_can_be_found_or_that_is_none_is_refused(house: House, text: str, reason: str) -> None:
    with house.sessions.begin() as session, pytest.raises(RefusedError) as refused:
        examples.add(session, ROOT, LANGUAGES, language="ar", intent="find_help", text=text, who="staff:1")
    assert refused.value.reason == reason


def test_a_line_is_an_example_or_a_test_message_once_and_stands_in_no_table_in_plain(house: House) -> None:
    given = {"language": "en", "intent": "find_help", "who": "staff:1"}
    with house.sessions.begin() as session:
        line = examples.add(session, ROOT, LANGUAGES, text="  zorb  the wickle ", **given)
        assert line.text == "zorb the wickle"
        for text in ("Zorb the WICKLE!", "zorb the wickle"):
            with pytest.raises(RefusedError) as refused:
                examples.add(session, ROOT, LANGUAGES, text=text, **given)
            assert refused.value.reason == "example_there"
        test = examples.use_as_test(session, line, "staff:2")
        assert (test.text, test.intent, test.must) == ("zorb the wickle", "find_help", False)
        assert examples.active(session) == []
        with pytest.raises(RefusedError) as refused:
            examples.add(session, ROOT, LANGUAGES, text="zorb the wickle", **given)
        assert refused.value.reason == "example_test"
    with house.database.connect() as connection:
        assert "wickle" not in str(connection.exec_driver_sql("SELECT * FROM model_tests").all())


def test_what_the_shipped_lines_teach_already_is_refused_and_a_contradiction_named(house: House) -> None:
    with house.sessions.begin() as session:
        for intent, reason in (("greet", "example_shipped"), ("goodbye", "example_other")):
            with pytest.raises(RefusedError) as refused:
                examples.add(session, ROOT, LANGUAGES, language="en", intent=intent, text="Hello", who="staff:1")
            assert refused.value.reason == reason


def test_a_workshop_without_examples_makes_the_shipped_model_and_with_one_another(house: House, tmp_path: Path) -> None:
    line = Example(language="ar", intent="find_help", text="- نص: 'قصير' # x", digest="d", who="staff:1")
    with workshop.made(ROOT, tmp_path / "work", []) as folder:
        assert model.fingerprint(folder) == model.fingerprint(ROOT)
    with workshop.made(ROOT, tmp_path / "work", [line]) as folder:
        from engine.nlu.examples import lines_of

        assert ("own_examples.yml", "find_help", line.text) in lines_of(folder / "data/nlu/ar")
        assert model.fingerprint(folder) != model.fingerprint(ROOT)
    assert not (tmp_path / "work").exists()


def test_the_two_are_shown_side_by_side() -> None:
    messages = [own("a", "greet"), own("b", "menu"), Message("so", "greet", "c", own=False)]
    found = comparing.compare(
        messages, [heard("greet"), heard("greet"), heard("greet")], [heard("greet"), heard("menu"), heard("menu")]
    )
    assert found.own is not None and found.refused == []
    assert (found.own.all.count, found.own.all.old.first, found.own.all.new.first) == (2, 0.5, 1.0)
    assert [(pair.name, pair.count) for pair in found.own.intents] == [("greet", 1), ("menu", 1)]
    assert (found.shipped.all.old.first, found.shipped.all.new.first) == (1.0, 0.0)
    assert [(c.message.text, c.old, c.new, c.better) for c in found.changed] == [
        ("b", "greet", "menu", True),
        ("c", "greet", "menu", False),
    ]


@pytest.mark.parametrize("is_own", [True, False])
@pytest.mark.parametrize(("intent", "code"), [("urgent_danger", "danger_fell"), ("immigration_question", "immigration_fell")])
def test_a_model_that_hears_danger_or_own_cases_less_often_is_refused(intent: str, code: str, is_own: bool) -> None:
    messages = [Message("en", intent, str(n), own=is_own) for n in range(3)]
    old, new = [heard(intent)] * 3, [heard(intent), heard("greet"), heard(intent)]
    assert comparing.compare(messages, old, new).refused == [code]
    assert comparing.compare(messages, new, old).refused == []
    assert comparing.compare(messages, new, new).refused == []


def test_a_gain_in_one_set_does_not_pay_for_a_loss_in_the_other() -> None:
    messages = [Message("en", "urgent_danger", "x", own=True), Message("en", "urgent_danger", "y", own=False)]
    lost, won = [heard("greet"), heard("urgent_danger")], [heard("urgent_danger"), heard("greet")]
    assert comparing.compare(messages, lost, won).refused == ["danger_fell"]


def test_a_failed_must_is_refused_also_when_the_old_model_failed_it() -> None:
    messages = [own("a", "greet", must=True)]
    found = comparing.compare(messages, [heard("menu")], [heard("menu")])
    assert found.refused == ["must_failed"] and found.failed == messages


def made(house: House, name: str, **values: object) -> int:
    """A run that is done, and its archive as far as anybody looks at it."""
    with house.sessions.begin() as session:
        run = Run(state="done", active=None, who="staff:1", model=name, against="", refused=[], **values)
        run.tests_mark = run.tests_mark or examples.tests_mark(examples.tests(session))
        session.add(run)
        session.flush()
        folder = own_models.folder(house.settings)
        model.hearing_of(folder / f"{name}.tar.gz").mkdir(parents=True)
        (folder / f"{name}.tar.gz").write_bytes(name.encode())
        model.seal_of(folder / f"{name}.tar.gz").write_text(model._sha256(folder / f"{name}.tar.gz"))
        own_models.keep(session, house.settings, name, run, 1)
        return run.id


@pytest.fixture
def apart(house: House, tmp_path: Path) -> House:
    """A house with a folder of models of its own, in which the shipped one lies too."""
    settings = replace(house.settings, models=tmp_path / "models")
    settings.models.mkdir()
    shipped = settings.models / f"{model.fingerprint(settings.root)}.tar.gz"
    shipped.write_bytes(b"shipped")
    model.seal_of(shipped).write_text(model._sha256(shipped))
    return replace(house, settings=settings)


def test_switching_in_and_back(apart: House) -> None:
    first, second = made(apart, "a" * 16), made(apart, "b" * 16)
    with apart.sessions.begin() as session:
        row = own_models.switch_in(session, apart.settings, session.get_one(Run, first), "staff:1")
        assert (row.number, row.name, row.before) == (1, "a" * 16, "")
        with pytest.raises(RefusedError) as refused:  # it was compared with the shipped one
            own_models.switch_in(session, apart.settings, session.get_one(Run, second), "staff:1")
        assert refused.value.reason == "model_compared"
        with pytest.raises(RefusedError) as refused:
            own_models.switch_back(session, apart.settings, "b" * 16, "staff:1")
        assert refused.value.reason == "model_never_used"
        row = own_models.switch_back(session, apart.settings, own_models.SHIPPED, "staff:1")
        assert (row.number, row.name, row.before, row.sha256) == (2, "", "a" * 16, "")
        row = own_models.switch_back(session, apart.settings, "a" * 16, "staff:1")
        assert (row.number, row.name) == (3, "a" * 16)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"refused": ["danger_fell"]}, "model_refused"),
        ({"tests_mark": "older"}, "tests_changed"),
        ({"state": "failed"}, "model_not_done"),
    ],
)
def test_what_may_not_be_switched_in(apart: House, change: dict[str, object], reason: str) -> None:
    number = made(apart, "a" * 16)
    with apart.sessions.begin() as session:
        run = session.get_one(Run, number)
        for name, value in change.items():
            setattr(run, name, value)
        with pytest.raises(RefusedError) as refused:
            own_models.switch_in(session, apart.settings, run, "staff:1")
        assert refused.value.reason == reason and own_models.in_use(session) is None


@pytest.mark.parametrize("harm", ["changed", "gone", "older"])
def test_an_archive_that_is_not_the_one_that_was_made_is_refused_and_nothing_changes(apart: House, harm: str) -> None:
    number = made(apart, "a" * 16)
    archive = own_models.archive_of(apart.settings, "a" * 16)
    with apart.sessions.begin() as session:
        if harm == "changed":
            archive.write_bytes(b"something else")
        elif harm == "gone":
            archive.unlink()
        else:
            session.scalars(select(OwnModel)).one().base = "of an older program"
    with apart.sessions.begin() as session:
        with pytest.raises(RefusedError) as refused:
            own_models.switch_in(session, apart.settings, session.get_one(Run, number), "staff:1")
        assert refused.value.reason == "model_gone"
        session.rollback()
    with apart.sessions() as session:
        assert own_models.wanted(session).number == 0


def test_the_one_in_use_and_the_last_three_are_kept(apart: House) -> None:
    names = [letter * 16 for letter in "abcdef"]
    for name in names:
        number = made(apart, name)
        with apart.sessions.begin() as session:
            run = session.get_one(Run, number)
            run.against = own_models.wanted(session).name
            if name != names[-1]:
                own_models.switch_in(session, apart.settings, run, "staff:1")
    with apart.sessions.begin() as session:
        assert sorted(own_models.prune(session, apart.settings)) == names[:2]
    with apart.sessions() as session:
        assert {row.name for row in own_models.kept(session)} == set(names[2:])
    there = {path.name for path in own_models.folder(apart.settings).glob("*.tar.gz")}
    assert there == {f"{name}.tar.gz" for name in names[2:]}


@pytest.mark.parametrize(("failure", "looks"), [(MemoryError("full"), SEEN_EVERY), (OperationalError("", {}, OSError()), 2)])
def test_a_model_that_cannot_be_loaded_now_is_tried_again(apart: House, failure: Exception, looks: int) -> None:
    """After a minute; at once when only the database was away, which says nothing of the model."""
    number = made(apart, "a" * 16)
    with apart.sessions.begin() as session:
        own_models.switch_in(session, apart.settings, session.get_one(Run, number), "staff:1")
    tried: list[Path] = []

    def load(archive: Path) -> Engine:
        tried.append(archive)
        if len(tried) == 1:
            raise failure
        return Engine(None, None, None, None, archive)  # type: ignore[arg-type]  # nobody is answered with it

    shipped = apart.settings.models / f"{model.fingerprint(apart.settings.root)}.tar.gz"
    serving = Serving(apart, Engine(None, None, None, None, shipped), load)  # type: ignore[arg-type]  # as above
    for look in range(1, looks + 1):
        assert serving.engine.archive == shipped and len(tried) == min(look - 1, 1)
        with nullcontext() if look > 1 or isinstance(failure, MemoryError) else pytest.raises(OperationalError):
            serving.look()
    assert serving.engine.archive == own_models.archive_of(apart.settings, "a" * 16) and len(tried) == 2
    with apart.sessions() as session:
        assert [(row.name, row.failure) for row in session.scalars(select(Listening))] == [("a" * 16, None)]


def test_of_many_who_begin_one_does(each: House) -> None:
    def begin(number: int) -> bool:
        try:
            with each.sessions.begin() as session:
                runs.begin(session, f"staff:{number}")
            return True
        except RefusedError as error:
            assert error.reason == "training_runs"
            return False

    with ThreadPoolExecutor(4) as together:
        assert sum(together.map(begin, range(4))) == 1

    def take(_: int) -> bool:
        with each.sessions.begin() as session:
            return runs.take(session) is not None

    with ThreadPoolExecutor(4) as together:
        assert sum(together.map(take, range(4))) == 1


def test_a_run_without_a_sign_of_life_counts_as_killed_and_its_process_notices(each: House) -> None:
    with each.sessions.begin() as session:
        number = runs.begin(session, "staff:1").id
        assert runs.take(session) is not None
        session.get_one(Run, number).heard_at = now() - runs.LOST - dt.timedelta(seconds=1)
    with each.sessions.begin() as session:
        again = runs.begin(session, "staff:2").id
        assert again != number and session.get_one(Run, number).failure == "killed"
    with pytest.raises(TransientError):
        runs.report(each.sessions, number, "ears")
    with each.sessions.begin() as session, pytest.raises(TransientError):
        runs.finish(session, number, model="x")
    with each.sessions() as session:
        assert session.get_one(Run, number).state == "failed"


def test_a_run_that_only_waits_is_not_lost(each: House) -> None:
    with each.sessions.begin() as session:
        session.get_one(Run, runs.begin(session, "staff:1").id).heard_at = now() - dt.timedelta(hours=1)
    with each.sessions.begin() as session:
        assert runs.end_lost(session) == 0 and runs.take(session) is not None
