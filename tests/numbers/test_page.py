"""The page, the report and the file: who gets them, what they are narrowed to, and that nothing small is in them."""

from __future__ import annotations

import asyncio
import csv
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from benchmarks.numbers_year import fill
from bot.db.base import now
from bot.house import House
from bot.settings import ROOT
from bot.staff.models import AuditEntry
from tests.console.desk import Desk
from tests.staff.people import Colleague


@pytest.fixture
def desk(house: House) -> Iterator[Desk]:
    with asyncio.Runner() as runner:
        yield Desk(house, runner)


@pytest.fixture
def year(house: House) -> House:
    fill(house, 400, now())
    return house


@pytest.mark.parametrize("role", ["lead", "admin", "auditor"])
def test_the_numbers_are_read_and_only_a_lead_takes_them_away(desk: Desk, year: House, role: str) -> None:
    desk.log_in(Colleague.join(year, "amina", role)).get("/numbers?days=year")
    assert desk.page.status_code == 200 and "Hand-offs over time" in desk.text and "people who came back" in desk.text
    assert ("/console/numbers/export" in desk.page.text) == (role == "lead")
    assert desk.get("/numbers/export?days=year").status_code == (200 if role == "lead" else 403)


def test_a_caseworker_does_not_see_them(desk: Desk, year: House) -> None:
    assert desk.log_in(Colleague.join(year, "amina", "caseworker")).get("/numbers").status_code == 403


def test_an_empty_house_shows_no_numbers_and_breaks_nothing(desk: Desk, house: House) -> None:
    desk.log_in(Colleague.join(house, "lena", "lead")).get("/numbers")
    assert desk.page.status_code == 200 and "Too few to show" in desk.text and "<svg" not in desk.page.text


@pytest.mark.parametrize(
    "query",
    [
        "days=own",
        "days=own&first=x&last=y",
        "days=own&first=2026-02-02&last=2026-02-01",
        "days=never",
        "language=xx",
        "need=%3Cb%3E",
        "team=99",
    ],
)
def test_what_makes_no_sense_shows_this_month_and_says_why(desk: Desk, year: House, query: str) -> None:
    desk.log_in(Colleague.join(year, "lena", "lead"))
    for path in ("/numbers", "/numbers/report", "/numbers/export"):
        answer = desk.get(f"{path}?{query}")
        assert answer.status_code == 409 and "Below are the numbers of this month." in desk.text and "<b>" not in answer.text


def test_a_filter_narrows_and_says_so(desk: Desk, year: House) -> None:
    desk.log_in(Colleague.join(year, "lena", "lead"))
    every = desk.get("/numbers?days=year").text
    desk.get("/numbers?days=year&language=ar&need=housing&team=1")
    assert "only Arabic, Housing, Ladywood" in desk.text and "people who came back" not in desk.text
    assert "New people, plans and reminders are therefore not counted here." in desk.text and desk.page.text != every


def test_each_picture_has_a_name_and_its_table_beside_it(desk: Desk, year: House) -> None:
    page = desk.log_in(Colleague.join(year, "lena", "lead")).get("/numbers?days=year").text
    assert page.count("<svg") == page.count('role="img"') == page.count('class="kept"') > 8
    named = [name for value in re.findall(r'<svg[^>]*aria-labelledby="([^"]+)"', page) for name in value.split()]
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert set(named) <= set(ids) and len(ids) == len(set(ids))


def test_nothing_small_is_on_the_page_or_in_the_file(desk: Desk, year: House) -> None:
    desk.log_in(Colleague.join(year, "lena", "lead"))
    page = desk.get("/numbers?days=year").text
    cells = re.findall(r'<td class="number">([^<]+)</td>', page)
    assert cells and not [cell for cell in cells if re.fullmatch("[0-4]", cell)]
    rows = list(csv.reader(io.StringIO(desk.get("/numbers/export?days=year").content.decode("utf-8-sig"))))
    assert len(rows) > 100
    assert not [cell for row in rows if "minutes" not in "".join(row) for cell in row[1:2] if re.fullmatch("[0-4]", cell)]


def test_taking_them_away_is_in_the_audit(desk: Desk, year: House) -> None:
    desk.log_in(Colleague.join(year, "lena", "lead")).get("/numbers/export?days=quarter&language=so")
    assert desk.page.headers["content-disposition"].startswith('attachment; filename="numbers-')
    with year.sessions() as session:
        row = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert row is not None and (row.verb, row.why) == ("numbers.export", "days=quarter&language=so")


def test_the_report_says_what_cannot_be_concluded(desk: Desk, year: House) -> None:
    desk.log_in(Colleague.join(year, "lena", "lead")).get("/numbers/report?days=year")
    assert "What cannot be concluded" in desk.text and "does not prove that they were helped" in desk.text
    assert "No stories: nobody has yet agreed" in desk.text and year.settings.organisation in desk.text


def useit(house: House, *arguments: str) -> subprocess.CompletedProcess[str]:
    environ = {"USEIT_VAR": str(house.settings.var), "PYTHONPATH": str(ROOT), "PATH": "", "USEIT_HOURS": "mon-fri 09:00-17:00"}
    command = [sys.executable, "-m", "bot.cli", "numbers", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environ, timeout=60)


def test_one_command_makes_the_report_again(year: House, tmp_path: Path) -> None:
    today = now().date()
    days = ("--from", today.replace(year=today.year - 1, day=1).isoformat(), "--to", today.isoformat())
    done = useit(year, *days, "--csv", str(tmp_path / "csv"), "--html", str(tmp_path / "report.html"))
    assert done.returncode == 0 and done.stdout == "", done.stderr
    html, heads = (tmp_path / "report.html").read_text(), (tmp_path / "csv/heads.csv").read_text("utf-8-sig")
    assert "<script" not in html and "What we did" in html and "hand-offs opened," in heads
    again = useit(year, *days)
    assert again.returncode == 0 and heads.splitlines()[0] in again.stdout


def test_the_command_refuses_in_one_line(year: House, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for arguments in (
        ("--from", "2026-02-02", "--to", "2026-02-01"),
        ("--from", "2026-02-01", "--to", "2026-02-02", "--csv", str(tmp_path / "file")),
    ):
        done = useit(year, *arguments)
        assert done.returncode == 2 and len(done.stderr.splitlines()) == 1 and "Traceback" not in done.stderr
