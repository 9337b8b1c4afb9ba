"""The queue as a page: what it shows and hides, filters, views, paging, whose cases."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select, update

from bot.cases import queues, tags
from bot.cases.models import Handoff, SavedView
from bot.staff.models import AuditEntry
from tests.cases.office import OTHERS
from tests.console.bureau import SAID, Bureau
from tests.console.desk import Desk


def references(desk: Desk) -> list[str]:
    return re.findall(r'id="(H-\w+)"', desk.page.text)


def test_danger_is_on_top_and_the_tabs_count(desk: Desk, bureau: Bureau) -> None:
    waits = bureau.ask("one", urgency="any")
    danger = bureau.ask("two", urgency="danger", kind="danger")
    mine = bureau.ask("three", urgency="today")
    bureau.claim(mine)
    desk.log_in(bureau.join("amina")).get("/cases")
    assert references(desk) == [danger, waits]
    assert "Waiting 2" in desk.text and "Mine 1" in desk.text and "All open 3" in desk.text
    desk.get("/cases?show=mine")
    assert references(desk) == [mine] and "1 person who may be in danger is waiting" in desk.text


def test_a_list_holds_nobodys_words(desk: Desk, bureau: Bureau) -> None:
    bureau.ask(reach="07700 900123")
    page = desk.log_in(bureau.join("amina")).get("/cases?show=all").text
    assert all(word not in page for text in SAID for word in text.split() if len(word) > 3) and "07700" not in page


def test_filters_narrow_down_and_say_so(desk: Desk, bureau: Bureau) -> None:
    arabic = bureau.ask("one", need="housing", area="B16")
    somali = bureau.ask("two", language="so", need="legal", area="B66")
    with bureau.house.sessions.begin() as session:
        tags.add(session, bureau.case(session, somali), "rent")
    desk.log_in(bureau.join("amina"))
    for query, found in (
        ("language=so", [somali]),
        ("need=housing", [arabic]),
        ("area=B66", [somali]),
        ("tag=rent", [somali]),
        ("urgency=today", [arabic, somali]),
        ("language=so&need=housing", []),
        (f"text={arabic[:5]}", [arabic]),
        ("text=ضريبة", [arabic, somali]),
        ("state=reopened", []),
    ):
        desk.get(f"/cases?{query}")
        assert references(desk) == found, query
    assert "Nothing fits these filters" in desk.text and "Clear filters" in desk.text


def test_a_view_is_kept_under_its_name_without_the_words_searched_for(desk: Desk, bureau: Bureau) -> None:
    bureau.ask("one", language="so")
    desk.log_in(bureau.join("amina")).get("/cases?show=all&language=so&text=secret")
    desk.send("/views", name="Somali speakers")
    assert "Somali speakers" in desk.text and "Kept beside the tabs" in desk.text
    with bureau.house.sessions() as session:
        view = session.scalars(select(SavedView)).one()
        assert view.filters == {"show": "all", "language": "so"}
    desk.get("/cases?show=all&language=so")
    desk.send(f"/views/{view.id}/remove")
    assert "Somali speakers" not in desk.text
    desk.get("/cases?language=so")
    desk.send("/views", name="x" * 60)
    assert desk.page.status_code == 409 and "Somali" in desk.text  # with its filters still there


def test_another_colleagues_view_is_not_there_for_me(desk: Desk, open_desk: Callable[..., Desk], bureau: Bureau) -> None:
    desk.log_in(bureau.join("amina")).get("/cases?language=so")
    desk.send("/views", name="Mine")
    other = open_desk().log_in(bureau.join("dawud"))
    other.get("/cases?language=so")
    assert "Mine" not in other.text.replace("Mine 0", "")
    csrf = other.form("/views")
    assert other.post("/views/1/remove", csrf).status_code == 404


def test_pages_follow_one_another_without_gap_or_repeat(desk: Desk, bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queues, "PAGE", 3)
    asked = [bureau.ask(f"p{number}", urgency=("today", "any")[number % 2]) for number in range(8)]
    desk.log_in(bureau.join("amina")).get("/cases?show=all")
    seen = references(desk)
    while match := re.search(r'rel="next" href="/console([^"]+)"', desk.page.text):
        desk.get(match[1].replace("&amp;", "&"))
        seen += references(desk)
    assert sorted(seen) == sorted(asked) and len(seen) == len(set(seen))


def test_a_colleague_of_another_team_sees_neither_case_nor_count(
    desk: Desk, open_desk: Callable[..., Desk], bureau: Bureau
) -> None:
    asked = bureau.ask()
    otto = open_desk().log_in(bureau.join("otto", team=OTHERS))
    otto.get("/cases?show=all")
    assert references(otto) == [] and "All open 0" in otto.text
    nowhere = otto.get("/cases/H-NEVER").text
    assert otto.get(f"/cases/{asked}").status_code == 404 and otto.page.text == nowhere.replace("H-NEVER", asked)
    with bureau.house.sessions.begin() as session:
        session.execute(update(Handoff).values(team_id=None))
    otto.get("/cases?show=all")
    assert references(otto) == [asked]  # of no team: everybody's


def test_the_audit_says_which_list_was_seen_and_not_what_was_searched_for(desk: Desk, bureau: Bureau) -> None:
    desk.log_in(bureau.join("amina")).get("/cases?show=all&text=violence")
    with bureau.house.sessions() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.verb == "cases.list")).all()
    assert {row.object for row in rows} == {"queue:waiting", "queue:all"} and not any("violence" in row.why for row in rows)


def test_a_list_refreshed_by_the_page_itself_is_no_new_look_and_keeps_no_session(desk: Desk, bureau: Bureau) -> None:
    desk.log_in(bureau.join("amina"))

    def looks() -> int:
        with bureau.house.sessions() as session:
            return len(session.scalars(select(AuditEntry).where(AuditEntry.verb == "cases.list")).all())

    before = looks()
    desk.client.headers["x-by-itself"] = "yes"
    assert desk.get("/cases").status_code == 200 and looks() == before
    del desk.client.headers["x-by-itself"]
    desk.get("/cases")
    assert looks() == before + 1
