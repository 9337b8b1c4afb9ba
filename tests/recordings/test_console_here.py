"""A recording from the web chat on the case page: fetched from our own table, never run, and deleted when it is written down."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from bot.cases.models import CaseNote
from bot.channels.web.channel import WebChannel
from bot.house import House
from bot.i18n import t
from bot.recordings.models import Recording, RecordingBody
from bot.staff.models import AuditEntry
from tests.cases.office import OTHERS
from tests.console.bureau import Bureau
from tests.console.desk import Desk
from tests.recordings.giving import OGG
from tests.recordings.here import taken_up


@pytest.fixture
def bureau(house: House) -> Bureau:
    return Bureau.open(house)


@pytest.fixture
def desk(house: House, event_loop_runner: asyncio.Runner) -> Desk:
    return Desk(house, event_loop_runner, channels={"web": WebChannel(house.sessions)})


def given(bureau: Bureau, body: bytes = OGG) -> tuple[str, int]:
    """The case's reference and the recording's id."""
    reference = bureau.ask(said=("مرحبا",))
    with bureau.house.sessions.begin() as session:
        return reference, taken_up(session, bureau.case(session, reference), body=body).id


def left(house: House) -> tuple[list[str], int]:
    """The states of recordings, and how many bodies are kept."""
    with house.sessions() as session:
        return list(session.scalars(select(Recording.state))), len(session.scalars(select(RecordingBody.id)).all())


def test_it_is_played_under_a_policy_that_runs_nothing(desk: Desk, bureau: Bureau) -> None:
    case, number = given(bureau)
    assert f'src="/console/recordings/{number}"' in desk.log_in(bureau.join("amina")).get(f"/cases/{case}").text
    answer = desk.get(f"/recordings/{number}")
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, OGG, "audio/ogg")
    policy = answer.headers["content-security-policy"]
    assert "sandbox allow-same-origin" in policy and "default-src 'none'" in policy and "script" not in policy
    assert answer.headers["content-disposition"] == 'inline; filename="recording.ogg"'
    assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")


def test_what_is_no_recording_after_all_is_not_given_out(desk: Desk, bureau: Bureau) -> None:
    _, number = given(bureau, b"<html><script>alert(1)</script>")
    answer = desk.log_in(bureau.join("amina")).get(f"/recordings/{number}")
    assert answer.status_code == 415 and "alert(1)" not in answer.text


def test_it_is_deleted_when_it_is_written_down_and_not_before(desk: Desk, bureau: Bureau) -> None:
    case, number = given(bureau)
    page = desk.log_in(bureau.join("amina")).get(f"/cases/{case}").text
    assert f"/console/recordings/{number}/delete" not in page
    form = desk.form(f"/recordings/{number}/note")
    desk.post(f"/recordings/{number}/delete", form)  # without the button
    assert desk.page.status_code == 409 and t("en", "console.refused.recording_not_written") in desk.text
    assert left(bureau.house) == (["kept"], 1)
    desk.get(f"/cases/{case}")
    desk.post(f"/recordings/{number}/note", {**desk.form(f"/recordings/{number}/note"), "written": "She needs a bed."})
    desk.follow()
    desk.post(f"/recordings/{number}/delete", desk.form(f"/recordings/{number}/delete"))
    desk.follow()
    assert left(bureau.house) == (["gone"], 0)
    assert t("en", "console.done.recording_deleted") in desk.text and t("en", "console.recordings.gone") in desk.text
    assert desk.text.count("She needs a bed.") == 2 and "<audio" not in desk.text
    assert desk.get(f"/recordings/{number}").status_code == 404
    with bureau.house.sessions() as session:
        audited = session.scalars(
            select(AuditEntry.verb).where(AuditEntry.verb.startswith("recordings.")).order_by(AuditEntry.id)
        )
        assert list(audited) == ["recordings.written_down", "recordings.delete"]
        assert len(session.scalars(select(CaseNote)).all()) == 1


def test_another_team_neither_hears_nor_deletes_it(desk: Desk, bureau: Bureau) -> None:
    case, number = given(bureau)
    desk.log_in(bureau.join("otto", "caseworker", OTHERS)).get("/")
    assert desk.get(f"/recordings/{number}").status_code == 404
    desk.get("/account")
    assert desk.post(f"/recordings/{number}/delete", desk.form("/logout")).status_code == 404
    assert left(bureau.house) == (["kept"], 1)
