"""What open pages are told while they are open: counts and that something changed, for as long as the session lives."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from bot.cases import tags
from bot.cases.models import Handoff
from bot.console import live
from bot.conversation import outbox
from bot.conversation.models import Outbox
from bot.db.base import now
from bot.staff import sessions
from bot.staff.models import StaffSession
from tests.cases.office import OTHERS
from tests.console.bureau import Bureau
from tests.console.desk import Desk
from tests.console.site import served

PATIENCE = 90.0


@pytest.fixture
def base(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(live, "HEARTBEAT", 0.5)
    with served(bureau.house) as address:
        yield address


class Stream:
    """A browser's open stream."""

    def __init__(self, base: str, token: str) -> None:
        self._client = httpx.Client(base_url=base, cookies={"useit_console": token}, timeout=PATIENCE)
        self._context = self._client.stream("GET", "/console/live", headers={"accept": "text/event-stream"})
        self.answer = self._context.__enter__()
        self._lines = self.answer.iter_lines()

    def event(self) -> tuple[str, dict[str, Any]]:
        """The next one: its name and what it says."""
        name = "message"
        for line in self._lines:
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            if line.startswith("data: "):
                return name, json.loads(line.removeprefix("data: "))
        return "closed", {}

    def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        while True:
            name, data = self.event()
            assert name == "message", name
            if wanted(data):
                return data

    def close(self) -> None:
        self._context.__exit__(None, None, None)
        self._client.close()


def session_of(bureau: Bureau, login: str = "amina") -> str:
    colleague = bureau.join(login)
    with bureau.house.sessions.begin() as session:
        return sessions.start(session, colleague.id)


def test_a_stream_tells_what_happens_and_no_word_of_anybody(bureau: Bureau, base: str) -> None:
    stream = Stream(base, session_of(bureau))
    assert stream.answer.headers["content-type"].startswith("text/event-stream")
    assert stream.answer.headers["content-security-policy"].startswith("default-src 'none'")
    first = stream.until(lambda _: True)
    assert (first["waiting"], first["danger"], first["notices"]) == (0, 0, 0)
    reference = bureau.ask(urgency="danger", kind="danger")
    there = stream.until(lambda news: news["danger"] == 1)
    assert there["waiting"] == 1 and there["notices"] == 1 and there["changed"] != first["changed"]
    bureau.claim(reference)
    gone = stream.until(lambda news: news["danger"] == 0)
    assert gone["mine"] == 1 and set(gone) == {"waiting", "danger", "mine", "notices", "changed", "beat"}
    assert reference not in json.dumps([first, there, gone])
    stream.close()


def test_a_stream_ends_with_the_session(bureau: Bureau, base: str) -> None:
    token = session_of(bureau)
    stream = Stream(base, token)
    stream.event()
    with bureau.house.sessions.begin() as session:
        sessions.end(session, token)
    while (event := stream.event())[0] == "message":
        pass
    assert event[0] == "ended" and stream.event()[0] == "closed"
    stream.close()


def test_a_stream_does_not_keep_an_unused_session_alive(bureau: Bureau, base: str) -> None:
    token = session_of(bureau)
    stream = Stream(base, token)
    stream.event()
    idle = now() - sessions.DEFAULT.idle - dt.timedelta(seconds=1)
    with bureau.house.sessions.begin() as session:
        session.execute(update(StaffSession).values(seen_at=idle))
    while (event := stream.event())[0] == "message":
        pass
    assert event[0] == "ended"
    with bureau.house.sessions() as session:
        assert session.scalars(select(StaffSession.seen_at)).one() == idle
    stream.close()


def test_another_team_hears_nothing_of_a_case(bureau: Bureau, base: str) -> None:
    bureau.join("otto", team=OTHERS)
    bureau.ask(urgency="danger", kind="danger")
    stream = Stream(base, session_of(bureau, "otto"))
    assert stream.until(lambda _: True) | {"beat": 0, "changed": ""} == {
        "waiting": 0,
        "danger": 0,
        "mine": 0,
        "notices": 0,
        "changed": "",
        "beat": 0,
    }
    stream.close()


def test_without_a_stream_the_news_can_be_asked_for(desk: Desk, bureau: Bureau) -> None:
    assert desk.get("/live").headers["location"].startswith("/console/login")
    desk.log_in(bureau.join("amina"))
    bureau.ask()
    assert desk.get("/live").json()["waiting"] == 1
    assert desk.page.headers["cache-control"] == "no-store"


def test_an_admin_is_told_of_nobodys_case(desk: Desk, bureau: Bureau) -> None:
    desk.log_in(bureau.join("bea", "admin"))
    bureau.ask()
    assert desk.get("/live").json()["waiting"] == 0


def test_the_mark_of_a_case_changes_with_everything_its_page_shows(
    desk: Desk, open_desk: Callable[..., Desk], bureau: Bureau
) -> None:
    reference = bureau.ask()
    bureau.claim(reference)
    desk.log_in(bureau.join("amina")).get(f"/cases/{reference}")
    seen = [desk.get(f"/live/{reference}").json()["mark"]]

    def changed(what: str) -> None:
        mark = desk.get(f"/live/{reference}").json()["mark"]
        assert mark not in seen, what
        seen.append(mark)

    assert desk.get(f"/live/{reference}").json()["mark"] == seen[0]
    bureau.write(reference, "and another thing")
    changed("a message")
    desk.get(f"/cases/{reference}")
    desk.send(f"/cases/{reference}/note", note="look")
    changed("a note")
    desk.get(f"/cases/{reference}")
    desk.send(f"/cases/{reference}/answer", text="hello")
    changed("an answer")
    with bureau.house.sessions.begin() as session:
        outbox.mark_sent(session, dict.fromkeys(session.scalars(select(Outbox.id)), "7"))
    changed("a delivery")
    with bureau.house.sessions.begin() as session:
        tags.add(session, bureau.case(session, reference), "rent")
    changed("a tag")
    bureau.translate()
    changed("a translation")
    assert desk.get("/live/H-NEVER").status_code == 404
    with bureau.house.sessions.begin() as session:
        session.execute(update(Handoff).values(team_id=OTHERS, claimed_by=None))
    assert desk.get(f"/live/{reference}").status_code == 404
