"""The audit over HTTP, as the auditor reads it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot.house import House
from bot.staff import audit, audit_log
from bot.staff.models import AuditEntry
from tests.console.desk import Desk
from tests.staff.people import Colleague


def test_the_auditor_sees_who_looked_at_a_case(
    desk: Desk, open_desk: Callable[..., Desk], caseworker: Colleague, auditor: Colleague, asked: str
) -> None:
    open_desk().log_in(caseworker).get(f"/cases/{asked}")
    desk.log_in(auditor)
    assert desk.page.url.path == "/console/audit"
    desk.get(f"/audit?object={asked}")
    assert desk.page.text.count("<tr>") == 2 and "cases.read" in desk.text and f"handoff:{asked}" in desk.text
    assert "Amina" in desk.text
    desk.get(f"/audit?actor=staff:{caseworker.id}&verb=staff.")
    assert "staff.login" in desk.text and "cases.read" not in desk.page.text.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "Nothing fits" in desk.get("/audit?until=2020-01-01").text
    assert desk.get("/audit?since=yesterday").status_code == 409


def test_reading_and_taking_away_the_audit_are_in_it(desk: Desk, house: House, auditor: Colleague) -> None:
    desk.log_in(auditor).get("/audit?verb=cases.")
    desk.get("/audit/export?verb=staff.")
    with house.sessions() as session:
        rows = [(row.verb, row.why) for row in session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
        assert rows[-2:] == [("audit.read", "verb=cases."), ("audit.export", "verb=staff.")] and audit.verify(session) is None


def test_the_pages_of_the_log_follow_each_other(desk: Desk, house: House, auditor: Colleague) -> None:
    with house.sessions.begin() as session:
        for number in range(audit_log.PAGE + 5):
            audit.record(session, "staff:1", "cases.read", f"handoff:H-{number}")
    desk.log_in(auditor).get("/audit?verb=cases.")
    assert desk.page.text.count("<tr>") == audit_log.PAGE + 1
    older = desk.page.text.partition("before=")[2].partition('"')[0]
    desk.get(f"/audit?verb=cases.&before={older}")
    assert desk.page.text.count("<tr>") == 6 and "handoff:H-0<" in desk.page.text


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "<script>alert(1)</script>", '"><b>', "%"])
def test_a_filter_is_text_and_nothing_else(desk: Desk, auditor: Colleague, text: str) -> None:
    desk.log_in(auditor)
    answer = desk.client.build_request("GET", "/console/audit", params={"object": text, "verb": text})
    desk.get(f"/audit?{answer.url.query.decode()}")
    assert desk.page.status_code == 200 and "<script>alert" not in desk.page.text and "Nothing fits" in desk.text


def test_the_csv_holds_what_the_filter_names_and_no_formula(desk: Desk, house: House, auditor: Colleague) -> None:
    with house.sessions.begin() as session:
        audit.record(session, "staff:1", "cases.read", "handoff:H-1", "=1+1")
        audit.record(session, "nobody", "staff.login_refused", "staff:unknown")
    answer = desk.log_in(auditor).get("/audit/export?verb=cases.")
    assert answer.headers["content-type"].startswith("text/csv") and "attachment" in answer.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 2 and rows[0] == list(audit_log.COLUMNS)
    assert rows[1][2:6] == ["Dora (dora)", "cases.read", "handoff:H-1", "'=1+1"]
