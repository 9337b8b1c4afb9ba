"""The report of a trial: the same bytes twice, clear when empty, nothing small, and what people typed as they typed it."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import select

from benchmarks.numbers_year import fill
from benchmarks.year import journeys, trial
from bot.cli import main
from bot.commands.report import write
from bot.console.trials import words_of
from bot.conversation import inbox
from bot.errors import RefusedError
from bot.house import House
from bot.journeys import trials
from bot.journeys.models import CheckIn, Outcome
from bot.numbers import trial_changes
from bot.numbers.period import Period, Scope
from bot.staff.models import AuditEntry
from tests.console.desk import Desk
from tests.staff.people import Colleague

END = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
FILES = ("report.csv", "report.html", "report.pdf")


@pytest.fixture
def desk(house: House) -> Iterator[Desk]:
    with asyncio.Runner() as runner:
        yield Desk(house, runner)


@pytest.fixture
def year(house: House) -> Scope:
    """300 people, and a trial of the last 100 days."""
    fill(house, 300, END)
    journeys(house, END)
    return trial(house, END.date())


def files(house: House, scope: Scope, folder: Path) -> dict[str, bytes]:
    with house.sessions() as session:
        write(words_of(session, house, scope, trials.of_days(session, scope.period.first, scope.period.last)), folder)
    return {name: (folder / name).read_bytes() for name in FILES}


def pdf_text(content: bytes) -> str:
    document = pypdfium2.PdfDocument(content)
    return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())


def test_the_same_database_gives_the_same_bytes(house: House, year: Scope, tmp_path: Path) -> None:
    assert files(house, year, tmp_path / "first") == files(house, year, tmp_path / "second")


def test_all_three_files_say_the_same(house: House, year: Scope, tmp_path: Path) -> None:
    found = files(house, year, tmp_path)
    html, csv = found["report.html"].decode(), found["report.csv"].decode()
    for said in (
        "30 courses or tests", "after the trial had begun", "Simulated: people come by", "Go on", "There is no group to compare with.",
        "How far new people came", "How are you: then and now", "Course begun", "How it is known",
    ):  # fmt: skip
        assert said in html and said in csv and said in pdf_text(found["report.pdf"]), said


def test_the_command_writes_the_same_report_without_the_program(
    house: House,
    year: Scope,
    tmp_path: Path,
    environ: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    days = ["--from", year.period.first.isoformat(), "--to", year.period.last.isoformat()]
    assert main(["report", "trial", *days, "--out", str(tmp_path / "out")]) == 0
    assert (tmp_path / "out/report.csv").read_bytes() == files(house, year, tmp_path / "own")["report.csv"]
    assert main(["report", "trial", *days]) == 0 and "30 courses or tests" in capsys.readouterr().out
    assert main(["report", "trial", "--from", "2026-02-02", "--to", "2026-02-01"]) == 2


def test_an_empty_period_is_clear(house: House, tmp_path: Path) -> None:
    found = files(house, Scope(Period(dt.date(2026, 1, 1), dt.date(2026, 4, 10))), tmp_path)
    assert "nothing that may be shown" in found["report.html"].decode() and "<svg" not in found["report.html"].decode()
    assert "No goal was written down" in pdf_text(found["report.pdf"])


def test_nothing_small_is_told_and_faces_are_of_those_who_answered_twice(house: House) -> None:
    """Four people with both faces are too few; the fifth makes them shown, whoever answered once is not among them."""
    scope = Scope(Period(dt.date(2026, 1, 1), dt.date(2026, 4, 10)))
    at = dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC)

    def answers(who: str, times: int) -> None:
        with house.sessions.begin() as session:
            chat = inbox.chat_for(session, "cli", who)
            for number in range(times):
                sent = at + dt.timedelta(14 * number)
                session.add(
                    CheckIn(
                        person_id=chat.person_id,
                        chat_id=chat.id,
                        rhythm="two_weeks",
                        sent_at=sent,
                        answered_at=sent,
                        feeling=1 + 4 * number,
                    )
                )
            session.add(
                Outcome(person_id=chat.person_id, kind="job", how="person", state="confirmed", source="x", happened_on=at.date())
            )

    for number in range(4):
        answers(f"p{number}", 2)
    answers("once", 1)
    with house.sessions() as session:
        (feeling, belonging), both = trial_changes.faces(session, scope)
        assert both == 4 and feeling.is_empty and belonging.is_empty
    answers("fifth", 2)
    with house.sessions() as session:
        (feeling, _), both = trial_changes.faces(session, scope)
        assert both == 5 and [[cell.value for cell in row.cells] for row in feeling.rows][1] == [None, None]
        assert feeling.total[0].value == 5  # how many they are is shown


def test_goals_written_before_cannot_be_taken_away_once_it_has_begun(house: House) -> None:
    first = dt.date(2026, 2, 1)
    with house.sessions.begin() as session:
        row = trials.make(session, "x", first, first + dt.timedelta(99))
        before, late = (
            trials.add_goal(session, row, "early", first),
            trials.add_goal(session, row, "late", first + dt.timedelta(1)),
        )
        with pytest.raises(RefusedError):
            trials.remove_goal(session, row, before.id, first)
        assert trials.remove_goal(session, row, late.id, first + dt.timedelta(2))
        assert not trials.remove_goal(session, row, 999, first) and [goal.goal for goal in row.goals] == ["early"]


@pytest.mark.parametrize(
    ("name", "days", "reason"),
    [("", 9, "trial_name"), ("x" * 121, 9, "trial_name"), ("x", -1, "trial_days"), ("x", 366, "trial_days")],
)
def test_a_trial_that_makes_no_sense_is_not_made(house: House, name: str, days: int, reason: str) -> None:
    with house.sessions.begin() as session, pytest.raises(RefusedError) as refused:
        trials.make(session, name, END.date(), END.date() + dt.timedelta(days))
    assert refused.value.reason == reason


def test_a_lead_writes_goals_concludes_and_takes_the_report(desk: Desk, house: House) -> None:
    desk.log_in(Colleague.join(house, "lena", "lead")).get("/trials")
    desk.send("/trials", name="Library <b>days</b>", first="2026-01-01", last="2026-04-10")
    assert "Library <b>days</b>" in desk.text and "<b>days" not in desk.page.text
    with house.sessions() as session:
        (row,) = trials.listed(session)
    desk.send(f"/trials/{row.id}/goals", goal="50 people")
    assert "after the trial had begun" in desk.text  # written today, and it began in January
    desk.send(f"/trials/{row.id}", learnt="=HYPERLINK(1)", decision="change", why="Too few came.")
    desk.get(f"/trials/{row.id}/report")
    assert "Too few came." in desk.text and "nothing that may be shown" in desk.text
    assert "'=HYPERLINK(1)" in desk.get(f"/trials/{row.id}/report.csv").text
    assert desk.get(f"/trials/{row.id}/report.pdf").content.startswith(b"%PDF")
    with house.sessions() as session:
        verbs = [entry.verb for entry in session.scalars(select(AuditEntry)) if entry.object == f"trial:{row.id}"]
    assert verbs == ["trials.make", "trials.goal", "trials.conclude", "trials.export", "trials.export"]


@pytest.mark.parametrize(
    ("role", "reads", "writes", "takes"), [("caseworker", 403, 403, 403), ("auditor", 200, 403, 403), ("lead", 200, 200, 200)]
)
def test_who_reads_writes_and_takes_away(desk: Desk, house: House, role: str, reads: int, writes: int, takes: int) -> None:
    with house.sessions.begin() as session:
        number = trials.make(session, "x", END.date(), END.date()).id
    desk.log_in(Colleague.join(house, "amina", role))
    assert desk.get("/trials").status_code == reads and desk.get(f"/trials/{number}/report").status_code == reads
    assert desk.get(f"/trials/{number}/report.pdf").status_code == takes
    desk.get("/account")
    desk.get("/account")
    mine = {name: value for name, value in desk.form("/account/password").items() if name in ("csrf", "once")}
    desk.post(f"/trials/{number}/goals", {**mine, "goal": "more"})
    assert desk.follow().status_code == writes
